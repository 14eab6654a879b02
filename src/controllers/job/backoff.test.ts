import { expect, it } from 'vitest'
import { remainingBackoffUs } from './backoff.ts'

it('waits 10 s after the first failure, twice as long after each further one, at most 10 minutes', () => {
  const waits = [0, 1, 2, 3, 6, 7, 8, 50].map((failures) =>
    remainingBackoffUs({ failures, lastFailureSeconds: 5 }, 5e6),
  )
  expect(waits.map((us) => us / 1e6)).toEqual([0, 10, 20, 40, 320, 600, 600, 600])
  expect(remainingBackoffUs({ failures: 2, lastFailureSeconds: 0 }, 500_000)).toBe(19_500_000)
  expect(remainingBackoffUs({ failures: 1, lastFailureSeconds: 0 }, 60_000_000)).toBe(0)
})
