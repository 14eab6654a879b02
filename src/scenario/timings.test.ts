import { describe, expect, it } from 'vitest'
import { ideal } from './profiles/ideal.ts'
import { typical } from './profiles/typical.ts'
import { mergeSurroundings, mergeTimings, PROFILES } from './timings.ts'

const none = (): never => {
  throw new Error('nothing is wrong here')
}
const fixed = (us: number) => ({ type: 'fixed', us })

describe('timings', () => {
  it('lie over the profile, "*" below, the image on top, field by field', () => {
    const timings = mergeTimings(
      ideal,
      { 'web:v2': { ready: 'never' }, '*': { pull: '4s', ready: '3s' }, 'db:1': { pull: '0s', fail: true } },
      none,
    )
    expect(timings).toEqual({
      '*': { ...ideal.timings, pull: fixed(4_000_000), ready: fixed(3_000_000) },
      'web:v2': { ...ideal.timings, pull: fixed(4_000_000), ready: { type: 'never' } },
      'db:1': { ...ideal.timings, pull: fixed(0), ready: fixed(3_000_000), fail: 1 },
    })
  })

  it('are those of the profile if nothing is written', () => {
    expect(mergeTimings(typical, {}, none)).toEqual({ '*': typical.timings })
    expect(mergeSurroundings(typical, {}, none)).toEqual(typical.surroundings)
  })

  it('keep lists of failures, and read surroundings', () => {
    expect(mergeTimings(ideal, { '*': { run: '9s', fail: [true, false] } }, none)['*']).toMatchObject({
      run: fixed(9_000_000),
      fail: [true, false],
    })
    const written = { apiWrite: '7ms', bind: { uniform: ['1ms', '2ms'] }, endpointDelay: '2s' } as const
    expect(mergeSurroundings(typical, { ...written, bind: { uniform: ['1ms', '2ms'] } }, none)).toEqual({
      apiWriteUs: 7_000,
      bind: { type: 'uniform', lowUs: 1_000, highUs: 2_000 },
      endpointDelayUs: 2_000_000,
    })
  })
})

describe('profiles', () => {
  it('ideal has no delay at all', () => {
    const { pull, start, ready, terminate } = ideal.timings
    expect([pull, start, ready, terminate, ideal.surroundings.bind]).toEqual(Array.from({ length: 5 }, () => fixed(0)))
    expect(ideal.surroundings).toMatchObject({ apiWriteUs: 0, endpointDelayUs: 0 })
  })

  it('give every lognormal a median above zero and a p95 above it', () => {
    for (const { timings } of Object.values(PROFILES)) {
      for (const delay of [timings.pull, timings.start, timings.ready, timings.terminate]) {
        if (delay.type !== 'lognormal') continue
        expect(delay.medianUs).toBeGreaterThan(0)
        expect(delay.p95Us).toBeGreaterThan(delay.medianUs)
      }
    }
  })
})
