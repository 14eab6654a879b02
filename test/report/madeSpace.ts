// Results of a space whose answer is known: arm `fast` loses nothing where x is at most 50, arm `safe` nothing elsewhere.

import { RESPONSES, type Response } from '../../src/metrics/types.ts'
import type { ArmInSpace, SpaceResults } from '../../src/report/space/readSpace.ts'

/** An arm whose means are the same number in all columns but those given. */
function madeArm(arm: string, scenarios: number, given: Partial<Record<Response | 'complete', number[]>>): ArmInSpace {
  const column = (values?: number[]): Float64Array => Float64Array.from(values ?? new Array<number>(scenarios).fill(0))
  const means = Object.fromEntries(RESPONSES.map((response) => [response, column(given[response])]))
  return {
    arm,
    complete: column(given.complete ?? new Array<number>(scenarios).fill(1)),
    means: means as ArmInSpace['means'],
  }
}

/** 100 scenarios with x = 1 … 100, and y that says nothing. */
export function madeSpace(): SpaceResults {
  const xs = Array.from({ length: 100 }, (_, index) => index + 1)
  const colours = ['red', 'blue']
  return {
    name: 'made',
    parameters: [
      { name: 'y', type: 'choice', values: colours },
      { name: 'x', type: 'duration', values: [] },
    ],
    winBy: ['complete', 'lostRequests', 'rolloutSeconds'],
    runs: 2,
    scenarios: xs.map((x) => ({
      name: `made-${x}`,
      state: 'ran',
      reason: '',
      values: [colours[x % 2] ?? '', String(x)],
    })),
    arms: [
      madeArm('fast', 100, { lostRequests: xs.map((x) => (x <= 50 ? 0 : 10)), rolloutSeconds: xs.map(() => 5) }),
      madeArm('safe', 100, { rolloutSeconds: xs.map(() => 9), downtimeSeconds: xs.map((x) => (x > 75 ? 1 : 0)) }),
      madeArm('stuck', 100, { complete: xs.map(() => 0.5), rolloutSeconds: xs.map(() => Infinity) }),
    ],
  }
}
