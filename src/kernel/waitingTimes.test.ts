// The kernel against queueing theory: in an M/M/1 queue customers arrive at random (Poisson), one server serves them in
// turn, service times are exponential. The mean wait before service is known: rho / (1 - rho) mean service times.
// Source: L. Kleinrock, Queueing Systems I (1975), section 3.2.

import { describe, expect, it } from 'vitest'
import { meanInterval } from '../statistics/interval.ts'
import { summarise } from '../statistics/summary.ts'
import { exponential } from './distributions.ts'
import { EventQueue } from './eventQueue.ts'
import { RandomStreams } from './random.ts'

const ARRIVAL = 1
const DEPARTURE = 2
const MEAN_SERVICE_US = 1_000

interface WaitingTimes {
  meanWaitUs: number
  /** Of every event's time and kind, in order. */
  digest: number
}

class WaitingLine {
  readonly queue = new EventQueue(4, 1e12)
  readonly streams = new RandomStreams()
  readonly arrivals = this.streams.stream('arrivals')
  readonly services = this.streams.stream('services')
  readonly arrivedAtUs = new Float64Array(200_000)

  run(seed: number, rho: number, customers: number, warmUp: number): WaitingTimes {
    const { queue, arrivals, services, arrivedAtUs, streams } = this
    queue.reset()
    streams.reset(seed)
    const arrivalDelay = (): number => Math.round(exponential(arrivals.next(), MEAN_SERVICE_US / rho))
    const serviceTime = (): number => Math.round(exponential(services.next(), MEAN_SERVICE_US))
    let arrived = 0
    let begun = 0
    let left = 0
    let waitedUs = 0
    let digest = 0
    const beginService = (): void => {
      if (begun >= warmUp) waitedUs += queue.timeUs - arrivedAtUs[begun]
      begun++
      queue.push(queue.timeUs + serviceTime(), 0, DEPARTURE, 0)
    }
    queue.push(arrivalDelay(), 0, ARRIVAL, 0)
    while (!queue.isEmpty()) {
      queue.pop()
      digest = (Math.imul(digest, 31) + (queue.timeUs % 1_000_003) + queue.what) | 0
      if (queue.what === ARRIVAL) {
        arrivedAtUs[arrived++] = queue.timeUs
        if (arrived - left === 1) beginService()
        if (arrived < customers) queue.push(queue.timeUs + arrivalDelay(), 0, ARRIVAL, 0)
      } else {
        left++
        if (arrived > left) beginService()
      }
    }
    return { meanWaitUs: waitedUs / (customers - warmUp), digest }
  }
}

describe('M/M/1', () => {
  const line = new WaitingLine()

  it.each([
    { rho: 0.5, customers: 20_000, warmUp: 500, halfWidthMax: 0.02 },
    { rho: 0.9, customers: 60_000, warmUp: 5_000, halfWidthMax: 0.06 },
  ])('waits as long as theory says at rho $rho', ({ rho, customers, warmUp, halfWidthMax }) => {
    const waits = Array.from({ length: 30 }, (_, run) => line.run(run + 1, rho, customers, warmUp).meanWaitUs)
    const summary = summarise(waits)
    const { low, high } = meanInterval(summary)
    const expectedUs = (rho / (1 - rho)) * MEAN_SERVICE_US
    expect(low).toBeLessThan(expectedUs)
    expect(high).toBeGreaterThan(expectedUs)
    // The interval is short enough that agreeing with it means something.
    expect((high - low) / 2 / expectedUs).toBeLessThan(halfWidthMax)
  })

  it('gives the same bytes for the same seed, whatever ran before, and others for another', () => {
    const first = line.run(1, 0.9, 5_000, 0)
    const other = line.run(2, 0.9, 5_000, 0)
    expect(line.run(1, 0.9, 5_000, 0)).toEqual(first)
    expect(new WaitingLine().run(1, 0.9, 5_000, 0)).toEqual(first)
    expect(other.digest).not.toBe(first.digest)
    expect(first.digest).toMatchInlineSnapshot(`-1734773666`)
  })
})
