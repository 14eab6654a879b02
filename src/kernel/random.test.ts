import { describe, expect, it } from 'vitest'
import { type RandomStream, RandomStreams } from './random.ts'

function streamOf(seed: string | number, name: string): RandomStream {
  const streams = new RandomStreams()
  streams.reset(seed)
  return streams.stream(name)
}

const firstOf = (seed: string | number, name: string): number => streamOf(seed, name).at(0)

describe('a stream', () => {
  it('is alea keyed by seed and name (known answers)', () => {
    const stream = streamOf(1, 'kubelet/imagePull')
    expect([stream.at(0), stream.at(1), stream.at(2)]).toMatchInlineSnapshot(`
      [
        0.36051825440858687,
        0.6606580463799548,
        0.35169168797684736,
      ]
    `)
    expect(firstOf(2, 'kubelet/imagePull')).toMatchInlineSnapshot(`0.36474687078565105`)
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
    let lag = 0
    for (let i = 1; i < count; i++) lag += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5)
    expect(Math.abs((lag / count) * 12)).toBeLessThan(2.576 / Math.sqrt(count))
  })
})
