// 100,000 random states of budgets and pods: the disruption controller's sync, which works from sums that are kept, and
// a plain-object twin, which counts everything anew, come to the same status.

import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { BudgetStatus } from '../../src/cluster/budgets.ts'
import { applyBudgetSpec, spendDisruption } from '../../src/cluster/budgetWrites.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { DeletionReason } from '../../src/cluster/codes.ts'
import { applyDeploymentSpec, removeDeployment } from '../../src/cluster/deploymentWrites.ts'
import { isTerminal, type PodId } from '../../src/cluster/pods.ts'
import { failPod } from '../../src/cluster/podStatusWrites.ts'
import { bindPod, insertPod, markReady, markStarted, removePod } from '../../src/cluster/podWrites.ts'
import type { ReplicaSetId } from '../../src/cluster/replicaSets.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { translate } from '../../src/conform/translate.ts'
import { syncBudget } from '../../src/controllers/disruption/disruptionController.ts'
import { wireMachine } from '../../src/engine/wiring.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type BudgetId, type DeploymentId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import { Choices } from './random.ts'

const STATES = 100_000
const PODS_MAX = 12
const LABELS = ['a', 'b']
const SPECS = [
  { maxUnavailable: 1 },
  { maxUnavailable: '25%' },
  { maxUnavailable: '100%' },
  { minAvailable: 2 },
  { minAvailable: '50%' },
  { minAvailable: '100%' },
  {},
]
const SELECTORS = [
  { matchLabels: { app: 'a' } },
  {},
  { matchExpressions: [{ key: 'app', operator: 'In', values: ['b', 'c'] }] },
]

const NODE = {
  kind: 'Node',
  metadata: { name: 'node-01' },
  status: { allocatable: { cpu: '64', memory: '64Gi', pods: '110' } },
}

function deployment(app: string): Record<string, unknown> {
  const spec = { containers: [{ name: 'app', image: `${app}:v1` }] }
  const template = { metadata: { labels: { app } }, spec }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app },
    spec: { replicas: 1, selector: { matchLabels: { app } }, template },
  }
}

/** Two Deployments with six sizes each, and three budgets with every spec. */
function machine(): ReturnType<typeof wireMachine> {
  const budgets = SELECTORS.map((selector, i) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: `budget-${i}` },
    spec: { selector, ...SPECS[0] },
  }))
  const scales = LABELS.flatMap((name) =>
    [0, 2, 3, 5, 8].map((replicas) => ({ kind: 'Deployment', name, patch: { spec: { replicas } } })),
  )
  const demands = budgets.flatMap(({ metadata: { name } }) =>
    SPECS.slice(1).map((spec) => ({
      kind: 'PodDisruptionBudget',
      name,
      patch: { spec: { maxUnavailable: null, minAvailable: null, ...spec } },
    })),
  )
  const { scenario, arm } = translate({
    id: 'twins',
    objects: [NODE, ...LABELS.map(deployment), ...budgets] as never,
    timings: {},
    steps: [...scales, ...demands].map((step, i) => ({ at: 2 + i, op: 'patch', ...step })),
    untilSeconds: 100,
  })
  const model = compileModel({ ...scenario, surroundings: { ...scenario.surroundings, apiWriteUs: 0 } }, arm)
  const made = wireMachine({ ...model, capacity: { ...model.capacity, replicaSets: 8, pods: 64 } })
  // Timers do not matter here.
  made.cluster.agenda.push = () => {}
  return made
}

/** The status by the book, from lists of plain objects (getExpectedPodCount, countHealthyPods, buildDisruptedPodMap). */
function twinStatus(cluster: Cluster, budget: BudgetId): Partial<BudgetStatus> {
  const { budgets, deployments, pods, replicaSets } = cluster
  const { demand } = budgets.specOf(budget)
  const stored = budgets.status[budget]
  const list: { uid: number; rs: ReplicaSetId; marked: boolean; ready: boolean }[] = []
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    const rs = pods.owner[pod] as ReplicaSetId
    if (cluster.model.budgetSelects[budget][budgets.spec[budget]][pods.template[pod]] === 0) continue
    list.push({ uid: pods.uid[pod], rs, marked: pods.deletionMark[pod] === 1, ready: pods.ready[pod] === 1 })
  }
  const controllers = new Map<string, number>()
  for (const { rs } of list) {
    const row = replicaSets.deployment[rs]
    if (deployments.exists[row] === 1) controllers.set(`deployment ${row}`, deployments.replicas[row])
    else if (replicaSets.exists[rs] === 1) controllers.set(`rs ${rs}`, replicaSets.replicas[rs])
    else controllers.set('gone', NaN)
  }
  const scale = [...controllers.values()].reduce((sum, replicas) => sum + replicas, 0)
  const isInteger = demand.type === 'minAvailable' && !demand.value.percent
  const expectedPods = demand.type === 'nothing' ? 0 : isInteger ? list.length : scale
  if (Number.isNaN(expectedPods)) return { disruptionsAllowed: 0, currentHealthy: stored.currentHealthy }
  const evicted = list.filter(({ uid, marked }) => {
    const second = stored.disruptedPods.get(uid)
    return !marked && second !== undefined && second * 1e6 + 120e6 >= cluster.nowUs
  })
  const currentHealthy = list.filter(({ uid, marked, ready }) => {
    const isOnItsWay = evicted.some(
      (pod) => pod.uid === uid && stored.disruptedPods.get(uid)! * 1e6 + 120e6 > cluster.nowUs,
    )
    return ready && !marked && !isOnItsWay
  }).length
  let desiredHealthy = 0
  if (demand.type !== 'nothing') {
    const { value, percent } = demand.value
    const rounded = percent ? Math.ceil((value * expectedPods) / 100) : value
    desiredHealthy = demand.type === 'minAvailable' ? rounded : Math.max(0, expectedPods - rounded)
  }
  const allowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0
  return { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed: allowed }
}

