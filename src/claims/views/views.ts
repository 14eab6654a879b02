// Every kind of object that assertions may speak of. A new one is a file beside this and a line here.

import { claimView } from './claimView.ts'
import { deploymentView, replicaSetView } from './deploymentView.ts'
import { cronJobView, jobView } from './jobView.ts'
import { nodeView } from './nodeView.ts'
import { podView } from './podView.ts'
import { serviceView } from './serviceView.ts'
import { daemonSetView, statefulSetView } from './setViews.ts'
import type { View } from './view.ts'

export const VIEWS: readonly View[] = [
  podView,
  nodeView,
  deploymentView,
  replicaSetView,
  statefulSetView,
  daemonSetView,
  jobView,
  cronJobView,
  claimView,
  serviceView,
]
