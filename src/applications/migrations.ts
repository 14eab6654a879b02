// What pods do to a common database before they listen. A lock lets one pod at a time do it, in the order in which they
// ask, as the change-log lock of Liquibase and the advisory lock of Flyway and of Rails do; it is free again as soon as
// its holder's connection is, which is when the process ends. Images of one repository share a lock, whatever the tag.

import { NONE } from '../base/columns.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Model } from '../model/types.ts'
import { Timer, type Timers } from './timers.ts'

export class Migrations {
  private readonly timers: Timers
  private readonly model: Model
  /** By image: its lock. */
  private readonly lockOf: Int32Array
  /** By image: 1 once a pod has migrated. */
  private readonly done: Uint8Array
  /** By lock: who has it, and the line of those who wait. */
  private readonly holder: Int32Array
  private readonly first: Int32Array
  private readonly last: Int32Array
  private readonly next: Int32Array
  /** By pod: its image while it migrates or waits, or NONE, and how long its migration takes. */
  private readonly imageOf: Int32Array
  private readonly durationUs: Float64Array

  /** @param pods rows of the table of pods */
  constructor(model: Model, timers: Timers, pods: number) {
    this.model = model
    this.timers = timers
    const names = model.images.map(({ name }) => repositoryOf(name))
    this.lockOf = Int32Array.from(names, (name) => names.indexOf(name))
    const images = model.images.length
    this.done = new Uint8Array(images)
    this.holder = new Int32Array(images)
    this.first = new Int32Array(images)
    this.last = new Int32Array(images)
    this.next = new Int32Array(pods)
    this.imageOf = new Int32Array(pods)
    this.durationUs = new Float64Array(pods)
  }

  reset(): void {
    this.done.fill(0)
    this.holder.fill(NONE)
    this.first.fill(NONE)
    this.last.fill(NONE)
    this.imageOf.fill(NONE)
  }

  /**
   * A pod comes to its migration.
   *
   * @param locks whether one pod at a time migrates
   * @param once whether it is done for all when one pod has done it
   * @returns false if there is nothing to do
   */
  enter(pod: PodId, image: number, nowUs: number, durationUs: number, locks: boolean, once: boolean): boolean {
    const lock = this.lockOf[image]
    const isFree = !locks || this.holder[lock] === NONE
    if ((once && this.done[image] === 1 && isFree) || durationUs === 0) return false
    this.imageOf[pod] = image
    this.durationUs[pod] = durationUs
    if (isFree) {
      if (locks) this.holder[lock] = pod
      this.timers.set(Timer.Migration, pod, nowUs + durationUs)
      return true
    }
    this.next[pod] = NONE
    if (this.first[lock] === NONE) this.first[lock] = pod
    else this.next[this.last[lock]] = pod
    this.last[lock] = pod
    return true
  }

  /** A pod has migrated. The next one in line begins; one that finds all done goes on in no time. */
  finish(pod: PodId, nowUs: number): void {
    this.done[this.imageOf[pod]] = 1
    this.leave(pod, nowUs)
  }

  /** A pod's process ends, or has done its part: the lock passes to the next in line. */
  leave(pod: PodId, nowUs: number): void {
    const image = this.imageOf[pod]
    if (image === NONE) return
    this.imageOf[pod] = NONE
    const lock = this.lockOf[image]
    if (this.holder[lock] !== pod) return this.leaveLine(pod, lock)
    const next = this.first[lock] as PodId
    this.holder[lock] = next
    if (next === NONE) return
    this.first[lock] = this.next[next]
    if (this.first[lock] === NONE) this.last[lock] = NONE
    this.timers.set(Timer.Migration, next, nowUs + (this.isDone(next) ? 0 : this.durationUs[next]))
  }

  private isDone(pod: PodId): boolean {
    const image = this.imageOf[pod]
    if (this.done[image] === 0) return false
    return this.model.templates.some((template) => template.image === image && template.application?.migration?.once)
  }

  private leaveLine(pod: PodId, lock: number): void {
    let before: number = NONE
    for (let each = this.first[lock]; each !== NONE; before = each, each = this.next[each]) {
      if (each !== pod) continue
      if (before === NONE) this.first[lock] = this.next[pod]
      else this.next[before] = this.next[pod]
      if (this.last[lock] === pod) this.last[lock] = before
      return
    }
  }
}

/** An image's name without tag and digest: `registry:5000/shop/web:v2` is of `registry:5000/shop/web`. */
export function repositoryOf(image: string): string {
  const name = image.split('@', 1)[0]
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}
