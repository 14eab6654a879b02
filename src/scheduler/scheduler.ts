// The pod scheduler, after pkg/scheduler/{scheduler,schedule_one}.go, Kubernetes v1.36: one thread that takes one pod after
// the other from the queue, decides, assumes the pod on its node and goes on, while bindings are written side by side.
//
//   queue --pop--> ScheduleOne --node--> assume, and when the cycle is over: bind (rate limit) -> kubelet
//     ^                |
//     +---- events ----+--none--> Preemption; pool, until an event that the rejecting plugins care about

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { DeletionReason, EventKind, Rank } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import { markDisruptionTarget } from '../cluster/podStatusWrites.ts'
import { bindPod, removePod } from '../cluster/podWrites.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import { durationUs } from '../model/durations.ts'
import type { NodeId } from '../model/types.ts'
import { BindLimiter } from './bindLimiter.ts'
import { Cache } from './cache.ts'
import { EventHandlers } from './eventHandlers.ts'
import { Nominations } from './nominations.ts'
import type { ImageStates } from './plugins/imageLocality.ts'
import type { VolumeBinder } from './plugins/volumeBinder.ts'
import type { VolumeFilter } from './plugins/volumes.ts'
import { type Candidate, Preemption } from './preemption.ts'
import { Rejector } from './reasons.ts'
import { ScheduleOne } from './scheduleOne.ts'
import { SchedulingQueue } from './schedulingQueue.ts'
import type { PodScheduler } from './types.ts'

/** Bits of an event's word above its kind, that hold the low bits of the pod's UID. */
const UID_SHIFT = 8
const UID_MASK = 0x7fffff

export class Scheduler implements PodScheduler {
  readonly cache: Cache
  readonly queue: SchedulingQueue
  readonly one: ScheduleOne
  readonly preemption: Preemption
  private readonly cluster: Cluster
  private readonly nominations: Nominations
  private readonly handlers: EventHandlers
  private readonly limiter: BindLimiter
  private readonly volumeBinder: VolumeBinder
  private readonly cycle: RandomStream
  /** By image: whose pods draw their choices among equals. */
  private readonly ties: readonly RandomStream[]
  private readonly offsets: RandomStream
  /** The pod whose cycle is under way and what was decided for it; NONE: the thread is idle. */
  private current = NONE as PodId
  private currentUid = NONE
  private decided = NONE as NodeId
  private currentRejectors = 0
  private candidate: Candidate | undefined
  /** What each preemptor is about to delete, until its calls are answered. */
  private readonly preempting = new Map<number, { readonly pod: PodId; readonly victims: readonly number[] }>()

  constructor(
    cluster: Cluster,
    random: RandomStreams,
    volumeFilter: VolumeFilter,
    volumeBinder: VolumeBinder,
    images: ImageStates,
  ) {
    this.cluster = cluster
    this.volumeBinder = volumeBinder
    this.cache = new Cache(cluster)
    this.queue = new SchedulingQueue(cluster, this.cache)
    this.nominations = new Nominations(this.cache, cluster.pods.capacity)
    this.one = new ScheduleOne(cluster, this.cache, this.nominations, volumeFilter, images)
    this.preemption = new Preemption(cluster, this.cache, this.one, this.nominations)
    this.handlers = new EventHandlers(cluster, this.cache, this.queue, this.nominations, this)
    this.limiter = new BindLimiter(cluster.model.scheduler)
    this.cycle = random.stream('scheduler/cycle')
    this.ties = cluster.model.images.map(({ name }) => random.stream(`scheduler/tieBreak/${name}`))
    this.offsets = random.stream('scheduler/preemptionOffset')
  }

  reset(): void {
    this.cache.reset()
    this.queue.reset()
    this.nominations.reset()
    this.handlers.reset()
    this.one.reset()
    this.limiter.reset()
    this.current = NONE as PodId
    this.preempting.clear()
  }

  watcher(): Watcher {
    return this.handlers.watcher()
  }

  wantsPass(): boolean {
    return this.current === NONE && this.queue.hasReady()
  }

  /** Tries one pod after the other; cycles that take time end this pass. */
  pass(): void {
    while (this.wantsPass()) {
      const pod = this.queue.pop()
      if (!this.isSkipped(pod)) this.begin(pod)
    }
  }

  /** The pod in its cycle, or NONE, and what has rejected it: events may wake it before it is in the pool. */
  currentPod(): PodId {
    return this.decided === NONE ? this.current : (NONE as PodId)
  }

  rejectorsOfCurrent(): number {
    return this.currentRejectors
  }

  /** A pod that is being deleted or has ended meanwhile is not tried (skipPodSchedule). */
  private isSkipped(pod: PodId): boolean {
    const { pods } = this.cluster
    return pods.deletionMark[pod] === 1 || isTerminal(pods, pod) || pods.node[pod] !== NONE
  }

