// The work queue against a plain model of client-go's: sets and lists, on 100,000 random operations.

import { expect, test } from 'vitest'
import type { Agenda } from '../../src/cluster/agenda.ts'
import { WorkQueue } from '../../src/cluster/workQueue.ts'
import { Choices } from './random.ts'

const KEYS = 5
const WORKERS = 2

/** As described: dirty and processing sets, a list, one waiting time a key, 5 ms doubling up to 1,000 s. */
class PlainQueue {
  readonly list: number[] = []
  readonly dirty = new Set<number>()
  readonly processing = new Set<number>()
  readonly waiting = new Map<number, number>()
  readonly failures = new Map<number, number>()

  add(key: number): void {
    if (this.dirty.has(key)) return
    this.dirty.add(key)
    if (!this.processing.has(key)) this.list.push(key)
  }

  addAfter(key: number, nowUs: number, delayUs: number): void {
    if (delayUs <= 0) this.add(key)
    else this.waiting.set(key, Math.min(nowUs + delayUs, this.waiting.get(key) ?? Infinity))
  }

  addRateLimited(key: number, nowUs: number): void {
    const n = this.failures.get(key) ?? 0
    this.failures.set(key, n + 1)
    this.addAfter(key, nowUs, Math.min(5000 * 2 ** n, 1_000_000_000))
  }

  get(): number {
    const key = this.list.shift()!
    this.processing.add(key)
    this.dirty.delete(key)
    return key
  }

  done(key: number): void {
    this.processing.delete(key)
    if (this.dirty.has(key)) this.list.push(key)
  }
}

test('the work queue agrees with a plain model on 100,000 random operations', () => {
  const choices = new Choices(0)
  for (let seed = 0; seed < 1000; seed++) {
    choices.reset(seed)
    const timers: { atUs: number; key: number }[] = []
    const agenda = { push: (atUs: number, _: number, __: number, key: number) => timers.push({ atUs, key }) }
    const woken = { times: 0, wake: () => woken.times++ }
    const ours = new WorkQueue(0, KEYS, WORKERS, agenda as unknown as Agenda, woken)
    const plain = new PlainQueue()
    let nowUs = 0
    for (let step = 0; step < 100; step++) {
      const key = choices.integer(0, KEYS - 1)
      const delayUs = choices.integer(-1, 20) * 1000
      const awake = woken.times
      const hadWork = ours.hasWork()
      switch (choices.integer(0, 7)) {
        case 0:
        case 1:
          ours.add(key)
          plain.add(key)
          break
        case 2:
          ours.addAfter(key, nowUs, delayUs)
          plain.addAfter(key, nowUs, delayUs)
          break
        case 3:
          ours.addRateLimited(key, nowUs)
          plain.addRateLimited(key, nowUs)
          break
        case 4:
          ours.forget(key)
          plain.failures.delete(key)
          break
        case 5:
          // Time passes: timers fire in order, those overtaken by an earlier request too.
          nowUs += choices.integer(0, 12_000)
          timers.sort((a, b) => a.atUs - b.atUs)
          while (timers.length > 0 && timers[0].atUs <= nowUs) {
            const timer = timers.shift()!
            ours.timerFired(timer.key, timer.atUs)
            if (plain.waiting.get(timer.key) === timer.atUs) {
              plain.waiting.delete(timer.key)
              plain.add(timer.key)
            }
          }
          expect(Math.min(...plain.waiting.values()), `seed ${seed}`).toBeGreaterThan(nowUs)
          break
        case 6:
          if (ours.hasWork()) expect(ours.get(), `seed ${seed}, step ${step}`).toBe(plain.get())
          break
        default: {
          const busy = [...plain.processing][0]
          if (busy === undefined) break
          ours.done(busy)
          plain.done(busy)
        }
      }
      const hasWork = plain.list.length > 0 && plain.processing.size < WORKERS
      if (ours.hasWork() !== hasWork) expect(`seed ${seed}, step ${step}: ${ours.hasWork()}`).toBe(String(hasWork))
      // Work that appears is announced.
      if (!hadWork && hasWork) expect(woken.times, `seed ${seed}, step ${step}`).toBeGreaterThan(awake)
    }
  }
})
