// After pkg/kubelet/volumemanager (populator/desired_state_of_world_populator.go, reconciler/reconciler.go), Kubernetes
// v1.36.3: the loops of the volume managers of all nodes. Both run each 0.1 s, here on one grid, the reconciler first:
// what the populator takes in at one tick is acted on at the next. A volume is mounted when the node has reported that it
// is in use, the controller has attached it and says so, and the kubelet has verified that; it is unpublished when its pod
// is over, and unstaged after the last. Ticks at which nothing can happen are no events.

import { NONE } from '../base/columns.ts'
import type { AttachmentId } from '../cluster/attachments.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { StorageDraws } from '../cluster/storageDraws.ts'
import { hold, noteFormatted, reportInUse } from '../cluster/volumeWrites.ts'
import type { VolumeId } from '../cluster/volumes.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { NodeId } from '../model/types.ts'
import { MountState, PodMounts } from './podMounts.ts'
import { StagedVolumes } from './stagedVolumes.ts'
import { StatusRounds } from './statusRounds.ts'

const TICK_US = 100_000
/** In the word of an event: its detail is an attachment, not a mount. */
const OF_ATTACHMENT = 1 << 8

/** The first tick of the loops after an instant. */
export function tickAfter(us: number): number {
  return (Math.floor(us / TICK_US) + 1) * TICK_US
}

/** Who is told what has become of the volumes of a pod that is still there. */
export interface MountListener {
  /** One more of its volumes is mounted. */
  volumeMounted(pod: PodId): void
  /** One of its mounts is over. */
  mountGone(pod: PodId): void
}

export class VolumeReconciler {
  private readonly cluster: Cluster
  private readonly draws: StorageDraws
  private readonly listener: MountListener
  private readonly mounts: PodMounts
  private readonly staged: StagedVolumes
  private readonly rounds: StatusRounds

  constructor(cluster: Cluster, draws: StorageDraws, random: RandomStreams, listener: MountListener) {
    const { attachments, model, pods } = cluster
    const { claimsMax, jitter } = model.storage!
    this.cluster = cluster
    this.draws = draws
    this.listener = listener
    this.mounts = new PodMounts(2 * pods.capacity * Math.max(1, claimsMax))
    this.staged = new StagedVolumes(attachments.capacity)
    this.rounds = new StatusRounds(cluster, random, jitter)
  }

  reset(): void {
    this.mounts.reset()
    this.staged.reset()
    this.rounds.reset()
  }

  /** A pod of a node wants a volume. */
  add(pod: PodId, volume: VolumeId, node: NodeId): void {
    const { attachments, nowUs, pods, volumes } = this.cluster
    const at = volumes.isAttachable(volume) ? attachments.obtain(volume, node) : (NONE as AttachmentId)
    if (at !== NONE) {
      if (attachments.held[at] === 0) this.staged.clear(at)
      hold(this.cluster, at, true)
    }
    this.step(this.mounts.add(pod, pods.uid[pod], volume, node, at), MountState.New, tickAfter(nowUs))
  }

  /** A machine stops: nothing is mounted there any more, and what it has said of its volumes stays. */
  machineStopped(node: NodeId): void {
    const { attachments } = this.cluster
    const { mounts } = this
    for (let row = mounts.first, next = row; row !== NONE; row = next) {
      next = mounts.next[row]
      if (mounts.node[row] !== node) continue
      const at = mounts.attachment[row] as AttachmentId
      if (at !== NONE) this.staged.clear(at)
      this.drop(row)
    }
    for (let i = 0; i < attachments.count; i++) {
      const at = attachments.live[i] as AttachmentId
      if (attachments.node[at] !== node || attachments.held[at] === 0) continue
      this.staged.clear(at)
      hold(this.cluster, at, false)
    }
  }

  /** A kubelet is there again: it sees which of its pods are gone, and its rounds go on. */
  nodeIsUp(node: NodeId): void {
    const { attachments, pods } = this.cluster
    const { mounts } = this
    for (let row = mounts.first; row !== NONE; row = mounts.next[row])
      if (mounts.node[row] === node && pods.uid[mounts.pod[row] as PodId] !== mounts.uid[row]) this.stop(row)
    for (let i = 0; i < attachments.count; i++) {
      const at = attachments.live[i] as AttachmentId
      if (attachments.node[at] === node && attachments.inUse[at] !== this.isInUse(at)) this.rounds.wake(node)
    }
  }

