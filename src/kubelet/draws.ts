// Every random input of the real kubelets. Times of containers by the pod's draw index, from a stream per purpose, image
// and restart; phases of loops by the node's row. In the profile `ideal` phases and jitter are 0.

import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import { ContainerRole } from '../model/containers.ts'
import type { ImageId, NodeId } from '../model/types.ts'
import type { DurationSpec } from '../scenario/types.ts'
import type { PodTable } from './podTable.ts'
import { durationUs } from '../model/durations.ts'

const SECOND_US = 1_000_000

/** `start` is sandbox and network, LN(0.4, 0.5), and creation of the container, LN(0.2, 0.5): two thirds and one third. */
const SANDBOX_SHARE = 2 / 3

/** Jittered waits of one pod after which the streams repeat. */
const WAITS_MAX = 64

const PURPOSES = ['start', 'ready', 'run', 'terminate', 'fail', 'create', 'preStop', 'postStart'] as const
type Purpose = (typeof PURPOSES)[number]

export class KubeletDraws {
  private readonly cluster: Cluster
  private readonly table: PodTable
  private readonly random: RandomStreams
  private readonly hasPhases: boolean
  private readonly relistPhase: RandomStream
  private readonly tickPhase: RandomStream
  private readonly bind: RandomStream
  private readonly relist: RandomStream
  private readonly jitters: RandomStream[] = []
  private readonly probePhase: RandomStream
  private readonly streams = new Map<number, RandomStream>()

  constructor(cluster: Cluster, table: PodTable, random: RandomStreams) {
    this.cluster = cluster
    this.table = table
    this.random = random
    this.hasPhases = cluster.model.kubeletSettings.hasPhases
    this.relistPhase = random.stream('kubelet/pleg')
    this.tickPhase = random.stream('kubelet/tick')
    this.bind = random.stream('scheduler/bind')
    this.relist = random.stream('kubelet/relist')
    this.probePhase = random.stream('kubelet/probePhase')
  }

  /** From the scheduler's decision until the kubelet has seen the pod. */
  bindUs(pod: PodId): number {
    return durationUs(this.cluster.model.surroundings.bind, this.bind, this.index(pod))
  }

  /** The first relist of all containers of a node at `us` or later: each second, since some moment of the node's own. */
  relistAtOrAfter(node: NodeId, us: number): number {
    return this.hasPhases ? gridAtOrAfter(Math.floor(this.relistPhase.at(node) * SECOND_US), us) : us
  }

  /** Whether a node has listed all its containers after `us`. */
  hasRelistedSince(node: NodeId, us: number): boolean {
    return !this.hasPhases || this.relistAtOrAfter(node, us + 1) <= this.cluster.nowUs
  }

  /** The first look of a node at its queue of waiting pods at `us` or later; whole seconds in `ideal`. */
  tickAtOrAfter(node: NodeId, us: number): number {
    const phaseUs = this.hasPhases ? Math.floor(this.tickPhase.at(node) * SECOND_US) : 0
    return gridAtOrAfter(phaseUs, us)
  }

  /** From a sync that did something until the pod's containers have been listed (PLEGOnDemandRelist). */
  relistUs(pod: PodId): number {
    return durationUs(this.cluster.model.kubeletSettings.relist, this.relist, this.index(pod))
  }

  /** A wait × (1 + 0.5 U), in whole microseconds. */
  jitteredUs(pod: PodId, us: number): number {
    if (!this.hasPhases) return us
    const nth = this.table.waits[pod]++ % WAITS_MAX
    const stream = (this.jitters[nth] ??= this.random.stream(`kubelet/jitter/${nth}`))
    return Math.round(us * (1 + 0.5 * stream.at(this.index(pod))))
  }

  /** How far into its period a probe of a kubelet that has just started looks first. */
  probePhaseUs(pod: PodId, periodUs: number): number {
    return this.hasPhases ? Math.floor(this.probePhase.at(this.index(pod)) * periodUs) : 0
  }

  /** Sandbox and network: two thirds of the application's `start`. */
  sandboxUs(pod: PodId): number {
    const { application } = this.table.containersOf(pod)
    return Math.round(this.ofImage('start', this.table.slotOf(pod, application), 0) * SANDBOX_SHARE)
  }