  /** Decides for a pod; what follows from it happens when the cycle's time is over. */
  private begin(pod: PodId): void {
    const { cluster, model } = { cluster: this.cluster, model: this.cluster.model }
    const { pods } = cluster
    const draw = pods.drawIndex[pod] + this.queue.attempts[pod]++
    const ties = this.ties[model.templates[pods.template[pod]].image]
    this.decided = this.one.schedulePod(pod, model.scheduler.tieBreak, ties.at(draw))
    this.candidate = undefined
    this.currentRejectors = this.one.rejectors
    if (this.decided !== NONE) this.cache.addPod(pod, this.decided)
    else if (this.currentRejectors !== 0) this.postFilter(pod)
    this.current = pod
    this.currentUid = pods.uid[pod]
    const cycleUs = durationUs(model.scheduler.cycle, this.cycle, draw)
    if (cycleUs === 0) this.finish()
    else cluster.agenda.push(cluster.nowUs + cycleUs, Rank.World, EventKind.SchedulerCycle, pod)
  }

  /** Looks for pods that have to make room (RunPostFilterPlugins). */
  private postFilter(pod: PodId): void {
    const outcome = this.preemption.preempt(pod, this.offsets.next())
    if (outcome === 'ineligible') return
    if (outcome === undefined) this.nominations.clear(pod)
    else this.candidate = outcome
  }

  /** The cycle is over: a placed pod goes to be bound, another one back to the queue. */
  private finish(): void {
    const { cluster, current: pod, decided } = this
    this.current = NONE as PodId
    if (cluster.pods.uid[pod] !== this.currentUid || this.isSkipped(pod)) return
    if (decided !== NONE) {
      this.nominations.clear(pod)
      if (this.volumeBinder.preBind(pod, decided)) this.limit(EventKind.SchedulerBind, pod)
      return
    }
    if (this.candidate !== undefined) this.prepareCandidate(pod, this.candidate)
    // The condition PodScheduled=False is a write like any other, and uses up a token.
    this.limiter.reserveUs(cluster.nowUs)
    this.queue.addUnschedulable(pod, this.currentRejectors)
  }

  /** Binds as soon as the rate limit allows. How long the write and the way to the kubelet take is `surroundings.bind`. */
  private limit(kind: EventKind, pod: PodId): void {
    const { cluster } = this
    const waitUs = this.limiter.reserveUs(cluster.nowUs)
    if (waitUs === 0) this.bind(pod)
    else cluster.agenda.push(cluster.nowUs + waitUs, Rank.World, this.wordOf(kind, pod), pod)
  }

  /** PreBind is over: the pod's volumes are bound, or it has waited too long and goes back to the queue. */
  private volumesBound(pod: PodId): void {
    if (!this.volumeBinder.isWaiting(pod)) return
    const node = this.volumeBinder.take(pod)
    if (this.volumeBinder.isWaiting(pod) || this.isSkipped(pod)) return
    if (node !== NONE) return this.limit(EventKind.SchedulerBind, pod)
    this.cache.removePod(pod)
    this.queue.addUnschedulable(pod, Rejector.Volumes)
  }

  private bind(pod: PodId): void {
    if (!this.isSkipped(pod)) bindPod(this.cluster, pod, this.cache.nodeOf(pod))
  }

  /**
   * Nominates the node and sends the victims away: each gets the condition DisruptionTarget and is deleted with its own
   * grace period, which takes two API writes; the preemptor is not tried before (prepareCandidateAsync).
   */
  private prepareCandidate(pod: PodId, { node, victims }: Candidate): void {
    const { cluster, preempting } = this
    this.nominations.clearLesser(node, this.cache.planOf(pod).template.priority)
    this.nominations.nominate(pod, node)
    preempting.set(pod, { pod, victims: victims.flatMap((victim) => [victim, cluster.pods.uid[victim]]) })
    const latencyUs = 2 * cluster.model.surroundings.apiWriteUs
    this.queue.holdForPreemption(pod)
    cluster.agenda.push(cluster.nowUs + latencyUs, Rank.Write, this.wordOf(EventKind.SchedulerPreemption, pod), pod)
  }

  private deleteVictims(pod: PodId): void {
    const { cluster, preempting } = this
    const victims = preempting.get(pod)?.victims ?? []
    preempting.delete(pod)
    this.queue.endPreemption(pod)
    for (let i = 0; i < victims.length; i += 2) {
      const victim = victims[i] as PodId
      if (cluster.pods.uid[victim] !== victims[i + 1]) continue
      markDisruptionTarget(cluster, victim)
      removePod(cluster, victim, NONE, DeletionReason.Preempted)
    }
  }

  private wordOf(kind: EventKind, pod: PodId): number {
    return kind | ((this.cluster.pods.uid[pod] & UID_MASK) << UID_SHIFT)
  }

  fire(kind: number, word: number, detail: number): void {
    if (kind === EventKind.SchedulerBackoffFlush) return this.queue.flushBackoff()
    if (kind === EventKind.SchedulerPoolFlush) return this.queue.flushPool()
    if (kind === EventKind.SchedulerCycle) return this.finish()
    if (kind === EventKind.VolumesBound) return this.volumesBound(detail as PodId)
    const pod = detail as PodId
    const uid = this.cluster.pods.uid[pod]
    if (uid === NONE || (uid & UID_MASK) !== word >>> UID_SHIFT) return
    if (kind === EventKind.SchedulerBind) this.bind(pod)
    else this.deleteVictims(pod)
  }
}
