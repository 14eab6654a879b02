// What each controller promises, looked at from outside at every write: watchers that fail the run at the first write
// against a rule. The rules of order compare with the store at the instant of the decision, so they hold to the letter
// only where API writes take no time (`exact`); with latency the world may have moved on when a write lands.

import { expect } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { DeletionReason, PodChange, PodPhase } from '../../src/cluster/codes.ts'
import type { JobId } from '../../src/cluster/jobs.ts'
import { isActive, isAvailable, isTerminal, PodFinalizer, type PodId } from '../../src/cluster/pods.ts'
import type { ReplicaSetId } from '../../src/cluster/replicaSets.ts'
import type { Watcher } from '../../src/cluster/watch.ts'
import { eligibilityOf } from '../../src/controllers/daemonset/eligibility.ts'
import { scaledValue } from '../../src/model/fenceposts.ts'
import { type BudgetId, type DaemonSetId, Kind, type NodeId, type StatefulSetId } from '../../src/model/types.ts'

/** Fails the run with the time in the message. */
function require(cluster: Cluster, holds: boolean, rule: string): void {
  if (!holds) expect.fail(`at ${cluster.nowUs} us: ${rule}`)
}

function podsOf({ pods }: Cluster, kind: Kind, row: number): PodId[] {
  const list: PodId[] = []
  for (let pod = pods.firstOf[kind][row] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) list.push(pod)
  return list
}

/** Every deletion has a reason; pods are bound to nodes that exist. */
export function watchDeletions(cluster: Cluster): Watcher {
  const { nodes, pods } = cluster
  const hasReason = (pod: PodId): void =>
    require(cluster, pods.deletionReason[pod] !== DeletionReason.None, 'a pod is deleted for a reason')
  return {
    podUpdated(pod, change) {
      if (change === PodChange.DeletionMark) hasReason(pod)
      if (change === PodChange.Bound)
        require(cluster, nodes.exists[pods.node[pod]] === 1, 'pods are bound to nodes that exist')
    },
    podDeleted: hasReason,
  }
}

/** Calls `taken` when a pod gets its deletion mark, or goes without one. */
function onRemoval(cluster: Cluster, kind: Kind, taken: (pod: PodId) => void): Watcher {
  const { pods } = cluster
  const marked = new Set<number>()
  const removed = (pod: PodId): void => {
    if (pods.ownerKind[pod] !== kind || marked.has(pods.uid[pod])) return
    marked.add(pods.uid[pod])
    taken(pod)
  }
  return {
    podAdded(pod) {
      if (pods.uid[pod] === 0) marked.clear()
    },
    podUpdated(pod, change) {
      if (change === PodChange.DeletionMark) removed(pod)
    },
    podDeleted: removed,
  }
}

/** StatefulSets: one pod per ordinal; with OrderedReady made upwards and taken down from the highest. */
export function watchStatefulSets(cluster: Cluster, exact: boolean): Watcher[] {
  const { pods, statefulSets } = cluster
  const isHealthy = (set: StatefulSetId, pod: PodId): boolean =>
    pods.phase[pod] === PodPhase.Running &&
    pods.deletionMark[pod] === 0 &&
    isAvailable(pods, pod, statefulSets.minReadySeconds[set], cluster.nowUs)
  const slotOf = (set: StatefulSetId, pod: PodId): number => pods.ordinal[pod] - statefulSets.startOrdinal[set]
  const isWanted = (set: StatefulSetId, pod: PodId): boolean => {
    const slot = slotOf(set, pod)
    return slot >= 0 && slot < statefulSets.replicas[set]
  }
  /** All slots from `from` to `to` hold a healthy pod. */
  const areHealthy = (set: StatefulSetId, from: number, to: number): boolean => {
    const healthy = podsOf(cluster, Kind.StatefulSet, set).filter((pod) => isHealthy(set, pod))
    const slots = new Set(healthy.map((pod) => slotOf(set, pod)))
    for (let slot = from; slot < to; slot++) if (!slots.has(slot)) return false
    return true
  }
  const added = (pod: PodId): void => {
    if (pods.ownerKind[pod] !== Kind.StatefulSet) return
    const set = pods.owner[pod] as StatefulSetId
    const twins = podsOf(cluster, Kind.StatefulSet, set).filter((each) => pods.ordinal[each] === pods.ordinal[pod])
    require(cluster, twins.length === 1, `ordinal ${pods.ordinal[pod]} has one pod`)
    if (!exact) return
    const slot = slotOf(set, pod)
    require(cluster, isWanted(set, pod), `ordinal ${pods.ordinal[pod]} is wanted`)
    if (statefulSets.parallel[set] === 0)
      require(cluster, areHealthy(
        set,
        0,
        slot,
      ), `pods below ordinal ${pods.ordinal[pod]} are available before it is made`)
    const { currentRevision, updateRevision } = statefulSets.status[set]
    const isOld = statefulSets.onDelete[set] === 0 && slot < statefulSets.partition[set]
    const knows = currentRevision !== NONE && updateRevision !== NONE
    if (isOld && knows) require(cluster, pods.template[pod] === currentRevision, 'below the partition pods are old')
  }
  const removed = (pod: PodId): void => {
    const set = pods.owner[pod] as StatefulSetId
    if (!exact || !cluster.isOwnerAlive(pod)) return
    const reason = pods.deletionReason[pod]
    const slot = slotOf(set, pod)
    const replicas = statefulSets.replicas[set]
    if (reason === DeletionReason.ScaledDown) {
      require(cluster, !isWanted(set, pod), 'only unwanted pods are scaled down')
      if (statefulSets.parallel[set] === 1) return
      const others = podsOf(cluster, Kind.StatefulSet, set).filter((each) => each !== pod && !isWanted(set, each))
      require(cluster, others.every((each) => pods.ordinal[each] < pods.ordinal[pod]), 'the highest ordinal goes first')
      require(cluster, areHealthy(set, 0, replicas), 'pods that stay are available before one goes')
    }
    if (reason === DeletionReason.RolloutReplaced) {
      require(cluster, slot >= Math.max(0, statefulSets.partition[set]), 'the partition is kept')
      const from = statefulSets.parallel[set] === 1 ? slot + 1 : 0
      const others = areHealthy(set, from, slot) && areHealthy(set, slot + 1, replicas)
      require(cluster, others, 'one pod at a time is taken down')
    }
  }
  return [{ podAdded: added }, onRemoval(cluster, Kind.StatefulSet, removed)]
}

