import { describe, expect, it } from 'vitest'
import { FailedPodBackoff } from './failedPodBackoff.ts'

const SECOND_US = 1_000_000

describe('the back-off of failed daemon pods', () => {
  it('doubles from one second to a quarter of an hour', () => {
    const backoff = new FailedPodBackoff(1)
    const delays: number[] = []
    let nowUs = 0
    for (let i = 0; i < 12; i++) {
      expect(backoff.currentDelayUs(0, 1, nowUs)).toBe(0)
      backoff.advance(0, 1, nowUs)
      const delayUs = backoff.currentDelayUs(0, 1, nowUs)
      delays.push(delayUs / SECOND_US)
      nowUs += delayUs
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  })

  it('starts over with a new generation, and after half an hour', () => {
    const backoff = new FailedPodBackoff(1)
    backoff.advance(0, 1, 0)
    backoff.advance(0, 1, SECOND_US)
    expect(backoff.currentDelayUs(0, 1, SECOND_US)).toBe(2 * SECOND_US)
    expect(backoff.currentDelayUs(0, 2, SECOND_US)).toBe(0)
    backoff.advance(0, 1, 1_802 * SECOND_US)
    expect(backoff.currentDelayUs(0, 1, 1_802 * SECOND_US)).toBe(SECOND_US)
  })
})
