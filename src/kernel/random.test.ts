import { describe, expect, it } from 'vitest'
import { type RandomStream, RandomStreams } from './random.ts'

function streamOf(seed: string | number, name: string): RandomStream {
  const streams = new RandomStreams()
  streams.reset(seed)
  return streams.stream(name)
}

const firstOf = (seed: string | number, name: string): number => streamOf(seed, name).at(0)

/** The correlation of two samples of uniform numbers, whose variance is 1/12. */
function correlate(first: number[], second: number[]): number {
  const sum = first.reduce((total, u, i) => total + (u - 0.5) * (second[i] - 0.5), 0)
  return (12 * sum) / first.length
}

describe('a stream', () => {
  it('is Tyche-i keyed by seed and name (known answers)', () => {
    const stream = streamOf(1, 'kubelet/imagePull')
    expect([stream.at(0), stream.at(1), stream.at(2)]).toMatchInlineSnapshot(`
      [
        0.017327669650650468,
        0.3499207029142446,
        0.29645475627364437,
      ]
    `)
    expect(firstOf(2, 'kubelet/imagePull')).toMatchInlineSnapshot(`0.05229964398870779`)
  })

  it('gives the k-th number, whatever was asked before', () => {
    const forward = streamOf(7, 'a')
    const backward = streamOf(7, 'a')
    const last = backward.at(999)
    const numbers = Array.from({ length: 1_000 }, (_, k) => forward.at(k))
    expect(numbers[999]).toBe(last)
    expect(Array.from({ length: 1_000 }, (_, k) => backward.at(k))).toEqual(numbers)
    expect(Array.from({ length: 1_000 }, () => forward.next())).toEqual(numbers)
  })

  it('starts over with a reset, with the same object', () => {
    const streams = new RandomStreams()
    streams.reset(1)
    const stream = streams.stream('a')
    const first = [stream.next(), stream.next()]
    streams.reset(2)
    expect(stream.next()).not.toBe(first[0])
    streams.reset('1')
    expect(streams.stream('a')).toBe(stream)
    expect([stream.next(), stream.next()]).toEqual(first)
  })

  it('does not depend on which other streams exist or draw', () => {
    const streams = new RandomStreams()
    streams.reset(1)
    streams.stream('b').at(100)
    expect(streams.stream('a').at(0)).toBe(firstOf(1, 'a'))
  })
})

describe('keys', () => {
  it('that look alike give different numbers', () => {
    const firsts = ['1', '11', '111', '01', '1 ', ''].map((seed) => firstOf(seed, 'a'))
    firsts.push(firstOf('1', 'b'), firstOf('1', 'aa'), firstOf('1', ''))
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('1 and "1" are one seed', () => {
    expect(firstOf(1, 'a')).toBe(firstOf('1', 'a'))
  })

  it('of neighbouring seeds give first numbers that are uniform and not correlated', () => {
    const count = 20_000
    const firsts = Array.from({ length: count }, (_, seed) => firstOf(seed, 'kubelet/ready'))
    const bins = new Array<number>(100).fill(0)
    for (const u of firsts) {
      expect(u > 0 && u < 1).toBe(true)
      bins[Math.floor(u * 100)]++
    }
    // 99 degrees of freedom: 66.5 and 138.99 cut off half a percent on each side.
    const chiSquared = bins.reduce((sum, n) => sum + ((n - count / 100) * (n - count / 100)) / (count / 100), 0)
    expect(chiSquared).toBeGreaterThan(66.5)
    expect(chiSquared).toBeLessThan(138.99)
    expect(Math.abs(correlate(firsts.slice(1), firsts.slice(0, -1)))).toBeLessThan(2.576 / Math.sqrt(count))
  })

  it('of one seed give streams that are not correlated, place by place', () => {
    const count = 20_000
    const numbersOf = (name: string): number[] => {
      const stream = streamOf(1, name)
      return Array.from({ length: count }, () => stream.next())
    }
    const pull = numbersOf('kubelet/pull')
    expect(Math.abs(correlate(pull, numbersOf('kubelet/start')))).toBeLessThan(2.576 / Math.sqrt(count))
    expect(Math.abs(correlate(pull, numbersOf('kubelet/pull2')))).toBeLessThan(2.576 / Math.sqrt(count))
    expect(Math.abs(correlate(pull.slice(1), pull.slice(0, -1)))).toBeLessThan(2.576 / Math.sqrt(count))
  })
})
