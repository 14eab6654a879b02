import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from './eventQueue.ts'

interface Waiting {
  timeUs: number
  rank: number
  what: number
  detail: number
}

/** The queue in its plainest form: a stable sort before every pop. */
class PlainQueue {
  waiting: Waiting[] = []

  push(timeUs: number, rank: number, what: number, detail: number): void {
    this.waiting.push({ timeUs, rank, what, detail })
  }

  pop(): Waiting {
    this.waiting.sort((a, b) => a.timeUs - b.timeUs || a.rank - b.rank)
    return this.waiting.shift() as Waiting
  }
}

const popped = ({ timeUs, rank, what, detail }: EventQueue): Waiting => ({ timeUs, rank, what, detail })

function drain(queue: EventQueue): Waiting[] {
  const events = []
  while (!queue.isEmpty()) {
    queue.pop()
    events.push(popped(queue))
  }
  return events
}

// The longest horizon that still keeps two times 16 events in order: 3 bits of time less and renumbering would be rarer.
const LONG_HORIZON_US = 2 ** 45 - 1

describe('order', () => {
  it('is by time, then rank, then order of arrival', () => {
    const queue = new EventQueue(10, 100)
    queue.push(7, 0, 1, 10)
    queue.push(5, 3, 2, 20)
    queue.push(5, 1, 3, 30)
    queue.push(5, 3, 4, 40)
    queue.push(5, 1, 5, 50)
    expect(drain(queue).map(({ what }) => what)).toEqual([3, 5, 2, 4, 1])
  })

  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.record({ delayUs: fc.nat(6), rank: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.constant('pop' as const) },
    { weight: 1, arbitrary: fc.constant('peek' as const) },
  )

  it.each([
    ['a short horizon', 4_000],
    ['thirty minutes', 1_800_000_000],
    ['a horizon that forces renumbering', LONG_HORIZON_US],
  ])('agrees with a stable sort, with %s', (_, horizonUs) => {
    const queue = new EventQueue(16, horizonUs)
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
        queue.reset()
        const plain = new PlainQueue()
        let what = 0
        for (const op of operations) {
          if (op === 'peek') {
            expect(queue.peekTimeUs()).toBe(Math.min(Infinity, ...plain.waiting.map(({ timeUs }) => timeUs)))
          } else if (op === 'pop') {
            if (queue.isEmpty()) continue
            const rank = queue.peekRank()
            queue.pop()
            expect(popped(queue)).toEqual(plain.pop())
            expect(queue.rank).toBe(rank)
          } else if (queue.size < queue.capacity) {
            queue.push(queue.timeUs + op.delayUs, op.rank, ++what, -what)
            plain.push(queue.timeUs + op.delayUs, op.rank, what, -what)
          }
          expect(queue.size).toBe(plain.waiting.length)
        }
        for (const event of drain(queue)) expect(event).toEqual(plain.pop())
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('survives renumbering while an instant is under way', () => {
    const queue = new EventQueue(16, LONG_HORIZON_US)
    for (let i = 0; i < 15; i++) queue.push(LONG_HORIZON_US, 2, i, 0)
    // Each push of a later event uses up a sequence number, far more of them than there are.
    for (let i = 0; i < 1_000; i++) {
      queue.push(i, 1, 100, i)
      queue.pop()
      expect(queue.detail).toBe(i)
    }
    queue.push(LONG_HORIZON_US, 2, 15, 0)
    expect(drain(queue).map(({ what }) => what)).toEqual(Array.from({ length: 16 }, (_, i) => i))
  })

  it('gives the digest of a naive queue over half a million holds', () => {
    const sizes = [1, 2, 3, 30, 200]
    for (const size of sizes) {
      const queue = new EventQueue(size, 2 ** 31)
      const waiting: { timeUs: number; what: number }[] = []
      let state = 1
      const delay = (): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return (state >>> 8) % 50
      }
      let digest = 0
      let naiveDigest = 0
      for (let i = 0; i < size; i++) {
        const timeUs = delay()
        queue.push(timeUs, 0, i, 0)
        waiting.push({ timeUs, what: i })
      }
      for (let i = 0; i < 500_000 / size / sizes.length; i++) {
        queue.pop()
        digest = (Math.imul(digest, 31) + queue.timeUs * 7 + queue.what) | 0
        let first = 0
        for (let j = 1; j < waiting.length; j++) if (waiting[j].timeUs < waiting[first].timeUs) first = j
        const [event] = waiting.splice(first, 1)
        naiveDigest = (Math.imul(naiveDigest, 31) + event.timeUs * 7 + event.what) | 0
        const timeUs = queue.timeUs + delay()
        queue.push(timeUs, 0, i, 0)
        waiting.push({ timeUs, what: i })
      }
      expect(digest).toBe(naiveDigest)
    }
  })
})

describe('limits', () => {
  it('says what to raise when it is full', () => {
    const queue = new EventQueue(2, 100)
    queue.push(1, 0, 0, 0)
    queue.push(2, 0, 0, 0)
    expect(() => queue.push(3, 0, 0, 0)).toThrow('Too little room for 2 waiting events: raise the capacity')
    queue.pop()
    queue.push(3, 0, 7, 0)
    expect(drain(queue).map(({ timeUs }) => timeUs)).toEqual([2, 3])
  })

  it('refuses the past, times after the last instant and parts of a microsecond', () => {
    const queue = new EventQueue(4, 100)
    queue.push(50, 0, 0, 0)
    queue.pop()
    expect(() => queue.push(49, 0, 0, 0)).toThrow('before the present')
    expect(() => queue.push(101, 0, 0, 0)).toThrow('after the last instant')
    expect(() => queue.push(50.5, 0, 0, 0)).toThrow('whole number')
    expect(() => queue.push(NaN, 0, 0, 0)).toThrow('before the present')
    expect(() => queue.push(60, 4, 0, 0)).toThrow('rank')
    expect(() => queue.push(60, -1, 0, 0)).toThrow('rank')
    expect(queue.isEmpty()).toBe(true)
  })

  it('takes events of the present and of the last instant', () => {
    const queue = new EventQueue(4, 100)
    queue.push(0, 3, 1, 2)
    queue.push(100, 0, -2_147_483_648, 2_147_483_647)
    expect(drain(queue)).toEqual([
      { timeUs: 0, rank: 3, what: 1, detail: 2 },
      { timeUs: 100, rank: 0, what: -2_147_483_648, detail: 2_147_483_647 },
    ])
  })

  it('does not pop from nothing', () => {
    const queue = new EventQueue(1, 100)
    expect(() => queue.pop()).toThrow('not empty')
    expect(() => queue.peekRank()).toThrow('not empty')
    expect(queue.peekTimeUs()).toBe(Infinity)
  })

  it('refuses a horizon that leaves no room for order', () => {
    expect(() => new EventQueue(1_000, 2 ** 50)).toThrow('is too long to keep 1000 events in order')
    expect(() => new EventQueue(1, 2 ** 46)).toThrow('too long')
    expect(() => new EventQueue(17, LONG_HORIZON_US)).not.toThrow()
    expect(() => new EventQueue(0, 1)).toThrow('at least 1')
    expect(() => new EventQueue(1, -1)).toThrow('whole number')
  })
})

describe('reset', () => {
  it('empties the queue and goes back to time 0', () => {
    const queue = new EventQueue(4, 100)
    queue.push(10, 0, 0, 0)
    queue.push(20, 0, 0, 0)
    queue.pop()
    queue.reset()
    expect(queue.size).toBe(0)
    expect(queue.peekTimeUs()).toBe(Infinity)
    queue.push(1, 0, 9, 9)
    expect(drain(queue)).toEqual([{ timeUs: 1, rank: 0, what: 9, detail: 9 }])
  })

  it('can change the horizon', () => {
    const queue = new EventQueue(4, 100)
    queue.reset(1_800_000_000)
    queue.push(1_800_000_000, 1, 2, 3)
    expect(drain(queue)).toEqual([{ timeUs: 1_800_000_000, rank: 1, what: 2, detail: 3 }])
  })
})
