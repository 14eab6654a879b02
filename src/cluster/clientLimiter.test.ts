import { describe, expect, it } from 'vitest'
import { Choices } from '../../test/twins/random.ts'
import { ClientLimiter } from './clientLimiter.ts'

/** When the last of `calls` calls at 0 is sent, seconds. */
function lastOf(calls: number, perSecond: number, burst: number): number {
  const limiter = new ClientLimiter({ perSecond, burst })
  let sentUs = 0
  for (let i = 0; i < calls; i++) sentUs = limiter.reserve(0)
  return sentUs / 1e6
}

describe('a client of the API', () => {
  it.each([
    [30, 20, 30, 0],
    [31, 20, 30, 0.05],
    [100, 20, 30, 3.5],
    [150, 20, 30, 6],
    [110, 20, 30, 4],
    [50, 5, 10, 8],
    [100, 40, 30, 1.75],
    [3_000, 400, 3_000, 0],
  ])(
    'sends %i calls at %i a second with a burst of %i in %f s: max(0, (N - burst) / rate)',
    (calls, rate, burst, s) => {
      expect(lastOf(calls, rate, burst)).toBe(s)
    },
  )

  it('has its burst back after burst / rate without a call', () => {
    const limiter = new ClientLimiter({ perSecond: 20, burst: 30 })
    for (let i = 0; i < 30; i++) limiter.reserve(0)
    const sent = Array.from({ length: 31 }, () => limiter.reserve(1_500_000))
    expect(sent.filter((us) => us === 1_500_000)).toHaveLength(30)
    limiter.reset()
    expect(limiter.reserve(0)).toBe(0)
  })

  it('agrees with tokens that are counted (rate.Limiter.reserveN), on 20,000 random calls', () => {
    const choices = new Choices(11)
    for (let trial = 0; trial < 200; trial++) {
      const perSecond = choices.pick([5, 20, 40, 400])
      const burst = choices.integer(1, 40)
      const limiter = new ClientLimiter({ perSecond, burst })
      let tokens = burst
      let lastUs = 0
      let nowUs = 0
      for (let call = 0; call < 100; call++) {
        nowUs += choices.pick([0, 0, 0, 1_000, 50_000, 700_000])
        tokens = Math.min(burst, tokens + ((nowUs - lastUs) / 1e6) * perSecond) - 1
        lastUs = nowUs
        const expectedUs = nowUs + Math.max(0, (-tokens / perSecond) * 1e6)
        expect(Math.abs(limiter.reserve(nowUs) - expectedUs)).toBeLessThan(1)
      }
    }
  })
})
