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
let candidates = new Int32Array(64) as unknown as PodId[] & Int32Array
let candidateCount = 0
let relatedOnNode = new Int32Array(0)

/** Order of deletion by phase: Pending before Unknown before Running. */
const PHASE_ORDER: readonly number[] = [0, 2, 3, 3, 1]

/** Up to this many victims are picked one by one; more are popped from a heap. */
const PICKED_MAX = 8

/**
 * Chooses `count` of the active pods. The array is reused by the next call; only its first `count` entries count.
 * If all go there is no ranking.
 */
export function chooseVictims(cluster: Cluster, rs: ReplicaSetId, count: number): ArrayLike<PodId> {
  const { pods } = cluster
  listCandidates(cluster, rs)
  if (count >= candidateCount) return candidates
  countRelated(cluster, rs)
  const nowNs = cluster.nowUs * 1000
  if (count <= PICKED_MAX) pickFirst(pods, nowNs, count)
  else popFirst(pods, nowNs, count)
  return candidates
}

function listCandidates(cluster: Cluster, rs: ReplicaSetId): void {
  const { pods, replicaSets } = cluster
  if (candidates.length < pods.capacity) candidates = new Int32Array(pods.capacity) as unknown as typeof candidates
  candidateCount = 0
  let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod]) if (isActive(pods, pod)) candidates[candidateCount++] = pod
  assert(candidateCount === replicaSets.activePods[rs], 'the count of active pods is right')
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

/** Moves the `count` first in order of deletion to the front, one pass for each. */
function pickFirst(pods: Pods, nowNs: number, count: number): void {
  for (let taken = 0; taken < count; taken++) {
    let first = taken
    for (let i = taken + 1; i < candidateCount; i++)
      if (compareForDeletion(pods, nowNs, candidates[i], candidates[first]) < 0) first = i
    swap(taken, first)
  }
}

/** The same for many: a heap over the candidates, popped `count` times. */
function popFirst(pods: Pods, nowNs: number, count: number): void {
  for (let i = (candidateCount >> 1) - 1; i >= 0; i--) siftDown(pods, nowNs, i, candidateCount)
  for (let end = candidateCount - 1; end >= candidateCount - count; end--) {
    swap(0, end)
    siftDown(pods, nowNs, 0, end)
  }
  // The chosen ones stand at the end, first one last; bring them to the front.
  candidates.subarray(0, candidateCount).reverse()
}

function swap(a: number, b: number): void {
  const pod = candidates[a]
  candidates[a] = candidates[b]
  candidates[b] = pod
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

/** trunc(log2(age)), -1 for no age: the highest set bit of an integer below 2^53. */
function ageBucket(ageNs: number): number {
  if (ageNs <= 0) return -1
  const high = Math.floor(ageNs / 4_294_967_296)
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(ageNs)
}
