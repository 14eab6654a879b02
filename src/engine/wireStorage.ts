// The parts that claims and volumes need. A model without storage has none of them but the kubelets' local volumes.

import type { AttachmentId } from '../cluster/attachments.ts'
import type { ClaimId } from '../cluster/claims.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind } from '../cluster/codes.ts'
import { StorageDraws } from '../cluster/storageDraws.ts'
import type { Watcher } from '../cluster/watch.ts'
import { AttachDetachController } from '../controllers/attachdetach/attachDetachController.ts'
import { PersistentVolumeController } from '../controllers/persistentvolume/persistentVolumeController.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { LocalPodVolumes, type PodVolumes } from '../kubelet/podVolumes.ts'
import type { Kubelet } from '../kubelet/types.ts'
import { VolumeManager } from '../kubelet/volumeManager.ts'
import type { NodeId } from '../model/types.ts'
import { VolumeBinder } from '../scheduler/plugins/volumeBinder.ts'
import type { EventHandler } from './types.ts'

export interface StorageParts {
  readonly podVolumes: PodVolumes
  readonly binder: VolumeBinder
  /** What starts over with each run. */
  readonly parts: readonly { reset(): void }[]
  readonly watchers: readonly Watcher[]
  /** By EventKind. */
  readonly handlers: EventHandler[]
}

export function wireStorage(cluster: Cluster, random: RandomStreams): StorageParts {
  const binder = new VolumeBinder(cluster)
  if (cluster.model.storage === undefined) {
    const podVolumes = new LocalPodVolumes(cluster)
    return { podVolumes, binder, parts: [podVolumes, binder], watchers: [], handlers: [] }
  }
  const draws = new StorageDraws(cluster.model, cluster.volumes, random)
  const binding = new PersistentVolumeController(cluster, draws)
  const attachDetach = new AttachDetachController(cluster, draws)
  const manager = new VolumeManager(cluster, draws, random)
  const handlers: EventHandler[] = []
  handlers[EventKind.AttachDetachPass] = () => attachDetach.firePass()
  handlers[EventKind.VolumeOperation] = (_word, at) => attachDetach.fireOperation(at as AttachmentId)
  handlers[EventKind.KubeletVolume] = (word, detail) => manager.fire(word, detail)
  handlers[EventKind.NodeStatusRound] = (_word, node) => manager.fireRound(node as NodeId)
  handlers[EventKind.VolumeProvisioned] = (_word, claim) => binding.fire(claim as ClaimId)
  return {
    podVolumes: manager,
    binder,
    parts: [draws, binding, attachDetach, manager, binder],
    watchers: [binding.watcher(), binder.watcher(), attachDetach.watcher(), manager.watcher()],
    handlers,
  }
}

/** Enters, by EventKind, what the parts themselves play, and what a kubelet that waits for volumes does. */
export function addStorageEvents(handlers: EventHandler[], storage: StorageParts, kubelet: Kubelet): void {
  storage.handlers.forEach((handler, kind) => (handlers[kind] = handler))
  for (const kind of [EventKind.KubeletVolumesMounted, EventKind.KubeletVolumesUnmounted])
    handlers[kind] = (word, pod) => kubelet.fire(kind, word, pod)
}
