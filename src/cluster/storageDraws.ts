// Random numbers of storage. Each purpose has a stream for the first time that it is asked about a volume, one for the
// second, and so on, read by the volume's row: the k-th attachment of a disk takes as long under every strategy.

import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import type { Model } from '../model/types.ts'
import { durationUs } from '../model/durations.ts'
import type { VolumeId, Volumes } from './volumes.ts'

/** What of a storage class's timings is drawn. */
export type StoragePurpose = 'provision' | 'attach' | 'detach' | 'mount' | 'format' | 'unmount'

/** Draws of polls are taken in turn: so many numbers of a stream are enough for all volumes. */
const POLL_DRAWS = 4_096

export class StorageDraws {
  readonly jitter: boolean
  private readonly volumes: Volumes
  private readonly random: RandomStreams
  /** By purpose: how often each volume was asked about. */
  private readonly counts = new Map<string, Int32Array>()
  private readonly streams = new Map<string, RandomStream[]>()

  constructor(model: Model, volumes: Volumes, random: RandomStreams) {
    this.jitter = model.storage?.jitter ?? false
    this.volumes = volumes
    this.random = random
  }

  reset(): void {
    for (const counts of this.counts.values()) counts.fill(0)
  }

  /** The next duration of that purpose of a volume. */
  durationUs(purpose: StoragePurpose, volume: VolumeId): number {
    const spec = this.volumes.classOfVolume(volume).timings[purpose]
    return spec.type === 'fixed' ? spec.us : durationUs(spec, this.streamOf(purpose, volume), volume)
  }

  /** Whether the next attempt to attach a volume fails. */
  attachFails(volume: VolumeId): boolean {
    const { attachFails } = this.volumes.classOfVolume(volume).timings
    return attachFails > 0 && this.streamOf('attachFails', volume).at(volume) < attachFails
  }

  /** A number in (0, 1) for the k-th wait of a poll, or 0 where nothing varies. */
  pollShare(volume: VolumeId, wait: number): number {
    return this.jitter ? this.random.stream('storage/poll').at((volume * 16 + wait) % POLL_DRAWS) : 0
  }

  private streamOf(purpose: string, volume: VolumeId): RandomStream {
    let counts = this.counts.get(purpose)
    if (counts === undefined) this.counts.set(purpose, (counts = new Int32Array(this.volumes.count)))
    let streams = this.streams.get(purpose)
    if (streams === undefined) this.streams.set(purpose, (streams = []))
    const nth = counts[volume]++
    return (streams[nth] ??= this.random.stream(`storage/${purpose}/${nth}`))
  }
}