  /** A status round of a node: volumesInUse is what it has taken in and not unstaged. */
  fireRound(node: NodeId): void {
    const { attachments } = this.cluster
    if (!this.rounds.begins(node)) return
    for (let i = attachments.count - 1; i >= 0; i--) {
      const at = attachments.live[i] as AttachmentId
      if (attachments.node[at] !== node || attachments.inUse[at] === this.isInUse(at)) continue
      reportInUse(this.cluster, at, attachments.inUse[at] === 0)
    }
  }

  private isInUse(at: AttachmentId): number {
    return this.cluster.attachments.held[at] === 1 && this.staged.isTaken(at) ? 1 : 0
  }

  /** Plays the step of a mount, or of a staged volume, that is due. */
  fire(word: number, detail: number): void {
    if ((word & OF_ATTACHMENT) !== 0) return this.fireStaged(detail as AttachmentId)
    const { mounts } = this
    if (mounts.dueUs[detail] !== this.cluster.nowUs) return
    mounts.dueUs[detail] = Infinity
    switch (mounts.state[detail]) {
      case MountState.New:
        this.takeIn(detail)
        break
      case MountState.Starting:
        this.mount(detail)
        break
      case MountState.Mounting:
        this.mounted(detail)
        break
      case MountState.Stopping:
        this.unmount(detail)
        break
      default:
        this.release(detail)
    }
  }

  /** The populator takes a volume in: it counts as in use from the next status round on. */
  private takeIn(row: number): void {
    const { mounts } = this
    const at = mounts.attachment[row] as AttachmentId
    mounts.state[row] = MountState.Waiting
    if (at !== NONE) {
      this.staged.users[at]++
      if (this.cluster.attachments.inUse[at] === 0) this.rounds.wake(mounts.node[row] as NodeId)
    }
    this.advance(row)
  }

  /** Whether a volume that waits can be mounted, and when. */
  private advance(row: number): void {
    const { mounts, staged } = this
    const { attachments, nowUs } = this.cluster
    const at = mounts.attachment[row] as AttachmentId
    if (mounts.state[row] !== MountState.Waiting) return
    let startUs = tickAfter(nowUs)
    if (at !== NONE) {
      if (staged.isBusy(at)) return
      if (staged.verified[at] === 0) {
        if (attachments.inUse[at] === 0 || attachments.published[at] === 0) return
        // This tick verifies the attachment, the next one mounts.
        staged.verified[at] = 1
        startUs += TICK_US
      }
    }
    this.step(row, MountState.Starting, startUs)
  }

  /** Something has changed for the mounts that wait for a volume on a node. */
  lookAgain(at: AttachmentId): void {
    const { mounts } = this
    for (let row = mounts.first; row !== NONE; row = mounts.next[row])
      if (mounts.attachment[row] === at) this.advance(row)
  }

  /** Stages the volume, if no pod of the node has it yet, and publishes it. */
  private mount(row: number): void {
    const { mounts, staged } = this
    const { nowUs, volumes } = this.cluster
    const at = mounts.attachment[row] as AttachmentId
    const volume = mounts.volume[row] as VolumeId
    if (at !== NONE && staged.isBusy(at)) {
      mounts.state[row] = MountState.Waiting
      return
    }
    const drawnUs = this.draws.durationUs('mount', volume)
    const isStaged = at !== NONE && staged.isStaged(at)
    const formatUs = volumes.formatted[volume] === 1 ? 0 : this.draws.durationUs('format', volume)
    if (at !== NONE && !isStaged) staged.begin(at)
    this.step(row, MountState.Mounting, nowUs + (isStaged ? Math.round(drawnUs / 2) : drawnUs) + formatUs)
  }

