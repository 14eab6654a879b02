// After pkg/controller/nodelifecycle/node_lifecycle_controller.go, Kubernetes v1.36: nodes that fall silent become
// Unknown, their pods NotReady, and they get the NoExecute taints that make taint eviction take the pods. Left out: pods
// bound to a node that is not Ready (they have no Ready condition yet) and the reconciling of labels.
//
// The monitor's passes are events only while some node is neither in good health nor settled in its failure.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { Controller } from '../../cluster/cluster.ts'
import { ConditionStatus, EventKind, NodeState, Rank } from '../../cluster/codes.ts'
import { patchTaints, setNodeReady } from '../../cluster/nodeWrites.ts'
import { Passes } from '../../cluster/passes.ts'
import { markPodNotReady } from '../../cluster/podStatusWrites.ts'
import { OwnTaint, ownTaintsOf } from '../../cluster/taints.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { NodeId } from '../../model/types.ts'
import { DisruptionMode } from './disruptionMode.ts'
import { GRACE_US, NodeHealth } from './nodeHealth.ts'
import type { TaintQueue } from './taintQueue.ts'

/** --node-monitor-period, and the least time that a pass takes: so the tenth pass after one is past its grace. */
const MONITOR_PERIOD_US = 5_000_001
/** How often waiting nodes are looked at (scheduler.NodeEvictionPeriod). */
const TAINT_PERIOD_US = 100_000
/** The loops start a little after the first lease renewals. */
const FIRST_PASS_US = 5_000
/** Nodes that a pass looks at side by side (nodeUpdateWorkerSize). */
const WORKERS = 8

/** What a monitor event is: a pass, the last answer to a pass, or (plus a node) what the start-up sees of a node. */
const Monitor = { Begin: 0, End: 1, First: 2 } as const

