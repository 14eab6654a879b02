// When something is due in a pod's application. Moving a timer costs no event as long as it moves to a later time: the
// event that waits finds nothing due, and is pushed again.

import { NONE } from '../base/columns.ts'
import type { Agenda } from '../cluster/agenda.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'

/** What is due. */
export const Timer = { Crash: 0, Hang: 1, WarmUp: 2, Failure: 3, OutOfMemory: 4, Migration: 5, Clone: 6 } as const
export type Timer = (typeof Timer)[keyof typeof Timer]

const TIMERS = Object.keys(Timer).length

/** Layout of an event's word: kind (8 bits), timer. */
const TIMER_SHIFT = 8

export class Timers {
  private readonly agenda: Agenda
  /** [timer * pods + pod]: when it is due, and when its earliest waiting event fires; Infinity: never. */
  private readonly dueUs: Float64Array
  private readonly firesUs: Float64Array
  private readonly pods: number

  /** @param pods rows of the table of pods */
  constructor(agenda: Agenda, pods: number) {
    this.agenda = agenda
    this.pods = pods
    this.dueUs = new Float64Array(TIMERS * pods)
    this.firesUs = new Float64Array(TIMERS * pods)
  }

  reset(): void {
    this.dueUs.fill(Infinity)
    this.firesUs.fill(Infinity)
  }

  /** Sets a timer of a pod, in place of the time that it had; Infinity stops it. */
  set(timer: Timer, pod: PodId, atUs: number): void {
    const place = timer * this.pods + pod
    this.dueUs[place] = atUs
    if (atUs < this.firesUs[place]) this.push(place, atUs)
  }

  /** Stops all timers of a pod. */
  stop(pod: PodId): void {
    for (let place: number = pod; place < this.dueUs.length; place += this.pods) this.dueUs[place] = Infinity
  }

  /** An event fires. Returns the timer that is due, or NONE. */
  due(word: number, pod: PodId, nowUs: number): Timer | typeof NONE {
    const timer = (word >>> TIMER_SHIFT) as Timer
    const place = timer * this.pods + pod
    if (this.firesUs[place] === nowUs) this.firesUs[place] = Infinity
    const dueUs = this.dueUs[place]
    if (dueUs === nowUs) {
      this.dueUs[place] = Infinity
      return timer
    }
    if (dueUs < this.firesUs[place]) this.push(place, dueUs)
    return NONE
  }

  private push(place: number, atUs: number): void {
    this.firesUs[place] = atUs
    const timer = Math.floor(place / this.pods)
    this.agenda.push(atUs, Rank.World, EventKind.ApplicationTimer | (timer << TIMER_SHIFT), place % this.pods)
  }
}
