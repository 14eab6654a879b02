// A pod template as integers.

import { NONE } from '../base/columns.ts'
import { admitPod, podRequests } from '../manifest/defaultsPod.ts'
import type { Container, PodTemplateSpec, Toleration } from '../manifest/types.ts'
import type { ApplicationSpec, DurationSpec } from '../scenario/types.ts'
import { compileApplication } from './application.ts'
import { compileContainers, type ContainerImages } from './containers.ts'
import { compileScheduling } from './scheduling.ts'
import { compileService } from './service.ts'
import type { TemplateModel, TolerationModel } from './types.ts'
import { compileUtilizationMillis } from './utilization.ts'
import { compileVolumes } from './volumes.ts'

/** Gives ids to images, and says how their applications behave. */
export interface ImageIds extends ContainerImages {
  applicationOf(image: string): ApplicationSpec | undefined
  /** How long requests take, by the word of the first stream that says so. */
  readonly requestTime: DurationSpec | undefined
}

/** What of a defaulted template decides a rollout. The first container is the application. */
export function compileTemplate(template: PodTemplateSpec, ids: ImageIds): TemplateModel {
  const spec = admitPod(template.spec)
  const application = spec.containers[0]
  const behaviour = ids.applicationOf(application.image ?? '')
  return {
    image: ids.imageId(application.image ?? ''),
    labels: template.metadata?.labels ?? {},
    ...podRequests(template.spec),
    utilizationMillis: compileUtilizationMillis(spec),
    graceSeconds: spec.terminationGracePeriodSeconds,
    preStopUs: Math.max(...spec.containers.map(preStopUs)),
    hasReadinessProbe: spec.containers.some((container) => container.readinessProbe !== undefined),
    restartPolicy: spec.restartPolicy,
    nodeSelector: spec.nodeSelector ?? {},
    tolerations: (spec.tolerations ?? []).map(compileToleration),
    application: behaviour && compileApplication(behaviour, application),
    containers: compileContainers(spec, ids),
    scheduling: compileScheduling(template.spec),
    volumes: compileVolumes(spec),
    service: compileService(behaviour, ids.requestTime),
    object: template,
  }
}

/** How long a preStop hook takes: its sleep, or the sleep that its command runs; other commands count as instant. */
function preStopUs(container: Container): number {
  const hook = container.lifecycle?.preStop
  if (hook?.sleep !== undefined) return hook.sleep.seconds * 1_000_000
  const words = (hook?.exec?.command ?? []).join(' ')
  const match = /(?:^|[\s/;&|])sleep\s+(\d+(?:\.\d+)?)(m?)(?:\s|s|;|&|$)/.exec(words)
  if (match === null) return 0
  return Math.round(Number(match[1]) * (match[2] === 'm' ? 60 : 1) * 1_000_000)
}

function compileToleration(toleration: Toleration): TolerationModel {
  return {
    key: toleration.key ?? '',
    operator: toleration.operator === 'Exists' ? 'Exists' : 'Equal',
    value: toleration.value ?? '',
    effect: toleration.effect ?? '',
    tolerationSeconds: toleration.tolerationSeconds ?? NONE,
  }
}
