// Controllers that have work, in the order in which they got it.

import type { Runnable } from '../cluster/workQueue.ts'

/** Most controllers of one engine. */
const CONTROLLERS_MAX = 32

export class RunnableControllers implements Runnable {
  private readonly ring = new Int32Array(CONTROLLERS_MAX)
  private readonly waiting = new Uint8Array(CONTROLLERS_MAX)
  private head = 0
  private length = 0

  reset(): void {
    this.waiting.fill(0)
    this.head = 0
    this.length = 0
  }

  wake(controller: number): void {
    if (this.waiting[controller] === 1) return
    this.waiting[controller] = 1
    this.ring[(this.head + this.length) % CONTROLLERS_MAX] = controller
    this.length++
  }

  /** The next controller with work, or -1. */
  next(): number {
    if (this.length === 0) return -1
    const controller = this.ring[this.head]
    this.head = (this.head + 1) % CONTROLLERS_MAX
    this.length--
    this.waiting[controller] = 0
    return controller
  }
}
