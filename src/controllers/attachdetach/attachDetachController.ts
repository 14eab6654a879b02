// After pkg/controller/volume/attachdetach/reconciler/reconciler.go and populator/desired_state_of_world_populator.go,
// Kubernetes v1.36.3: attaches volumes to the nodes of the pods that want them, and detaches them from the others.
// The loop runs each 0.1 s; a pass that would find nothing new is no event, the others keep its grid.

import { NONE } from '../../base/columns.ts'
import { type AttachmentId, AttachState } from '../../cluster/attachments.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus, EventKind, PodChange, PodPhase, Rank } from '../../cluster/codes.ts'
import { Passes } from '../../cluster/passes.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import type { StorageDraws } from '../../cluster/storageDraws.ts'
import { isOutOfService } from '../../cluster/taints.ts'
import { noteRefused, publish, setAttachState, want } from '../../cluster/volumeWrites.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { OPERATION_US_MAX, OperationBackoff, seenAfterUs } from './operations.ts'

const LOOP_US = 100_000
/** maxWaitForUnmountDuration: after more than this a node that is not Ready has its disks taken. */
const UNMOUNT_WAIT_US = 360_000_000

export class AttachDetachController {
  private readonly cluster: Cluster
  private readonly draws: StorageDraws
  private readonly passes: Passes
  private readonly backoff: OperationBackoff
  /** Per pod: 1 while it counts as one that wants its volumes. */
  private readonly counted: Uint8Array
  /** Per pod: 1 when its status says that no container runs. */
  private readonly stopped: Uint8Array
  /** Per attachment: when a pass first saw it unwanted; Infinity: not yet. */
  private readonly requestedUs: Float64Array
  /** Per attachment: when its operation ends, and when the driver is done; Infinity: there is none. */
  private readonly endUs: Float64Array
  private readonly driverUs: Float64Array
  /** Per attachment: 1 if the driver will refuse; 1 if node.status.volumesAttached lacks what is attached. */
  private readonly fails: Uint8Array
  private readonly unpublished: Uint8Array

  constructor(cluster: Cluster, draws: StorageDraws) {
    const { attachments, pods, volumes } = cluster
    this.cluster = cluster
    this.draws = draws
    this.passes = new Passes(cluster, EventKind.AttachDetachPass, LOOP_US, 0)
    this.backoff = new OperationBackoff(volumes.count + attachments.capacity)
    this.counted = new Uint8Array(pods.capacity)
    this.stopped = new Uint8Array(pods.capacity)
    this.requestedUs = new Float64Array(attachments.capacity)
    this.endUs = new Float64Array(attachments.capacity)
    this.driverUs = new Float64Array(attachments.capacity)
    this.fails = new Uint8Array(attachments.capacity)
    this.unpublished = new Uint8Array(attachments.capacity)
  }

  reset(): void {
    this.passes.reset()
    this.backoff.reset()
    this.counted.fill(0)
    this.requestedUs.fill(Infinity)
    this.endUs.fill(Infinity)
    this.driverUs.fill(Infinity)
    this.unpublished.fill(0)
  }

  watcher(): Watcher {
    const { attachments, pods, volumes } = this.cluster
    return {
      podAdded: (pod) => {
        this.counted[pod] = 0
        this.stopped[pod] = 0
      },
      podUpdated: (pod, change) => {
        if (change === PodChange.Bound) this.count(pod)
        else if (this.isDone(pod)) this.uncount(pod)
      },
      containersStopped: (pod) => {
        this.stopped[pod] = 1
        if (this.isDone(pod)) this.uncount(pod)
      },
      podDeleted: (pod) => this.uncount(pod),
      claimChanged: (claim) => {
        if (volumes.volumeOf[claim] === NONE) return
        // A pod that was bound by hand may have been there before its disk was.
        for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
          if (pods.node[pod] !== NONE && volumes.claimsOf(pod).includes(claim)) this.count(pod)
      },
      attachmentChanged: () => this.passes.wake(),
      nodeChanged: () => {
        if (attachments.count > 0) this.passes.wake()
      },
    }
  }

  /** A pod is done with its volumes: finished, or to be deleted and without a running container (IsPodTerminated …). */
  private isDone(pod: PodId): boolean {
    const { pods } = this.cluster
    if (isTerminal(pods, pod)) return true
    return pods.deletionMark[pod] === 1 && (this.stopped[pod] === 1 || pods.phase[pod] === PodPhase.Pending)
  }

  private count(pod: PodId): void {
    const { attachments, pods, volumes } = this.cluster
    if (this.counted[pod] === 1 || this.isDone(pod) || !volumes.areBound(pod)) return
    this.counted[pod] = 1
    for (const claim of volumes.claimsOf(pod)) {
      const volume = volumes.volumeOf[claim]
      if (!volumes.isAttachable(volume)) continue
      const at = attachments.obtain(volume, pods.node[pod])
      want(this.cluster, at, 1)
      this.requestedUs[at] = Infinity
      this.passes.wake()
    }
  }

  private uncount(pod: PodId): void {
    const { attachments, pods, volumes } = this.cluster
    if (this.counted[pod] === 0) return
    this.counted[pod] = 0
    for (const claim of volumes.claimsOf(pod)) {
      const volume = volumes.volumeOf[claim]
      const at = volume === NONE ? (NONE as AttachmentId) : attachments.find(volume, pods.node[pod])
      if (at === NONE) continue
      want(this.cluster, at, -1)
      this.passes.wake()
    }
  }

