// The filters of claims (plugins volumerestrictions, nodevolumelimits, volumebinding and volumezone), in one question.

import type { Cluster } from '../../cluster/cluster.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { NodeId } from '../../model/types.ts'
import { Reason } from '../reasons.ts'

/** What the claims of a pod say of a node: Fits, or one of the four reasons that concern volumes. */
export type VolumeFilter = (cluster: Cluster, pod: PodId, node: NodeId) => Reason

/** Claims that are not tied to a place restrict nothing. */
export const volumeFilter: VolumeFilter = () => Reason.Fits