/** DaemonSets: one pod of a template on a node, surge and unavailability within their bounds. */
export function watchDaemonSets(cluster: Cluster, exact: boolean): Watcher[] {
  const { daemonSets, nodes, pods } = cluster
  const nodeOf = (pod: PodId): NodeId => (pods.node[pod] === NONE ? pods.targetNode[pod] : pods.node[pod])
  const desiredOf = (ds: DaemonSetId): number => {
    let desired = 0
    for (let node = 0 as NodeId; node < nodes.count; node++)
      if (nodes.exists[node] === 1 && eligibilityOf(cluster, daemonSets.spec[ds], node) === 'run') desired++
    return desired
  }
  const present = (ds: DaemonSetId): PodId[] =>
    podsOf(cluster, Kind.DaemonSet, ds).filter((pod) => daemonSets.owns(pods, ds, pod))
  const isUp = (ds: DaemonSetId, pod: PodId): boolean =>
    isAvailable(pods, pod, daemonSets.spec[ds].minReadySeconds, cluster.nowUs)
  const added = (pod: PodId): void => {
    if (pods.ownerKind[pod] !== Kind.DaemonSet) return
    const ds = pods.owner[pod] as DaemonSetId
    const active = present(ds).filter((each) => isActive(pods, each))
    const beside = active.filter((each) => each !== pod && nodeOf(each) === nodeOf(pod))
    require(cluster, beside.every(
      (each) => pods.template[each] !== pods.template[pod],
    ), 'a node has one pod of a template')
    const { maxSurge, onDelete, template } = daemonSets.spec[ds]
    if (!exact) return
    require(cluster, beside.length === 0 || (!onDelete && maxSurge.value > 0), 'without surge a node has one pod')
    if (!beside.some((each) => isUp(ds, each))) return
    const old = new Set(active.filter((each) => pods.template[each] !== template && isUp(ds, each)).map(nodeOf))
    const surging = active.filter(
      (each) => pods.template[each] === template && !isUp(ds, each) && old.has(nodeOf(each)),
    )
    require(cluster, surging.length <= scaledValue(maxSurge, desiredOf(ds), true), 'no more pods surge than maxSurge')
  }
  const removed = (pod: PodId): void => {
    const ds = pods.owner[pod] as DaemonSetId
    if (!exact || daemonSets.exists[ds] === 0 || !isUp(ds, pod)) return
    const { maxSurge, maxUnavailable } = daemonSets.spec[ds]
    if (pods.deletionReason[pod] !== DeletionReason.RolloutReplaced || maxSurge.value > 0) return
    const desired = desiredOf(ds)
    const up = new Set(
      present(ds)
        .filter((each) => pods.deletionMark[each] === 0 && isUp(ds, each))
        .map(nodeOf),
    )
    const wanted = Array.from({ length: nodes.count }, (_, node) => node).filter(
      (node) =>
        nodes.exists[node as NodeId] === 1 && eligibilityOf(cluster, daemonSets.spec[ds], node as NodeId) === 'run',
    )
    const down = wanted.filter((node) => !up.has(node as NodeId)).length
    const bound = Math.max(1, scaledValue(maxUnavailable, desired, true))
    require(cluster, down <= bound, `${down} nodes are without an available pod, maxUnavailable is ${bound}`)
  }
  return [{ podAdded: added }, onRemoval(cluster, Kind.DaemonSet, removed)]
}