  private mounted(row: number): void {
    const { mounts } = this
    const at = mounts.attachment[row] as AttachmentId
    mounts.state[row] = MountState.Mounted
    noteFormatted(this.cluster, mounts.volume[row] as VolumeId)
    if (at !== NONE) this.staged.end(at)
    if (at !== NONE) this.lookAgain(at)
    if (mounts.isLeaving[row] === 1) this.stop(row)
    else if (this.isAlive(row)) this.listener.volumeMounted(mounts.pod[row] as PodId)
  }

  /** A pod is over: all its volumes may go. */
  leave(pod: PodId): void {
    const { mounts } = this
    const uid = this.cluster.pods.uid[pod]
    for (let row = mounts.first; row !== NONE; row = mounts.next[row])
      if (mounts.pod[row] === pod && mounts.uid[row] === uid) this.stop(row)
  }

  /** A volume is not wanted any more: the populator's next tick takes it out, the reconciler's after it unmounts it. */
  private stop(row: number): void {
    const { mounts } = this
    const { nowUs } = this.cluster
    const tickUs = tickAfter(nowUs)
    switch (mounts.state[row]) {
      case MountState.Mounting:
        mounts.isLeaving[row] = 1
        break
      case MountState.Mounted:
        this.step(row, MountState.Stopping, tickUs + TICK_US)
        break
      case MountState.New:
      case MountState.Waiting:
      case MountState.Starting:
        if (mounts.state[row] === MountState.New && mounts.attachment[row] !== NONE)
          this.staged.users[mounts.attachment[row]]++
        this.step(row, MountState.Unmounting, tickUs)
        break
      default:
    }
  }

  /** Unpublishes the volume. */
  private unmount(row: number): void {
    const drawnUs = this.draws.durationUs('unmount', this.mounts.volume[row] as VolumeId)
    const at = this.mounts.attachment[row]
    if (at !== NONE) this.staged.unstageUs[at] = drawnUs - Math.round(drawnUs / 2)
    this.step(row, MountState.Unmounting, this.cluster.nowUs + Math.round(drawnUs / 2))
  }

  /** The volume is not mounted for the pod any more; the last pod of the node has it unstaged. */
  private release(row: number): void {
    const { mounts, staged } = this
    const at = mounts.attachment[row] as AttachmentId
    this.drop(row)
    if (at === NONE || --staged.users[at] > 0) return
    this.stepStaged(at, tickAfter(this.cluster.nowUs))
  }

  /** Takes a mount off the list. */
  private drop(row: number): void {
    const { mounts } = this
    const pod = mounts.pod[row] as PodId
    const alive = this.isAlive(row)
    mounts.remove(row)
    if (alive) this.listener.mountGone(pod)
  }

  /** A volume that no pod of the node uses is unstaged, and then forgotten. */
  private fireStaged(at: AttachmentId): void {
    const { staged } = this
    const { attachments, nowUs } = this.cluster
    if (staged.dueUs[at] !== nowUs) return
    staged.dueUs[at] = Infinity
    if (staged.isUnstaging(at)) {
      staged.unstaged(at)
      this.stepStaged(at, tickAfter(nowUs))
      this.lookAgain(at)
      return
    }
    if (staged.users[at] > 0) return
    if (staged.isStaged(at)) {
      staged.unstage(at)
      this.stepStaged(at, nowUs + staged.unstageUs[at])
      return
    }
    const node = attachments.node[at]
    staged.clear(at)
    hold(this.cluster, at, false)
    if (attachments.inUse[at] === 1) this.rounds.wake(node)
  }

  private step(row: number, state: MountState, atUs: number): void {
    this.mounts.state[row] = state
    this.mounts.dueUs[row] = atUs
    this.cluster.agenda.push(atUs, Rank.World, EventKind.KubeletVolume, row)
  }

  private stepStaged(at: AttachmentId, atUs: number): void {
    this.staged.dueUs[at] = atUs
    this.cluster.agenda.push(atUs, Rank.World, EventKind.KubeletVolume | OF_ATTACHMENT, at)
  }

  private isAlive(row: number): boolean {
    return this.cluster.pods.uid[this.mounts.pod[row] as PodId] === this.mounts.uid[row]
  }
}
