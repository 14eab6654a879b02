// Stations against queueing theory, each mean within its 95 % interval over independent runs. Sources: L. Kleinrock,
// Queueing Systems I (1975), 3.2 (M/M/1), 3.4 (M/M/m, Erlang C), 3.5 (M/M/m/m, Erlang B), 5.6 (M/G/1, Pollaczek and
// Khinchine).

import { describe, expect, it } from 'vitest'
import { exponential } from '../../kernel/distributions.ts'
import { RandomStreams } from '../../kernel/random.ts'
import { meanInterval } from '../../statistics/interval.ts'
import { summarise } from '../../statistics/summary.ts'
import { LatencyHistogram } from './latencyHistogram.ts'
import { Stations, TURNED_AWAY, UNLIMITED } from './stations.ts'

const MEAN_SERVICE_US = 1_000

interface Line {
  readonly servers: number
  /** Arrivals × mean service time / servers. */
  readonly rho: number
  readonly places?: number
  readonly constant?: boolean
  readonly requests?: number
}

interface Observed {
  /** Mean wait of those served, in mean service times. */
  readonly wait: number
  readonly waitedShare: number
  readonly lostShare: number
}

/** Plays one line of requests that come at random. */
function play({ servers, rho, places = Infinity, constant = false, requests = 60_000 }: Line, seed: number): Observed {
  const random = new RandomStreams()
  random.reset(seed)
  const arrivals = random.sequence('arrivals')
  const services = random.sequence('services')
  const stations = new Stations(1)
  stations.open(0, servers, places)
  const warmUp = requests / 10
  let [atUs, served, waitedUs, waited, lost] = [0, 0, 0, 0, 0]
  for (let i = -warmUp; i < requests; i++) {
    atUs += exponential(arrivals.next(), MEAN_SERVICE_US / (rho * servers))
    const serviceUs = constant ? MEAN_SERVICE_US : exponential(services.next(), MEAN_SERVICE_US)
    const doneUs = stations.admit(0, atUs, serviceUs, Infinity)
    if (i < 0) continue
    if (doneUs === TURNED_AWAY) {
      lost++
      continue
    }
    const waitUs = doneUs - serviceUs - atUs
    served++
    waitedUs += waitUs
    if (waitUs > 1e-6) waited++
  }
  return { wait: waitedUs / served / MEAN_SERVICE_US, waitedShare: waited / served, lostShare: lost / requests }
}

/** The 95 % interval of something observed over 30 runs holds the expected number and is short enough to mean something. */
function expectMean(line: Line, what: keyof Observed, expected: number, halfWidthMax: number): void {
  const { low, high } = meanInterval(summarise(Array.from({ length: 30 }, (_, run) => play(line, run + 1)[what])))
  expect(low).toBeLessThan(expected)
  expect(high).toBeGreaterThan(expected)
  expect((high - low) / 2 / expected).toBeLessThan(halfWidthMax)
}

/** Erlang's B: the share of requests that find all servers busy and go, by the recursion over the servers. */
function erlangB(servers: number, offered: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked)
  return blocked
}

/** Erlang's C: the share of requests that must wait. */
function erlangC(servers: number, offered: number): number {
  const blocked = erlangB(servers, offered)
  return blocked / (1 - (offered / servers) * (1 - blocked))
}

