// After pkg/controller/controller_utils.go (ActivePodsWithRanks) and replicaset/replica_set.go (getPodsToDelete),
// Kubernetes v1.36: which pods go first when a ReplicaSet is scaled down.

import { assert } from '../../base/assert.ts'
import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import { isActive, type PodId, type Pods } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { Kind } from '../../model/types.ts'

/** Scratch of one choice: the candidates, and the number of related pods per node. */
const candidates: PodId[] = []
let relatedOnNode = new Int32Array(0)

/** Order of deletion by phase: Pending before Unknown before Running. */
const PHASE_ORDER: readonly number[] = [0, 2, 3, 3, 1]

/**
 * Chooses `count` of the active pods. The array is reused by the next call; only its first `count` entries count.
 * If all go there is no ranking.
 */
export function chooseVictims(cluster: Cluster, rs: ReplicaSetId, count: number): readonly PodId[] {
  const { pods, replicaSets } = cluster
  candidates.length = 0
  let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod]) if (isActive(pods, pod)) candidates.push(pod)
  assert(candidates.length === replicaSets.activePods[rs], 'the count of active pods is right')
  if (count >= candidates.length) return candidates
  countRelated(cluster, rs)
  selectFirst(cluster, count)
  return candidates
}

/**
 * Active pods per node over all ReplicaSets with the same controller: doubled-up pods go first. A ReplicaSet without
 * a controller has no related pods, and all its ranks are 0.
 */
function countRelated(cluster: Cluster, rs: ReplicaSetId): void {
  const { deployments, nodes, pods, replicaSets } = cluster
  if (relatedOnNode.length < nodes.count) relatedOnNode = new Int32Array(nodes.count)
  relatedOnNode.fill(0)
  const deployment = replicaSets.deployment[rs]
  if (deployment === NONE) return
  for (let other = deployments.oldestReplicaSet[deployment]; other !== NONE; other = replicaSets.next[other]) {
    let pod = pods.firstOf[Kind.ReplicaSet][other] as PodId
    for (; pod !== NONE; pod = pods.nextOfOwner[pod])
      if (isActive(pods, pod) && pods.node[pod] !== NONE) relatedOnNode[pods.node[pod]] += 1
  }
}

/** Moves the `count` first in order of deletion to the front: a heap over the candidates, popped `count` times. */
function selectFirst(cluster: Cluster, count: number): void {
  const { pods } = cluster
  const nowNs = cluster.nowUs * 1000
  const last = candidates.length - 1
  for (let i = (candidates.length >> 1) - 1; i >= 0; i--) siftDown(pods, nowNs, i, candidates.length)
  for (let taken = 0; taken < count; taken++) {
    const end = last - taken
    const first = candidates[0]
    candidates[0] = candidates[end]!
    candidates[end] = first
    siftDown(pods, nowNs, 0, end)
  }
  // The chosen ones stand at the end, first one last; bring them to the front.
  candidates.reverse()
}

function siftDown(pods: Pods, nowNs: number, start: number, length: number): void {
  const pod = candidates[start]
  let hole = start
  for (;;) {
    let child = 2 * hole + 1
    if (child >= length) break
    if (child + 1 < length && compareForDeletion(pods, nowNs, candidates[child + 1], candidates[child]) < 0) child++
    if (compareForDeletion(pods, nowNs, pod, candidates[child]) <= 0) break
    candidates[hole] = candidates[child]!
    hole = child
  }
  candidates[hole] = pod
}

/** Negative if `a` is deleted before `b`. The last resort, upstream's undefined order, is creation order here. */
export function compareForDeletion(pods: Pods, nowNs: number, a: PodId, b: PodId): number {
  const nodeA = pods.node[a]
  const nodeB = pods.node[b]
  if (nodeA !== nodeB && (nodeA === NONE || nodeB === NONE)) return nodeA === NONE ? -1 : 1
  if (pods.phase[a] !== pods.phase[b]) return PHASE_ORDER[pods.phase[a]] - PHASE_ORDER[pods.phase[b]]
  if (pods.ready[a] !== pods.ready[b]) return pods.ready[a] - pods.ready[b]
  const rankA = nodeA === NONE ? 0 : relatedOnNode[nodeA]
  const rankB = nodeB === NONE ? 0 : relatedOnNode[nodeB]
  if (rankA !== rankB) return rankB - rankA
  if (pods.phase[a] === PodPhase.Running && pods.ready[a] === 1) {
    const byAge = compareAges(pods, nowNs, a, b, pods.readyTransitionSeconds[a], pods.readyTransitionSeconds[b])
    if (byAge !== 0) return byAge
  }
  if (pods.restarts[a] !== pods.restarts[b]) return pods.restarts[b] - pods.restarts[a]
  const createdA = Math.floor(pods.createdAtUs[a] / 1e6)
  const createdB = Math.floor(pods.createdAtUs[b] / 1e6)
  return compareAges(pods, nowNs, a, b, createdA, createdB) || pods.uid[a] - pods.uid[b]
}

/**
 * Compares two ages on a logarithmic scale, so that pods of similar age count as equal and the UID decides: younger
 * first. Ages of 5 s and 6 s are in one bucket (2^32 ns); 8 s and 9 s are not (2^33 ns = 8.59 s lies between them).
 */
function compareAges(pods: Pods, nowNs: number, a: PodId, b: PodId, sinceA: number, sinceB: number): number {
  if (sinceA === sinceB) return 0
  const bucketA = ageBucket(nowNs - sinceA * 1e9)
  const bucketB = ageBucket(nowNs - sinceB * 1e9)
  return bucketA === bucketB ? pods.uid[a] - pods.uid[b] : bucketA - bucketB
}

function ageBucket(ageNs: number): number {
  return ageNs > 0 ? Math.trunc(Math.log2(ageNs)) : -1
}
