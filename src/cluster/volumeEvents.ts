// What the attach/detach controller says of a volume in a pod's events, in the words of
// pkg/controller/volume/attachdetach/reconciler/reconciler.go (reportMultiAttachError), Kubernetes v1.36.

import { NONE } from '../base/columns.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'
import type { VolumeId } from './volumes.ts'

/** Why a pod's volume is not attached to its node; empty: nothing is said. */
export function volumeEvent(cluster: Cluster, pod: PodId): string {
  const { attachments, pods, volumes } = cluster
  if (pods.node[pod] === NONE) return ''
  for (const claim of volumes.claimsOf(pod)) {
    const volume = claim === NONE ? (NONE as VolumeId) : volumes.volumeOf[claim]
    const at = volume === NONE ? NONE : attachments.find(volume, pods.node[pod])
    if (at === NONE || attachments.refused[at as never] === 0) continue
    return `Multi-Attach error for volume "${volumes.nameOfVolume(volume)}" ${usedBy(cluster, pod, volume)}`
  }
  return ''
}

function usedBy(cluster: Cluster, pod: PodId, volume: VolumeId): string {
  const { pods, volumes } = cluster
  const names: string[] = []
  for (let other = pods.first; other !== NONE; other = pods.next[other]) {
    if (pods.node[other] === NONE || pods.node[other] === pods.node[pod]) continue
    if (volumes.claimsOf(other).some((claim) => claim !== NONE && volumes.volumeOf[claim] === volume))
      names.push(cluster.nameOfPod(other))
  }
  if (names.length > 0) return `Volume is already used by pod(s) ${names.join(', ')}`
  return "Volume is already exclusively attached to one node and can't be attached to another"
}