export class NodeLifecycleController {
  private readonly cluster: Cluster
  private readonly monitor: Passes
  private readonly tainter: Passes
  private readonly health: NodeHealth
  private readonly mode: DisruptionMode
  /** Own taints of each node when the current pass listed the nodes. */
  private readonly listedTaints: Uint16Array
  private readonly workerUs = new Float64Array(WORKERS)
  private hasWritten = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.monitor = new Passes(cluster, EventKind.NodeMonitorPass, MONITOR_PERIOD_US, FIRST_PASS_US)
    this.tainter = new Passes(cluster, EventKind.TaintPass, TAINT_PERIOD_US, FIRST_PASS_US)
    this.health = new NodeHealth(cluster, MONITOR_PERIOD_US)
    this.mode = new DisruptionMode(cluster)
    this.listedTaints = new Uint16Array(cluster.nodes.count)
  }

  reset(): void {
    this.monitor.reset()
    this.tainter.reset()
    this.health.reset(FIRST_PASS_US)
    this.mode.reset()
    const { agenda, nodes } = this.cluster
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      if (nodes.exists[node] === 0) continue
      if (nodes.unschedulable[node] === 1 || ownTaintsOf(nodes.taints[node]) !== 0)
        agenda.push(FIRST_PASS_US, Rank.World, EventKind.NodeMonitorPass, Monitor.First + node)
    }
  }

  watcher(): Watcher {
    const queue = this.cluster.queues[Controller.NodeLifecycle]
    return {
      nodeChanged: (node) => {
        queue.add(node)
        this.wakeFor(node)
      },
    }
  }

  /** Wants a pass if it would do something about the node. */
  private wakeFor(node: NodeId): void {
    const { nodes } = this.cluster
    if (nodes.exists[node] === 0 || !this.mode.isCalm()) return this.monitor.wake()
    const own = ownTaintsOf(nodes.taints[node]) & NO_EXECUTE
    if (nodes.ready[node] === ConditionStatus.True) {
      if (own !== 0 || nodes.down[node] !== NodeState.Up) this.monitor.wake()
    } else if (own !== OwnTaint.UnreachableNoExecute) this.monitor.wake()
  }

  /** A monitor event, see Monitor. */
  fireMonitor(detail: number): void {
    if (detail === Monitor.End) return this.endPass()
    if (detail === Monitor.Begin) return this.monitor.begins() ? this.beginPass() : undefined
    const node = (detail - Monitor.First) as NodeId
    this.cluster.queues[Controller.NodeLifecycle].add(node)
    if ((ownTaintsOf(this.cluster.nodes.taints[node]) & NO_EXECUTE) !== 0) this.beginPass()
  }

  private beginPass(): void {
    const { api, nodes } = this.cluster
    this.hasWritten = false
    this.workerUs.fill(0)
    this.mode.beginCount()
    api.begin(Controller.NodeLifecycle)
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      if (nodes.exists[node] === 0) continue
      const worker = this.workerUs.indexOf(Math.min(...this.workerUs))
      api.offsetUs = this.workerUs[worker]
      this.visit(node)
      this.workerUs[worker] = api.offsetUs
    }
    api.end()
    const lengthUs = Math.max(...this.workerUs)
    this.monitor.ends(lengthUs)
    if (lengthUs === 0) return this.endPass()
    const { agenda, nowUs } = this.cluster
    agenda.push(nowUs + lengthUs, Rank.Answer, EventKind.NodeMonitorPass, Monitor.End)
  }

  /** One node in one pass: its health, its place in the taint queue, its pods. */
  private visit(node: NodeId): void {
    const { api, nodes, nowUs } = this.cluster
    const observed = nodes.ready[node]
    this.health.observe(node)
    this.listedTaints[node] = ownTaintsOf(nodes.taints[node])
    let current = observed
    if (observed !== ConditionStatus.Unknown && this.health.isOverdue(node, nowUs + api.offsetUs)) {
      current = ConditionStatus.Unknown
      setNodeReady(this.cluster, node, current)
      this.awaitAnswer()
    }
    this.mode.count(node, current)
    this.followCondition(node, current)
    if (current === ConditionStatus.True || observed !== ConditionStatus.True) return
    const { pods } = this.cluster
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node || pods.ready[pod] === 0) continue
      markPodNotReady(this.cluster, pod)
      this.awaitAnswer()
    }
  }

  /** Taints follow the Ready condition: swapped at once, added through the queue, or taken off (processTaintBaseEviction). */
  private followCondition(node: NodeId, current: ConditionStatus): void {
    const { api, nowUs } = this.cluster
    if (current === ConditionStatus.True) return this.markReachable(node)
    const isFalse = current === ConditionStatus.False
    const own = isFalse ? OwnTaint.NotReadyNoExecute : OwnTaint.UnreachableNoExecute
    const opposite = NO_EXECUTE - own
    if ((this.listedTaints[node] & opposite) !== 0) {
      patchTaints(this.cluster, node, own, 0)
      this.awaitAnswer()
      patchTaints(this.cluster, node, 0, opposite)
      this.awaitAnswer()
      return
    }
    const queue = this.mode.queueOf(node)
    if ((this.listedTaints[node] & own) === 0 && !queue.waits(node)) queue.remove(node)
    queue.add(node, nowUs + api.offsetUs)
  }

  /** Takes the NoExecute taints off, and the node out of the queue (markNodeAsReachable). */
  private markReachable(node: NodeId): void {
    for (const taint of [OwnTaint.UnreachableNoExecute, OwnTaint.NotReadyNoExecute]) {
      if ((this.listedTaints[node] & taint) === 0) continue
      patchTaints(this.cluster, node, 0, taint)
      this.awaitAnswer()
    }
    this.mode.queueOf(node).remove(node)
  }

  private awaitAnswer(): void {
    this.hasWritten = true
    this.cluster.api.awaitAnswer()
  }

  /** All nodes have been visited: the zones' states, then the wait for the next pass. */
  private endPass(): void {
    const { api, nodes, nowUs } = this.cluster
    api.begin(Controller.NodeLifecycle)
    const change = this.mode.settle()
    if (change === 'stopped')
      for (let node = 0 as NodeId; node < nodes.count; node++) if (nodes.exists[node] === 1) this.markReachable(node)
    if (change === 'resumed') this.health.restart(nowUs)
    this.monitor.ends(api.end())
    if (change !== 'same' || this.hasWritten) this.monitor.wake()
    this.wakeForSilent()
    this.wakeTainter()
  }

  /** Nodes that are silent and still say Ready: the pass that will have waited long enough. */
  private wakeForSilent(): void {
    const { nodes } = this.cluster
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      if (nodes.exists[node] === 0 || nodes.down[node] === 0) continue
      if (nodes.ready[node] === ConditionStatus.True) this.monitor.wake(this.health.probeUs[node] + GRACE_US + 1)
    }
  }

  private wakeTainter(): void {
    const atUs = this.mode.nextTaintUs()
    if (atUs < Infinity) this.tainter.wake(atUs)
  }

  /** A pass of the taint loop (doNoExecuteTaintingPass): each zone taints as many waiting nodes as it has tokens. */
  fireTaintPass(): void {
    if (!this.tainter.begins()) return
    const { api } = this.cluster
    api.begin(Controller.NodeLifecycle)
    for (const queue of this.mode.queues) this.serve(queue)
    this.tainter.ends(api.end())
    this.wakeTainter()
  }

  private serve(queue: TaintQueue): void {
    const { api, nodes, nowUs } = this.cluster
    for (let node = queue.head(nowUs); node !== undefined; node = queue.head(nowUs)) {
      // A token is gone even if the node turns out to need no taint.
      if (!queue.bucket.tryAccept(nowUs + api.offsetUs)) return
      const ready = nodes.ready[node]
      if (nodes.exists[node] === 1 && ready !== ConditionStatus.True) {
        const own = ready === ConditionStatus.False ? OwnTaint.NotReadyNoExecute : OwnTaint.UnreachableNoExecute
        const opposite = ownTaintsOf(nodes.taints[node]) & (NO_EXECUTE - own)
        patchTaints(this.cluster, node, own, 0)
        api.awaitAnswer()
        if (opposite !== 0) {
          patchTaints(this.cluster, node, 0, opposite)
          api.awaitAnswer()
        }
      }
      queue.serve(node)
    }
  }
}

const NO_EXECUTE = OwnTaint.NotReadyNoExecute + OwnTaint.UnreachableNoExecute
