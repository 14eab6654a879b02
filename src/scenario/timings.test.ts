import { describe, expect, it } from 'vitest'
import { NO_DELAYS } from './profiles/profile.ts'
import { findProfile } from './profiles/readProfile.ts'
import { mergeSurroundings, mergeTimings } from './timings.ts'

const ideal = NO_DELAYS
const typical = findProfile('typical').sections

const none = (): never => {
  throw new Error('nothing is wrong here')
}
const fixed = (us: number) => ({ type: 'fixed', us })

describe('timings', () => {
  it('lie over the profile, "*" below, the image on top, field by field', () => {
    const timings = mergeTimings(
      ideal.timings,
      { 'web:v2': { ready: 'never' }, '*': { pull: '4s', ready: '3s' }, 'db:1': { pull: '0s', fail: true } },
      none,
    )
    expect(timings).toEqual({
      '*': { ...ideal.timings['*'], pull: fixed(4_000_000), ready: fixed(3_000_000) },
      'web:v2': { ...ideal.timings['*'], pull: fixed(4_000_000), ready: { type: 'never' } },
      'db:1': { ...ideal.timings['*'], pull: fixed(0), ready: fixed(3_000_000), fail: 1 },
    })
  })

  it('of a profile for one image lie under whatever the scenario says, for every image too', () => {
    const under = mergeTimings(ideal.timings, { 'web:v2': { pull: '1s', start: '1s', ready: '1s' } }, none)
    const timings = mergeTimings(under, { '*': { start: '2s' }, 'web:v2': { ready: '3s' } }, none)
    expect(timings['web:v2']).toMatchObject({
      pull: fixed(1_000_000),
      start: fixed(2_000_000),
      ready: fixed(3_000_000),
    })
  })

  it('are those of the profile if nothing is written', () => {
    expect(mergeTimings(typical.timings, {}, none)).toEqual(typical.timings)
    expect(mergeSurroundings(typical.surroundings, {}, none)).toEqual(typical.surroundings)
  })

  it('keep lists of failures, and read surroundings', () => {
    expect(mergeTimings(ideal.timings, { '*': { run: '9s', fail: [true, false] } }, none)['*']).toMatchObject({
      run: fixed(9_000_000),
      fail: [true, false],
    })
    const written = { apiWrite: '7ms', bind: { uniform: ['1ms', '2ms'] }, endpointDelay: '2s' } as const
    expect(
      mergeSurroundings(typical.surroundings, { ...written, bind: { uniform: ['1ms', '2ms'] } }, none),
    ).toMatchObject({
      apiWriteUs: 7_000,
      bind: { type: 'uniform', lowUs: 1_000, highUs: 2_000 },
      endpointDelayUs: 2_000_000,
    })
  })
})