describe('a station', () => {
  it.each([
    { rho: 0.5, halfWidthMax: 0.02 },
    { rho: 0.9, halfWidthMax: 0.08 },
  ])('M/M/1 waits rho / (1 - rho) at rho $rho', ({ rho, halfWidthMax }) => {
    expectMean({ servers: 1, rho }, 'wait', rho / (1 - rho), halfWidthMax)
  })

  it.each([
    { servers: 2, rho: 0.7 },
    { servers: 8, rho: 0.85 },
    { servers: 50, rho: 0.9 },
  ])('M/M/$servers waits as Erlang C says at rho $rho', ({ servers, rho }) => {
    const mustWait = erlangC(servers, servers * rho)
    expectMean({ servers, rho }, 'waitedShare', mustWait, 0.06)
    expectMean({ servers, rho }, 'wait', mustWait / (servers * (1 - rho)), 0.1)
  })

  it('M/D/1 waits half as long as M/M/1 (Pollaczek and Khinchine)', () => {
    expectMean({ servers: 1, rho: 0.8, constant: true }, 'wait', 0.8 / (2 * (1 - 0.8)), 0.03)
  })

  it.each([1, 5, 20])('M/M/%i without a line loses as Erlang B says', (servers) => {
    expectMean({ servers, rho: 0.8, places: 0 }, 'lostShare', erlangB(servers, servers * 0.8), 0.02)
  })

  it('M/M/1 with 5 places in line loses (1 - rho) rho^6 / (1 - rho^7)', () => {
    const rho = 0.9
    expectMean({ servers: 1, rho, places: 5 }, 'lostShare', ((1 - rho) * rho ** 6) / (1 - rho ** 7), 0.02)
  })

  it('serves first come first served, at the server that is free first', () => {
    const stations = new Stations(2)
    stations.open(1, 2, Infinity)
    const ends = [
      [0, 10],
      [0, 14],
      [12, 9],
      [13, 5],
      [13, 1],
    ].map(([atUs, serviceUs]) => stations.admit(1, atUs, serviceUs, Infinity))
    expect(ends).toEqual([10, 14, 21, 19, 20])
  })

  it('turns away whom the line has no place for, and who would wait too long', () => {
    const stations = new Stations(1)
    stations.open(0, 1, 2)
    expect([0, 1, 2, 3].map((atUs) => stations.admit(0, atUs, 10, Infinity))).toEqual([10, 20, 30, TURNED_AWAY])
    // At 10 the first of the two has begun, so that one place is free again; its service would begin at 30.
    expect(stations.admit(0, 10, 10, 19)).toBe(TURNED_AWAY)
    expect(stations.admit(0, 10, 10, 20)).toBe(40)
    expect(stations.admit(0, 10, 10, Infinity)).toBe(TURNED_AWAY)
    stations.open(0, UNLIMITED, 0)
    expect(stations.admit(0, 0, 10, 0)).toBe(10)
  })

  it('knows who is under way when its process ends, however many there were', () => {
    const stations = new Stations(1)
    stations.open(0, UNLIMITED, 0)
    for (let i = 0; i < 1_000; i++) stations.note(0, i % 3, i, i + (i % 100 === 0 ? 5_000 : 1))
    const lost: string[] = []
    stations.kill(0, 1_000, (stream, latencyUs) => lost.push(`${String(stream)}: ${String(latencyUs)}`))
    expect(lost).toEqual(Array.from({ length: 10 }, (_, i) => `${String((i * 100) % 3)}: 5000`))
    stations.kill(0, 1_000, () => lost.push('again'))
    expect(lost).not.toContain('again')
  })
})

describe('a histogram of latencies', () => {
  it('tells quantiles to 0.4 %, and takes back what it recorded', () => {
    const histogram = new LatencyHistogram()
    for (let us = 1; us <= 1_000_000; us++) histogram.record(us)
    for (const share of [0.001, 0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = share * 1_000_000
      expect(Math.abs(histogram.quantile(share) - exact) / exact).toBeLessThan(0.0041)
    }
    histogram.record(3_600_000_000)
    expect(histogram.quantile(1)).toBeGreaterThan(2_000_000_000)
    histogram.remove(3_600_000_000)
    expect(histogram.quantile(1)).toBeLessThan(1_010_000)
    histogram.reset()
    expect(histogram.quantile(0.5)).toBeNaN()
  })

  it('has a bucket for each microsecond below 256, and none is left out above', () => {
    const histogram = new LatencyHistogram()
    let before = -1
    for (let us = 0; us < 5_000; us++) {
      histogram.reset()
      histogram.record(us)
      const middle = histogram.quantile(1)
      if (us < 256) expect(middle).toBe(us)
      expect(middle).toBeGreaterThanOrEqual(before)
      expect(Math.abs(middle - us)).toBeLessThanOrEqual(us / 128)
      before = middle
    }
  })
})
