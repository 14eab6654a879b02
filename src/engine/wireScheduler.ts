// The scheduler that a model asks for, and which events are its own.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind } from '../cluster/codes.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { ImageId } from '../model/types.ts'
import type { ImageStates } from '../scheduler/plugins/imageLocality.ts'
import type { VolumeBinder } from '../scheduler/plugins/volumeBinder.ts'
import { volumeFilter } from '../scheduler/plugins/volumes.ts'
import { Scheduler } from '../scheduler/scheduler.ts'
import { ScriptedScheduler } from '../scheduler/scriptedScheduler.ts'
import type { PodScheduler } from '../scheduler/types.ts'

export function makeScheduler(cluster: Cluster, random: RandomStreams, binder: VolumeBinder): PodScheduler {
  if (cluster.model.placement === 'scripted') return new ScriptedScheduler(cluster, binder)
  return new Scheduler(cluster, random, volumeFilter, binder, imageStates(cluster))
}

/** What is on the nodes, as the kubelets have it; that a node's status tells it up to 10 s later is left out. */
function imageStates({ images }: Cluster): ImageStates {
  return {
    sizeBytes: (image) => images.sizeBytes(image as ImageId),
    isOnNode: (image, node) => images.bitsOn(image as ImageId, node) !== NONE,
  }
}

/** Enters the scheduler's events, by EventKind. */
export function addSchedulerEvents(
  handlers: ((word: number, detail: number) => void)[],
  scheduler: PodScheduler,
): void {
  const { SchedulerBackoffFlush, SchedulerBind, SchedulerCycle, SchedulerPoolFlush, SchedulerPreemption } = EventKind
  const own = [SchedulerCycle, SchedulerBind, SchedulerBackoffFlush, SchedulerPoolFlush, SchedulerPreemption]
  for (const kind of [...own, EventKind.VolumesBound])
    handlers[kind] = (word, detail) => scheduler.fire(kind, word, detail)
}
