// A scenario for the fake engine: the parts that a sweep reads are right, the rest is empty.

import type { Scenario } from '../../src/scenario/types.ts'

/** A scenario with the named arms, each with the named Deployments. */
export function fakeScenario(arms: readonly string[], workloads: readonly string[] = ['checkout']): Scenario {
  const objects = workloads.map((name) => ({ kind: 'Deployment', metadata: { name } }))
  return {
    name: 'checkout',
    hash: 'c0ffee',
    kubernetes: '1.36',
    arms: arms.map((name) => ({ name, label: name, objects, rawObjects: [] })),
    timeline: [{ atUs: 60_000_000, op: 'restart', workload: { kind: 'Deployment', name: 'checkout' } }],
    horizonUs: 1_260_000_000,
  } as unknown as Scenario
}

/** Recreate against twelve rolling settings, as in the flagship scenario. */
export const FLAGSHIP_ARMS: readonly string[] = [
  'recreate',
  ...['0', '1', '25pct', '50pct'].flatMap((surge) => ['0', '1', '25pct'].map((down) => `rolling-${surge}-${down}`)),
  'rolling-100pct-0',
].filter((name) => name !== 'rolling-0-0')
