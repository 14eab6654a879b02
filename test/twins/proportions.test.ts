// Percentages and proportional scaling: published values, and a plain computation on 100,000 random states.

import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { DeploymentStatus } from '../../src/cluster/deployments.ts'
import type { ReplicaSetId } from '../../src/cluster/replicaSets.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { scale } from '../../src/controllers/deployment/scale.ts'
import { wireMachine } from '../../src/engine/wiring.ts'
import { compileModel } from '../../src/model/compile.ts'
import { resolveFenceposts } from '../../src/model/fenceposts.ts'
import type { DeploymentId, DeploymentSpec, IntOrPercent, TemplateId } from '../../src/model/types.ts'
import { simpleScenario } from '../scenarios.ts'
import { Choices } from './random.ts'

const deployment = 0 as DeploymentId

function resolve(replicas: number, surge: string, unavailable: string): [number, number] {
  const parse = (text: string): IntOrPercent => ({ value: Number.parseInt(text), percent: text.endsWith('%') })
  const spec = { recreate: false, replicas, maxSurge: parse(surge), maxUnavailable: parse(unavailable) }
  const { maxSurge, maxUnavailable } = resolveFenceposts(spec as DeploymentSpec)
  return [maxSurge, maxUnavailable]
}

describe('fenceposts', () => {
  // Each was obtained by running the functions of Kubernetes v1.36.
  test.each([
    [1, '25%', '25%', 1, 0],
    [2, '25%', '25%', 1, 0],
    [3, '25%', '25%', 1, 0],
    [4, '25%', '25%', 1, 1],
    [5, '25%', '25%', 2, 1],
    [7, '25%', '25%', 2, 1],
    [10, '25%', '25%', 3, 2],
    [9, '0', '10%', 0, 1],
    [3, '150%', '100%', 5, 3],
    [3, '0', '200', 0, 3],
    [0, '0', '1', 0, 0],
  ])('of %d replicas, surge %s, unavailable %s: %d and %d', (replicas, surge, unavailable, ...want) => {
    expect(resolve(replicas, surge, unavailable)).toEqual(want)
  })

  test('agree with whole-number arithmetic on 100,000 random states', () => {
    const choices = new Choices(1)
    for (let i = 0; i < 100_000; i++) {
      const replicas = choices.integer(0, 1200)
      const [a, b] = [choices.integer(0, 200), choices.integer(0, 100)]
      const whole = (percent: number): number => (percent * replicas - ((percent * replicas) % 100)) / 100
      const surge = whole(a) + ((a * replicas) % 100 > 0 ? 1 : 0)
      const unavailable = surge === 0 && whole(b) === 0 ? 1 : whole(b)
      const [maxSurge, maxUnavailable] = resolve(replicas, `${a}%`, `${b}%`)
      if (maxSurge !== surge || maxUnavailable !== Math.min(unavailable, replicas))
        expect([replicas, a, b, maxSurge, maxUnavailable]).toEqual([replicas, a, b, surge, unavailable])
    }
  })
})

interface Sizes {
  readonly replicas: number
  readonly surge: number
  /** The annotation max-replicas; 0: missing. */
  readonly max: number
  readonly statusReplicas: number
  /** spec.replicas of the ReplicaSets, oldest first; all are active. */
  readonly sizes: readonly number[]
}

const { cluster } = wireMachine(compileModel(simpleScenario({}), simpleScenario({}).arms[0]))

function scaleOurs(state: Sizes): number[] {
  reset(cluster, state)
  const rows = state.sizes.map((size) =>
    insertReplicaSet(cluster, deployment, 0 as TemplateId, size, 0, NONE, state.max === 0 ? NONE : state.max, 1),
  )
  const status = new DeploymentStatus()
  status.replicas = state.statusReplicas
  scale(cluster, deployment, rows.at(-1) as ReplicaSetId, status)
  return rows.map((rs) => cluster.replicaSets.replicas[rs])
}

function reset(into: Cluster, { replicas, surge }: Sizes): void {
  into.reset()
  const table = into.deployments as unknown as Record<'exists' | 'replicas' | 'maxSurge', Int32Array>
  table.exists[deployment] = 1
  table.replicas[deployment] = replicas
  table.maxSurge[deployment] = surge
}

/** Everyone's share is the size's part of the new total, rounded; the largest goes first and takes what is left. */
function scalePlainly({ max, replicas, sizes, statusReplicas, surge }: Sizes): number[] {
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)
  const toAdd = (replicas > 0 ? replicas + surge : 0) - sum(sizes)
  if (toAdd === 0) return [...sizes]
  const order = sizes.map((size, age) => ({ size, age, share: 0 }))
  order.sort((a, b) => b.size - a.size || (toAdd > 0 ? b.age - a.age : a.age - b.age))
  const base = max > 0 ? max : statusReplicas
  for (const each of order) {
    const left = toAdd - sum(order.map(({ share }) => share))
    const part = base === 0 ? 0 : Math.round((each.size * (replicas + surge)) / base) - each.size
    const fraction = replicas === 0 ? -each.size : part
    each.share = left === 0 ? 0 : toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left)
  }
  const rest = toAdd - sum(order.map(({ share }) => share))
  return sizes.map((size, age) => {
    const place = order.findIndex((each) => each.age === age)
    const scaled = size + order[place].share
    return place === 0 ? Math.max(0, scaled + rest) : scaled
  })
}

describe('proportional scaling', () => {
  // Obtained by running the controller of Kubernetes v1.36: replicas, surge, max-replicas, status.replicas, sizes.
  test.each([
    [15, 3, 13, 13, [8, 5], [11, 7]],
    [20, 2, 10, 10, [5, 5], [11, 11]],
    [5, 3, 13, 13, [8, 5], [5, 3]],
    [30, 3, 13, 13, [8, 3, 2], [20, 8, 5]],
    [7, 0, 10, 10, [3, 3, 4], [2, 2, 3]],
    [0, 0, 13, 13, [8, 5], [0, 0]],
    [11, 0, 10, 10, [5, 5], [5, 6]],
    [9, 0, 10, 10, [5, 5], [4, 5]],
    [20, 0, 0, 13, [8, 5], [12, 8]],
  ])(
    'to %d replicas, surge %d, of at most %d (status %d): %j becomes %j',
    (replicas, surge, max, status, sizes, want) => {
      const state = { replicas, surge, max, statusReplicas: status, sizes }
      expect(scaleOurs(state)).toEqual(want)
      expect(scalePlainly(state)).toEqual(want)
    },
  )

  test('agrees with a plain computation on 100,000 random states', () => {
    const choices = new Choices(2)
    for (let i = 0; i < 100_000; i++) {
      const sizes = Array.from({ length: choices.integer(2, 4) }, () => choices.integer(1, 30))
      const state: Sizes = {
        replicas: choices.chance(0.05) ? 0 : choices.integer(1, 60),
        surge: choices.integer(0, 8),
        max: choices.chance(0.1) ? 0 : choices.integer(1, 70),
        statusReplicas: choices.integer(0, 60),
        sizes,
      }
      const ours = scaleOurs(state).join()
      const plain = scalePlainly(state).join()
      if (ours !== plain) expect(`${JSON.stringify(state)}: ${ours}`).toBe(`${JSON.stringify(state)}: ${plain}`)
    }
  })
})