  /** Creation and start of a container: the rest of `start` for the application, whichever instance of it. */
  createUs(slot: number): number {
    const nth = this.table.starts[slot]
    if (!this.table.isApplication(slot)) {
      const { create } = this.cluster.model.kubeletSettings
      return durationUs(create, this.stream('create', slot, nth), this.index(this.table.podOf(slot)))
    }
    const wholeUs = this.ofImage('start', slot, nth)
    return wholeUs === Infinity ? Infinity : wholeUs - Math.round(wholeUs * SANDBOX_SHARE)
  }

  /** From container start until the process listens. */
  readyUs(slot: number): number {
    return this.isTimed(slot) ? this.ofImage('ready', slot, this.table.starts[slot] - 1) : 0
  }

  /** From container start until the process ends by itself. An init container always does. */
  runUs(slot: number): number {
    const us = this.isTimed(slot) ? this.ofImage('run', slot, this.table.starts[slot] - 1) : Infinity
    return us === Infinity && this.table.containerOf(slot).role === ContainerRole.Init ? 0 : us
  }

  terminateUs(slot: number): number {
    return this.isTimed(slot) ? this.ofImage('terminate', slot, 0) : 0
  }

  /** Whether the process' own end is a failure. A list is taken in turn, by pod and then by restart. */
  fails(slot: number): boolean {
    if (!this.isTimed(slot)) return false
    const nth = this.table.starts[slot] - 1
    const index = this.index(this.table.podOf(slot))
    const { fail } = this.cluster.model.images[this.imageOf(slot)].timings
    if (typeof fail === 'number') return fail > 0 && this.stream('fail', slot, nth).at(index) < fail
    return fail.length > 0 && fail[(index + nth) % fail.length]
  }

  /** A hook whose duration the manifest does not tell. */
  hookUs(slot: number, hook: 'preStop' | 'postStart'): number {
    const spec = this.cluster.model.images[this.imageOf(slot)].settings[hook]
    return durationUs(spec, this.stream(hook, slot, 0), this.index(this.table.podOf(slot)))
  }

  /** The bits that a container runs: of the application those that its node had, of others the tag's. */
  imageOf(slot: number): ImageId {
    const running = this.cluster.images.running[this.table.podOf(slot)]
    return this.table.isApplication(slot) && running >= 0 ? running : this.table.containerOf(slot).image
  }

  private isTimed(slot: number): boolean {
    return this.table.isApplication(slot) || this.table.containerOf(slot).isTimed
  }

  private ofImage(purpose: 'start' | 'ready' | 'run' | 'terminate', slot: number, nth: number): number {
    const spec: DurationSpec = this.cluster.model.images[this.imageOf(slot)].timings[purpose]
    // Most are fixed or never: no stream is needed for those.
    if (spec.type === 'fixed') return spec.us
    if (spec.type === 'never') return Infinity
    return durationUs(spec, this.stream(purpose, slot, nth), this.index(this.table.podOf(slot)))
  }

  /** Each restart has streams of its own, so that it moves the times of no other pod. */
  private stream(purpose: Purpose, slot: number, nth: number): RandomStream {
    const image = this.imageOf(slot)
    const isApplication = this.table.isApplication(slot)
    const container = isApplication ? 0 : 1 + (slot % this.table.slotsPerPod)
    const key = ((nth * 64 + container) * this.cluster.model.images.length + image) * 8 + PURPOSES.indexOf(purpose)
    let stream = this.streams.get(key)
    if (stream === undefined) {
      const { name } = this.cluster.model.images[image]
      const part = isApplication ? '' : `/${container}`
      stream = this.random.stream(`kubelet/${purpose}/${name}${part}${nth === 0 ? '' : `/restart-${nth}`}`)
      this.streams.set(key, stream)
    }
    return stream
  }

  private index(pod: PodId): number {
    return this.cluster.pods.drawIndex[pod]
  }
}

/** The first point of a grid of one second at `us` or later. */
function gridAtOrAfter(phaseUs: number, us: number): number {
  return phaseUs + Math.ceil((us - phaseUs) / SECOND_US) * SECOND_US
}
