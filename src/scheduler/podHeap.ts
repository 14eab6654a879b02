// A binary heap of pods that can also lose one from its middle (pkg/scheduler/backend/heap, Kubernetes v1.36).

import { NONE } from '../base/columns.ts'
import type { PodId } from '../cluster/pods.ts'

export class PodHeap {
  count = 0
  private readonly pods: Int32Array
  private readonly placeOf: Int32Array
  private readonly isLess: (a: PodId, b: PodId) => boolean

  constructor(capacity: number, isLess: (a: PodId, b: PodId) => boolean) {
    this.pods = new Int32Array(capacity)
    this.placeOf = new Int32Array(capacity).fill(NONE)
    this.isLess = isLess
  }

  reset(): void {
    this.count = 0
    this.placeOf.fill(NONE)
  }

  has(pod: PodId): boolean {
    return this.placeOf[pod] !== NONE
  }

  /** The least pod, or NONE. */
  peek(): PodId {
    return (this.count === 0 ? NONE : this.pods[0]) as PodId
  }

  push(pod: PodId): void {
    this.rise(this.count++, pod)
  }

  /** Takes out the least pod; NONE if there is none. */
  pop(): PodId {
    const pod = this.peek()
    if (pod !== NONE) this.remove(pod)
    return pod
  }

  remove(pod: PodId): void {
    const place = this.placeOf[pod]
    if (place === NONE) return
    this.placeOf[pod] = NONE
    const last = this.pods[--this.count] as PodId
    if (last === pod) return
    if (place > 0 && this.isLess(last, this.pods[(place - 1) >> 1] as PodId)) this.rise(place, last)
    else this.sink(place, last)
  }

  private rise(from: number, pod: PodId): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      const other = this.pods[parent] as PodId
      if (!this.isLess(pod, other)) break
      this.put(place, other)
      place = parent
    }
    this.put(place, pod)
  }

  private sink(from: number, pod: PodId): void {
    let place = from
    for (let child = 2 * place + 1; child < this.count; child = 2 * place + 1) {
      if (child + 1 < this.count && this.isLess(this.pods[child + 1] as PodId, this.pods[child] as PodId)) child++
      const other = this.pods[child] as PodId
      if (!this.isLess(other, pod)) break
      this.put(place, other)
      place = child
    }
    this.put(place, pod)
  }

  private put(place: number, pod: PodId): void {
    this.pods[place] = pod
    this.placeOf[pod] = place
  }
}
