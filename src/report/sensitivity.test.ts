import { describe, expect, it } from 'vitest'
import { RESPONSES, type RunRow } from '../metrics/types.ts'
import { judgeSensitivity, renderSensitivity, type Variant } from './sensitivity.ts'

/** Runs of two arms: `time(arm, seed)` seconds, `lost(arm, seed)` requests. */
function runs(
  seeds: number,
  time: (arm: string, seed: number) => number,
  lost: (arm: string, seed: number) => number,
): RunRow[] {
  return ['slow', 'fast'].flatMap((arm) =>
    Array.from({ length: seeds }, (_, seed): RunRow => {
      const zeros = Object.fromEntries(RESPONSES.map((name) => [name, 0])) as Record<(typeof RESPONSES)[number], number>
      return {
        ...zeros,
        scenario: 's',
        arm,
        seed,
        workload: 'Deployment/web',
        outcome: 'complete',
        requests: 1_000,
        rolloutSeconds: time(arm, seed),
        lostRequests: lost(arm, seed),
      }
    }),
  )
}

/** A wave without order, so that seeds differ. */
const noise = (seed: number): number => ((seed * 7) % 5) - 2

const time = (arm: string, seed: number): number => (arm === 'slow' ? 40 : 20) + noise(seed)
const lost = (arm: string, seed: number): number => (arm === 'slow' ? 100 : 200) + 10 * noise(seed)
const base = runs(20, time, lost)

function both(input: string, change: (times: number) => RunRow[] | undefined): Variant[] {
  return [0.5, 2].map((times) => ({ input, times, rows: change(times) }))
}

describe('what mattered most', () => {
  it('is said in percent of the recommended arm, with an interval, the strongest first', () => {
    const report = judgeSensitivity(20, base, [
      ...both('weak', (times) => runs(20, (arm, seed) => time(arm, seed) + times - 1, lost)),
      ...both('strong', (times) => runs(20, (arm, seed) => time(arm, seed) * times, lost)),
    ])
    expect(report?.arm).toBe('slow')
    expect(report?.inputs.map(({ input }) => input)).toEqual(['strong', 'weak'])
    const [half, twice] = report?.inputs[0]?.effects ?? []
    expect(half?.time?.estimate).toBeCloseTo(-0.5, 12)
    expect(twice?.time?.estimate).toBeCloseTo(1, 12)
    // In proportion in each seed: nothing is left to doubt, however much seeds differ.
    expect(twice?.time?.interval.high).toBeCloseTo(1, 12)
    expect(report?.inputs[0]?.elasticity).toBeCloseTo(1, 12)
    expect(report?.inputs[1]?.elasticity).toBeLessThan(0.05)
  })

  it('leaves out what cannot be told from noise', () => {
    // Differences of +5 and -5 in turn: a mean of 0 and nothing to say.
    const shaken = runs(20, (arm, seed) => time(arm, seed) + (seed % 2 === 0 ? 5 : -5), lost)
    const report = judgeSensitivity(20, base, [
      ...both('noise', () => shaken),
      ...both('nothing', () => base),
      ...both('cannot be run', () => undefined),
    ])
    expect(report?.inputs).toEqual([])
    expect(report?.silent).toEqual(['noise', 'nothing', 'cannot be run'])
    expect(renderSensitivity(report!)).toEqual([
      'MATTERED MOST for slow (one input at a time halved and doubled; 20 seeds, paired)',
      '  nothing that can be told from noise',
      '  less, or not to be told from noise: noise, nothing, cannot be run',
    ])
  })

  it('claims nothing in 20 reports about pure noise, though each looks at 20 inputs, two levels and two responses', () => {
    // Pseudo-random shifts of mean 0; at 95 % each, of 80 comparisons some 4 a report would be claimed.
    let state = 1
    const draw = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5
    const claims = Array.from({ length: 20 }, () => {
      const variants = Array.from({ length: 20 }, (_, i) =>
        both(`input ${i}`, () =>
          runs(
            16,
            (arm, seed) => time(arm, seed) + draw(),
            (arm, seed) => lost(arm, seed) + draw(),
          ),
        ),
      ).flat()
      return judgeSensitivity(16, runs(16, time, lost), variants)?.inputs.length ?? NaN
    })
    expect(claims.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3)
  })

  it('sets apart what only scales the cost', () => {
    const rate = both('request rate', (times) => runs(20, time, (arm, seed) => lost(arm, seed) * times))
    expect(judgeSensitivity(20, base, rate)).toMatchObject({ inputs: [], proportional: ['request rate'], silent: [] })
  })

  it('says when another arm would be recommended, and puts that first', () => {
    const report = judgeSensitivity(20, base, [
      ...both('strong', (times) => runs(20, (arm, seed) => time(arm, seed) * times, lost)),
      ...both('decisive', (times) =>
        runs(20, time, (arm, seed) => (arm === 'slow' ? lost(arm, seed) * times * 1.5 : 100)),
      ),
    ])
    expect(report?.inputs[0]).toMatchObject({ input: 'decisive', effects: [{ winner: undefined }, { winner: 'fast' }] })
    expect(renderSensitivity(report!)[1]).toBe(
      '  decisive  ×2: lost requests +200 %, then fast is best; ×½: lost requests -25 %',
    )
  })

  it('is nothing without runs', () => {
    expect(judgeSensitivity(0, [], [])).toBeUndefined()
  })
})