describe('the disruption controller and its twin', () => {
  test(`agree on ${STATES} states`, () => {
    const made = machine()
    const { cluster } = made
    const choices = new Choices(1)
    const { budgets, pods } = cluster
    let broken = ''
    for (let i = 0; i < STATES && broken === ''; i++) {
      if (i % 500 === 0) begin(made)
      change(cluster, choices)
      const budget = choices.integer(0, budgets.count - 1) as BudgetId
      const twin = twinStatus(cluster, budget)
      syncBudget(cluster, budget)
      const status = budgets.status[budget]
      const ours = Object.fromEntries(Object.keys(twin).map((key) => [key, status[key as keyof BudgetStatus]]))
      if (JSON.stringify(ours) !== JSON.stringify(twin))
        broken = `state ${i}, ${pods.count} pods: ${JSON.stringify(ours)} is not ${JSON.stringify(twin)}`
    }
    expect(broken).toBe('')
  })
})

/** An empty cluster with both Deployments, two ReplicaSets each, and the budgets. */
function begin(made: ReturnType<typeof machine>): void {
  const { cluster } = made
  made.reset(1)
  cluster.nowUs = 10e6
  for (let row = 0 as DeploymentId; row < 2; row++) {
    applyDeploymentSpec(cluster, row, cluster.model.deployments[row].specs[0])
    for (let k = 0; k < 2; k++) insertReplicaSet(cluster, row, row as number as TemplateId, 2, 0, 2, 3, k + 1)
  }
  for (let budget = 0 as BudgetId; budget < cluster.budgets.count; budget++) applyBudgetSpec(cluster, budget, 0)
}

/** One random change. */
function change(cluster: Cluster, choices: Choices): void {
  const { budgets, deployments, model, pods } = cluster
  const pod = anyPod(cluster, choices)
  const row = choices.integer(0, 1) as DeploymentId
  cluster.nowUs += choices.pick([0, 0, 1_000_000, 17_000_000])
  switch (choices.integer(0, 11)) {
    case 0: {
      const budget = choices.integer(0, budgets.count - 1) as BudgetId
      applyBudgetSpec(cluster, budget, choices.integer(0, model.budgets[budget].specs.length - 1))
      break
    }
    case 1:
      if (deployments.exists[row] === 1) applyDeploymentSpec(cluster, row, choices.pick(model.deployments[row].specs))
      break
    case 2:
      if (choices.chance(0.02)) removeDeployment(cluster, row)
      break
    case 3:
    case 4:
      if (pods.count < PODS_MAX && deployments.exists[row] === 1)
        insertPod(
          cluster,
          Kind.ReplicaSet,
          row * 2 + choices.integer(0, 1),
          row as number as TemplateId,
          NONE,
          NONE as NodeId,
          0,
        )
      break
    case 5:
      if (pod !== NONE && choices.chance(0.4)) removePod(cluster, pod, choices.pick([NONE, 0]), DeletionReason.Step)
      break
    case 6:
      if (pod !== NONE && choices.chance(0.1)) failPod(cluster, pod, false)
      break
    case 7:
      if (pod !== NONE && pods.deletionMark[pod] === 0 && pods.ready[pod] === 1)
        spendDisruption(cluster, choices.integer(0, budgets.count - 1) as BudgetId, pods.uid[pod])
      break
    default:
      if (pod === NONE || isTerminal(pods, pod)) break
      if (pods.node[pod] === NONE) {
        if (pods.deletionMark[pod] === 0) bindPod(cluster, pod, 0 as NodeId)
      } else if (pods.phase[pod] === 0) markStarted(cluster, pod)
      else markReady(cluster, pod, choices.chance(0.8))
  }
}

function anyPod(cluster: Cluster, choices: Choices): PodId {
  const { pods } = cluster
  let skip = choices.integer(0, Math.max(0, pods.count - 1))
  let pod = pods.first
  for (; pod !== NONE && skip > 0; skip--) pod = pods.next[pod]
  return pod
}