/** Jobs: never more active pods than parallelism, none after the last failure, and what has succeeded stays so. */
export function watchJobs(cluster: Cluster, exact: boolean): Watcher {
  const { jobs, pods } = cluster
  const succeeded = new Map<string, number>()
  return {
    podAdded(pod) {
      if (pods.ownerKind[pod] !== Kind.Job || !exact) return
      const job = pods.owner[pod] as JobId
      const { backoffLimit, backoffLimitPerIndex, parallelism, suspend } = jobs.spec[job]
      const active = podsOf(cluster, Kind.Job, job).filter((each) => jobs.owns(pods, job, each) && isActive(pods, each))
      require(cluster, active.length <= parallelism, `${active.length} pods are active, parallelism is ${parallelism}`)
      require(cluster, !suspend && jobs.outcome(job) === undefined, 'a Job that is over or suspended makes no pods')
      const isWithin = backoffLimitPerIndex !== NONE || jobs.status[job].failed <= backoffLimit
      require(cluster, isWithin, 'no pod is made after backoffLimit failures')
    },
    statusChanged(kind, row) {
      if (kind !== Kind.Job) return
      const job = row as JobId
      const key = `${row} ${jobs.firstPodUid[job]}`
      const status = jobs.status[job]
      require(cluster, status.succeeded >= (succeeded.get(key) ?? 0), 'what has succeeded stays counted')
      succeeded.set(key, status.succeeded)
      if (jobs.outcome(job) === undefined) return
      for (const pod of podsOf(cluster, Kind.Job, job))
        if (jobs.owns(pods, job, pod) && isTerminal(pods, pod))
          require(cluster, (pods.finalizer[pod] & PodFinalizer.JobTracking) === 0, 'a finished Job holds no pod')
    },
    objectDeleted(kind, row) {
      if (kind === Kind.Job) for (const key of succeeded.keys()) if (key.startsWith(`${row} `)) succeeded.delete(key)
    },
  }
}

/** Budgets: an eviction of a healthy pod spends one of the disruptions that the status allows at that moment. */
export function watchBudgets(cluster: Cluster, exact: boolean): Watcher[] {
  const { budgets, pods } = cluster
  const allowed = new Map<BudgetId, number>()
  const spent = new Set<BudgetId>()
  const budgetsOf = (pod: PodId): BudgetId[] =>
    Array.from({ length: budgets.count }, (__, i) => i as BudgetId).filter(
      (each) => budgets.exists[each] === 1 && budgets.selects(each, pods.template[pod]),
    )
  const evicted = (pod: PodId): void => {
    if (pods.deletionReason[pod] !== DeletionReason.Evicted) return
    if (pods.ready[pod] === 0 || pods.phase[pod] !== PodPhase.Running) return
    const [budget, ...others] = budgetsOf(pod)
    if (budget === undefined) return
    require(cluster, others.length === 0, 'a pod of two budgets is not evicted')
    require(cluster, spent.delete(budget), 'an eviction spends a disruption')
    const { desiredHealthy } = budgets.status[budget]
    if (exact)
      require(cluster, budgets.readyCount[budget] >= desiredHealthy, 'healthy pods stay as many as the budget says')
  }
  const status: Watcher = {
    statusChanged(kind, row) {
      if (kind !== Kind.PodDisruptionBudget) return
      const budget = row as BudgetId
      const now = budgets.status[budget].disruptionsAllowed
      require(cluster, now >= 0, 'disruptionsAllowed is never negative')
      if (now === (allowed.get(budget) ?? 0) - 1) spent.add(budget)
      else spent.delete(budget)
      allowed.set(budget, now)
    },
  }
  const kinds = [Kind.ReplicaSet, Kind.StatefulSet]
  return [status, ...kinds.map((kind) => onRemoval(cluster, kind, evicted))]
}

/** Deployments: never more active pods than the largest replicas + surge that there has been. */
export function watchDeployments(cluster: Cluster): Watcher {
  const { deployments, pods, replicaSets } = cluster
  const most = new Map<number, number>()
  return {
    specChanged(kind, row) {
      if (kind !== Kind.Deployment) return
      const bound = deployments.replicas[row as never] + deployments.maxSurge[row as never]
      most.set(row, Math.max(bound, most.get(row) ?? 0))
    },
    podAdded(pod) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet) return
      const above = replicaSets.deployment[pods.owner[pod] as ReplicaSetId]
      if (above === NONE) return
      require(cluster, deployments.activePods[above] <= most.get(above)!, 'no more pods than replicas + surge')
    },
  }
}