  /** A pass of the loop: detaches, then attaches, then what the nodes' status says. */
  firePass(): void {
    if (!this.passes.begins()) return
    const { attachments } = this.cluster
    const { live } = attachments
    let againUs = Infinity
    for (let i = attachments.count - 1; i >= 0; i--) {
      const at = live[i] as AttachmentId
      const unwanted = attachments.wantedBy[at] === 0
      if (unwanted && attachments.state[at] !== AttachState.Detached) againUs = Math.min(againUs, this.detach(at))
      else if (unwanted && attachments.releaseIfIdle(at)) this.forget(at)
    }
    for (let i = 0; i < attachments.count; i++) {
      const at = live[i] as AttachmentId
      const isUp = attachments.state[at] === AttachState.Attached || attachments.state[at] === AttachState.Detaching
      if (attachments.wantedBy[at] > 0 && !isUp) againUs = Math.min(againUs, this.attach(at))
    }
    for (let i = 0; i < attachments.count; i++) {
      const at = live[i] as AttachmentId
      if (this.unpublished[at] === 0) continue
      this.unpublished[at] = 0
      publish(this.cluster, at, true)
    }
    this.passes.ends(0)
    if (againUs < Infinity) this.passes.wake(againUs)
  }

  /** One look at a volume that no pod wants on its node; returns when to look again though nothing happens till then. */
  private detach(at: AttachmentId): number {
    const { cluster } = this
    const { attachments, nodes, nowUs } = cluster
    const node = attachments.node[at]
    const key = this.keyOf(at)
    if (this.endUs[at] < Infinity) return Infinity
    if (this.backoff.readyUs(key) > nowUs) return this.backoff.readyUs(key)
    if (this.requestedUs[at] === Infinity) this.requestedUs[at] = nowUs
    const isOverdue = nowUs - this.requestedUs[at] > UNMOUNT_WAIT_US
    const isReady = nodes.exists[node] === 1 && nodes.ready[node] === ConditionStatus.True
    const isLost = nodes.exists[node] === 1 && isOutOfService(nodes.taints[node])
    if (attachments.inUse[at] === 1 && !(isOverdue && !isReady) && !isLost) {
      return isOverdue ? Infinity : this.requestedUs[at] + UNMOUNT_WAIT_US + 1
    }
    publish(cluster, at, false)
    this.unpublished[at] = 0
    this.begin(at, AttachState.Detaching, this.draws.durationUs('detach', attachments.volume[at]))
    return Infinity
  }

  /** One look at a volume that a pod wants on this node and that is not attached there. */
  private attach(at: AttachmentId): number {
    const { cluster } = this
    const { attachments, nodes, nowUs, volumes } = cluster
    const key = this.keyOf(at)
    const volume = attachments.volume[at]
    if (this.endUs[at] < Infinity || nodes.exists[attachments.node[at]] === 0) return Infinity
    if (this.backoff.readyUs(key) > nowUs) return this.backoff.readyUs(key)
    if (!volumes.allowsMany(volume) && attachments.isElsewhere(at)) {
      noteRefused(cluster, at, true)
      return Infinity
    }
    this.fails[at] = this.draws.attachFails(volume) ? 1 : 0
    // A driver that was still at work when the last attempt ran into its limit is not asked to begin anew.
    const goesOn = this.driverUs[at] < Infinity
    this.begin(at, AttachState.Attaching, goesOn ? this.driverUs[at] - nowUs : this.draws.durationUs('attach', volume))
    return Infinity
  }

  /** Starts an operation in the background. */
  private begin(at: AttachmentId, state: AttachState, driverUs: number): void {
    const { cluster } = this
    const { agenda, attachments, nowUs } = cluster
    setAttachState(cluster, at, state)
    const seenUs = seenAfterUs(driverUs, attachments.volume[at], this.draws)
    this.driverUs[at] = nowUs + driverUs
    this.endUs[at] = nowUs + Math.min(seenUs, OPERATION_US_MAX)
    if (seenUs === Infinity) this.fails[at] = 1
    else if (state === AttachState.Detaching) this.fails[at] = 0
    agenda.push(this.endUs[at], Rank.World, EventKind.VolumeOperation, at)
  }

  /** An operation ends. */
  fireOperation(at: AttachmentId): void {
    const { cluster } = this
    const { attachments, nowUs } = cluster
    if (this.endUs[at] !== nowUs) return
    this.endUs[at] = Infinity
    const key = this.keyOf(at)
    const isAttach = attachments.state[at] === AttachState.Attaching
    this.passes.wake()
    if (this.fails[at] === 1) {
      this.backoff.fail(key, nowUs)
      const refused = this.driverUs[at] <= nowUs
      if (refused) this.driverUs[at] = Infinity
      // After the limit nobody knows whether the disk is attached: it stays where it may be.
      if (isAttach && refused) setAttachState(cluster, at, AttachState.Detached)
      else if (!isAttach) setAttachState(cluster, at, AttachState.Attached)
      return
    }
    this.backoff.succeed(key)
    this.driverUs[at] = Infinity
    setAttachState(cluster, at, isAttach ? AttachState.Attached : AttachState.Detached)
    if (isAttach) noteRefused(cluster, at, false)
    this.unpublished[at] = isAttach ? 1 : 0
    this.requestedUs[at] = Infinity
  }

  /** One operation at a time and one back-off for a volume; for each node of one that may have several. */
  private keyOf(at: AttachmentId): number {
    const { attachments, volumes } = this.cluster
    const volume = attachments.volume[at]
    return volumes.allowsMany(volume) ? volumes.count + at : volume
  }

  private forget(at: AttachmentId): void {
    this.requestedUs[at] = Infinity
    this.unpublished[at] = 0
    this.backoff.succeed(this.cluster.volumes.count + at)
  }
}
