import { describe, expect, it } from 'vitest'
import { exponential, lognormal, normalQuantile, uniform } from './distributions.ts'
import { RandomStreams } from './random.ts'

describe('normalQuantile', () => {
  // The first three rows are the test values (to 15 digits) printed with Algorithm AS 241; the others are tabled everywhere.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.26234008979841],
    [0.5, 0],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
  ])('at %d is %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(z)) * 2)
  })

  it('is odd about one half and grows, also where its three parts meet', () => {
    let previous = -Infinity
    for (let i = 1; i < 4_000; i++) {
      const p = i / 4_000
      const z = normalQuantile(p)
      expect(z).toBeGreaterThan(previous)
      expect(z + normalQuantile(1 - p)).toBeCloseTo(0, 12)
      previous = z
    }
    for (const [inside, outside] of [
      [0.075 + 1e-12, 0.075 - 1e-12],
      [1.3887943864964021e-11, 1.3887943864964e-11],
    ]) {
      expect(Math.abs(normalQuantile(inside) - normalQuantile(outside))).toBeLessThan(1e-10)
    }
  })
})

describe('quantities by inversion', () => {
  it('have their quantiles where they were put', () => {
    expect(uniform(0.25, 3, 9)).toBe(4.5)
    expect(exponential(0.5, 10)).toBeCloseTo(10 * Math.LN2, 12)
    expect(lognormal(0.5, 2_000_000, 6_000_000)).toBe(2_000_000)
    expect(lognormal(0.95, 2_000_000, 6_000_000)).toBeCloseTo(6_000_000, 6)
    expect(lognormal(0.3, 5, 5)).toBe(5)
  })

  it('have their means', () => {
    const streams = new RandomStreams()
    streams.reset(1)
    const stream = streams.stream('test')
    const count = 200_000
    const sigma = Math.log(3) / 1.6448536269514722
    const expected = { uniform: 6, exponential: 10, lognormal: 2 * Math.exp((sigma * sigma) / 2) }
    const sums = { uniform: 0, exponential: 0, lognormal: 0 }
    for (let i = 0; i < count; i++) {
      const u = stream.next()
      sums.uniform += uniform(u, 3, 9)
      sums.exponential += exponential(u, 10)
      sums.lognormal += lognormal(u, 2, 6)
    }
    expect(sums.uniform / count / expected.uniform).toBeCloseTo(1, 2)
    expect(sums.exponential / count / expected.exponential).toBeCloseTo(1, 2)
    expect(sums.lognormal / count / expected.lognormal).toBeCloseTo(1, 2)
  })
})
