// In random runs full of deletions, adoptions and failures: no pod is lost or counted twice, the sums that are kept are
// those that counting gives, no garbage is left, and no foreground deletion waits for nothing.

import { expect, test } from 'vitest'
import { NONE } from '../src/base/columns.ts'
import { Hold } from '../src/cluster/holds.ts'
import type { Cluster } from '../src/cluster/cluster.ts'
import { isActive, type PodId } from '../src/cluster/pods.ts'
import type { ReplicaSetId } from '../src/cluster/replicaSets.ts'
import { translate } from '../src/conform/translate.ts'
import { Player } from '../src/engine/engine.ts'
import type { JsonObject } from '../src/manifest/types.ts'
import { compileModel } from '../src/model/compile.ts'
import { Kind } from '../src/model/types.ts'
import type { Step } from '../src/scenario/types.ts'

const KINDS = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet'] as const

/** A small generator of its own, so that each run can be found again by its number. */
function randomOf(seed: number): <T>(list: readonly T[]) => T {
  let state = seed * 7919 + 1
  return (list) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return list[Math.floor((state / 0x80000000) * list.length)]
  }
}

type Pick = ReturnType<typeof randomOf>

function objectOf(pick: Pick, kind: string, name: string): JsonObject {
  const containers = [{ name: 'app', image: pick(['v1', 'v2']), readinessProbe: { tcpSocket: { port: 80 } } }]
  const podSpec = { terminationGracePeriodSeconds: pick([1, 5, 30]), containers }
  const labels = { app: 'web' }
  const metadata = { name, labels, ...(pick([0, 0, 0, 1]) === 1 ? { finalizers: ['example.com/hold'] } : {}) }
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec: podSpec }
  const isController = kind === 'ReplicationController'
  const spec = {
    selector: isController ? labels : { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec },
  }
  const size = kind === 'DaemonSet' ? {} : { replicas: pick([1, 2, 4]) }
  const service = kind === 'StatefulSet' ? { serviceName: name } : {}
  return { apiVersion: isController ? 'v1' : 'apps/v1', kind, metadata, spec: { ...spec, ...size, ...service } }
}

function stepOf(pick: Pick, atUs: number): Step {
  const kind = pick(KINDS)
  switch (pick(['delete', 'delete', 'apply', 'apply', 'applyPod', 'deletePod', 'nodeDown', 'nodeUp', 'drain'])) {
    case 'delete':
      return {
        atUs,
        op: 'delete',
        object: { kind, name: 'web' },
        cascade: pick(['background', 'foreground', 'orphan'] as const),
      }
    case 'apply':
      return { atUs, op: 'apply', object: objectOf(pick, kind, 'web') }
    case 'applyPod':
      return { atUs, op: 'apply', object: objectOf(pick, 'Pod', pick(['solo-0', 'solo-1'])) }
    case 'deletePod':
      return { atUs, op: 'deletePod', index: pick([0, 3, 5]), force: pick([true, false]) }
    case 'drain':
      return { atUs, op: 'drain', node: 'node-01' }
    default:
      return { atUs, op: pick(['nodeDown', 'nodeUp'] as const), node: 'node-01' }
  }
}

function playerOf(seed: number): Player {
  const pick = randomOf(seed)
  const nodes = ['node-01', 'node-02'].map((name) => {
    const room = { cpu: '64', memory: '64Gi', pods: '110' }
    return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: {} }, status: { allocatable: room } }
  })
  const objects = [...KINDS.filter(() => pick([true, false])), 'Pod'].map((kind) =>
    objectOf(pick, kind, kind === 'Pod' ? 'solo-0' : 'web'),
  )
  const timing = { startSeconds: [1, 2], readySeconds: [1, 3], terminateSeconds: [5, 1] }
  const timings = { v1: timing, v2: timing }
  const recorded = { id: 'ownership-3', objects: [...nodes, ...objects], timings, steps: [], untilSeconds: 300 }
  const { arm, scenario } = translate(recorded)
  let atUs = 20_000_000
  const timeline = Array.from({ length: 10 }, () => stepOf(pick, (atUs += pick([0, 5_000, 1e6, 3e6, 8e6, 20e6]))))
  const apiWriteUs = pick([0, 1, 5_000])
  const surroundings = { ...scenario.surroundings, apiWriteUs, controllerWorkers: pick([1, 5]) }
  const player: Player = new Player(compileModel({ ...scenario, timeline, surroundings }, arm), () => {
    checkSums(player.machine.cluster)
  })
  return player
}

/** The sums that podCounts.ts keeps, against counting. */
function checkSums({ pods, replicaSets }: Cluster): void {
  let count = 0
  let orphans = 0
  const active = new Int32Array(replicaSets.created)
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    count++
    if (pods.ownerKind[pod] === Kind.None) orphans++
    if (pods.ownerKind[pod] === Kind.ReplicaSet && isActive(pods, pod)) active[pods.owner[pod]]++
  }
  expect([pods.count, pods.created - pods.deleted, pods.orphanCount]).toEqual([count, count, orphans])
  expect([...active.keys()].map((rs) => replicaSets.activePods[rs as ReplicaSetId])).toEqual([...active])
}

/** At the end: nothing alive whose owner is gone, nothing that waits without dependents. */
function checkEnd(cluster: Cluster): void {
  const { holds, pods, replicaSets } = cluster
  for (let pod: PodId = pods.first; pod !== NONE; pod = pods.next[pod])
    if (pods.ownerKind[pod] === Kind.ReplicaSet && pods.deletionMark[pod] === 0)
      expect(replicaSets.exists[pods.owner[pod] as ReplicaSetId]).toBe(1)
  for (let rs = 0 as ReplicaSetId; rs < replicaSets.created; rs++) {
    const waits = replicaSets.exists[rs] === 1 && (holds.bits[Kind.ReplicaSet][rs] & Hold.Foreground) !== 0
    if (waits) expect(pods.firstOf[Kind.ReplicaSet][rs]).not.toBe(NONE)
  }
}

test('200 random runs of deletions and adoptions keep all sums', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const player = playerOf(seed)
    player.run(seed)
    checkEnd(player.machine.cluster)
  }
})
