// What holds for every way to carry out a release, whatever the sizes, the timings and the new version are like.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { isActive } from '../../src/cluster/pods.ts'
import { isOfActiveHash } from '../../src/cluster/serviceSelectors.ts'
import { createEngine, Player } from '../../src/engine/engine.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DeploymentId, Kind } from '../../src/model/types.ts'
import type { CanaryStep, Strategy } from '../../src/scenario/strategyTypes.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { seconds, simpleScenario } from '../scenarios.ts'

const second = 1_000_000

interface Case {
  readonly replicas: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  readonly strategy: Strategy | undefined
  /** Of the new version. */
  readonly errorRate: number
  readonly startMs: readonly number[]
  readonly terminateMs: readonly number[]
  readonly endpointDelayMs: number
  readonly apiWriteMs: number
  /** When a third version follows the second; 0: never. */
  readonly nextAtSeconds: number
}

const canarySteps: fc.Arbitrary<CanaryStep[]> = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 100 }).map((weight): CanaryStep => ({ type: 'setWeight', weight })),
    fc.integer({ min: 1, max: 40 }).map((pause): CanaryStep => ({ type: 'pause', us: pause * second })),
    fc
      .record({ count: fc.integer({ min: 1, max: 4 }), failureLimit: fc.integer({ min: 0, max: 1 }) })
      .map((it): CanaryStep => ({
        ...it,
        type: 'analysis',
        rule: { op: '<=', share: 0.02 },
        intervalUs: 10 * second,
      })),
  ),
  { minLength: 1, maxLength: 5 },
)

const strategies: fc.Arbitrary<Strategy | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    type: fc.constant('blueGreen' as const),
    scaleDownDelayUs: fc.integer({ min: 0, max: 40 }).map((each) => each * second),
    promoteAfterUs: fc.constantFrom(0, 20 * second),
    previewReplicas: fc.constantFrom(undefined, 1, 2),
  }),
  canarySteps.map((steps): Strategy => ({ type: 'canary', steps, maxSurge: undefined, maxUnavailable: undefined })),
  fc.record({
    type: fc.constantFrom('byHand' as const, 'deleteAllPods' as const),
    intervalUs: fc.constantFrom(0, 3 * second),
    waitReady: fc.boolean(),
  }),
)

const cases: fc.Arbitrary<Case> = fc
  .record({
    replicas: fc.integer({ min: 2, max: 8 }),
    maxSurge: fc.integer({ min: 0, max: 4 }),
    maxUnavailable: fc.integer({ min: 0, max: 2 }),
    strategy: strategies,
    errorRate: fc.constantFrom(0, 0, 0.3, 1),
    startMs: fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 6 }),
    terminateMs: fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 6 }),
    endpointDelayMs: fc.integer({ min: 0, max: 3000 }),
    apiWriteMs: fc.constantFrom(0, 1, 20),
    nextAtSeconds: fc.constantFrom(0, 0, 25, 60),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0)

function scenarioOf(it: Case): Scenario {
  const draws = (list: readonly number[]): { type: 'list'; entriesUs: readonly number[] } => ({
    type: 'list',
    entriesUs: list.map((each) => each * 1000 + 7),
  })
  const image = (atSeconds: number, name: string): Scenario['timeline'][number] => ({
    atUs: atSeconds * second,
    op: 'setImage',
    workload: { kind: 'Deployment', name: 'web' },
    container: 'app',
    image: name,
  })
  const scenario = simpleScenario({
    replicas: it.replicas,
    maxSurge: it.maxSurge,
    maxUnavailable: it.maxUnavailable,
    ...(it.strategy && { strategy: it.strategy }),
    timings: { '*': { start: draws(it.startMs), ready: seconds(1), terminate: draws(it.terminateMs) } },
    endpointDelayUs: it.endpointDelayMs * 1000,
    apiWriteUs: it.apiWriteMs * 1000,
    horizonSeconds: 700,
    warmUpSeconds: 120,
    requestsPerSecond: 100,
    timeline: [image(10, 'web:v2'), ...(it.nextAtSeconds > 0 ? [image(it.nextAtSeconds, 'web:v3')] : [])],
  })
  return { ...scenario, applications: { 'web:v2': { errorShare: it.errorRate } } }
}

/** The most pods that the strategy may want. */
function podsMax({ maxSurge, nextAtSeconds, replicas, strategy }: Case): number {
  if (strategy === undefined || strategy.type === 'canary') return replicas + maxSurge
  // A third version may come while blue still waits for its scale-down.
  if (strategy.type === 'blueGreen') return (nextAtSeconds > 0 ? 3 : 2) * replicas
  return replicas
}

interface Seen {
  /** Most pods that the ReplicaSets wanted, and most that there were. */
  wanted: number
  active: number
  /** Most versions that the Services selected at once, where a strategy switches them. */
  selected: number
  /** Images of the pods at the end. */
  images: Set<string>
}

function play(scenario: Scenario): Seen {
  const model = compileModel(scenario, scenario.arms[0])
  const seen: Seen = { wanted: 0, active: 0, selected: 0, images: new Set() }
  const web = 0 as DeploymentId
  const player: Player = new Player(model, () => {
    const { cluster } = player.machine
    const { deployments, nowUs, pods, replicaSets } = cluster
    if (deployments.exists[web] === 0 || nowUs < model.zeroUs) return
    let wanted = 0
    for (let rs = deployments.oldestReplicaSet[web]; rs !== NONE; rs = replicaSets.next[rs])
      wanted += replicaSets.replicas[rs]
    let active = 0
    const selected = new Set<number>()
    seen.images = new Set()
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet || !isActive(pods, pod)) continue
      active++
      seen.images.add(model.images[model.templates[pods.template[pod]].image].name)
      if (isOfActiveHash(cluster, pod)) selected.add(pods.hash[pod])
    }
    seen.wanted = Math.max(seen.wanted, wanted)
    seen.active = Math.max(seen.active, active)
    seen.selected = Math.max(seen.selected, selected.size)
    // Whatever a strategy does to the selectors, they are never empty of pods.
    if (deployments.activeHash[web] !== NONE && selected.size === 0) seen.selected = Infinity
  })
  player.run(1)
  return seen
}

test('every strategy keeps to its pods, its Services and its books', { timeout: 120_000 }, () => {
  const outcomes = new Set<string>()
  const check = (it: Case): void => {
    const scenario = scenarioOf(it)
    const row = { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
    const seen = play(scenario)
    outcomes.add(row.outcome)
    expect(seen.wanted).toBeLessThanOrEqual(podsMax(it))
    // With latency a new pod may come before an old one has been told to go; without it never.
    if (it.apiWriteMs === 0) expect(seen.active).toBeLessThanOrEqual(podsMax(it))
    if (it.strategy?.type === 'blueGreen') expect(seen.selected).toBe(1)
    expect(row.answeredRequests + row.lostRequests).toBeCloseTo(row.requests, 6)
    const last = it.nextAtSeconds > 0 ? 'web:v3' : 'web:v2'
    if (row.outcome === 'complete') expect([...seen.images]).toEqual([last])
    if (row.outcome === 'aborted' && it.nextAtSeconds === 0) expect([...seen.images]).toEqual(['web:v1'])
  }
  fc.assert(fc.property(cases, check), { numRuns: 120, seed: 20_261_125 })
  expect(outcomes).toContain('complete')
  expect(outcomes).toContain('aborted')
})
