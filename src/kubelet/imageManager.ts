// Images of containers that are about to start, after pkg/kubelet/images/{image_manager,puller}.go, Kubernetes v1.36: pull
// policies, the registry limiter, pulls one after another or side by side, and the back-off after failures.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import { ContainerReason } from '../cluster/containerStatuses.ts'
import { noteRunningImage, placeImage } from '../cluster/imageWrites.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { ImageId, NodeId } from '../model/types.ts'
import { Backoff } from './backoff.ts'
import type { ImageOutcome, ImagesPart, KubeletParts } from './parts.ts'
import { isCurrent, type PodTable, wordOf } from './podTable.ts'
import { PullTimes } from './pullTimes.ts'

const SECOND_US = 1_000_000

/** MaxImageBackOff and its start; an entry is forgotten after twice the cap. */
const BACKOFF_START_US = 10 * SECOND_US
const BACKOFF_MAX_US = 300 * SECOND_US
const BACKOFF_EXPIRY_US = 600 * SECOND_US

/** registryPullQPS and registryBurst: over the limit a pull fails at once. */
const PULL_QPS = 5
const PULL_BURST = 10

export class ImageManager implements ImagesPart {
  private readonly parts: KubeletParts
  private readonly cluster: Cluster
  private readonly table: PodTable
  private readonly times: PullTimes
  private readonly pullsMax: number
  /** Per slot: the back-off of the pod's image (slots with the same image have the same failures). */
  private readonly backoff: Backoff
  /** Per slot: the next in its node's queue of pulls; what the pull under way will give; whether it fails; its event. */
  private readonly next: Int32Array
  private readonly bits: Int32Array
  private readonly fails: Uint8Array
  private readonly ticket: Int32Array
  private readonly isEndless: Uint8Array
  private readonly tries: Int32Array
  /** Per node: its queue of pulls, those under way, and the tokens of its limiter at a time. */
  private readonly first: Int32Array
  private readonly last: Int32Array
  private readonly pulling: Int32Array
  private readonly tokens: Float64Array
  private readonly tokensUs: Float64Array

  constructor(parts: KubeletParts, random: RandomStreams) {
    const { cluster, table } = parts
    this.parts = parts
    this.cluster = cluster
    this.table = table
    this.times = new PullTimes(cluster, random)
    const { pullsMax } = cluster.model.kubeletSettings
    this.pullsMax = pullsMax === 0 ? Infinity : pullsMax
    const slots = table.state.length
    const nodes = cluster.model.nodes.length
    this.backoff = new Backoff(slots, BACKOFF_START_US, BACKOFF_MAX_US, BACKOFF_EXPIRY_US)
    this.next = new Int32Array(slots)
    this.bits = new Int32Array(slots)
    this.fails = new Uint8Array(slots)
    this.ticket = new Int32Array(slots)
    this.tries = new Int32Array(slots)
    this.isEndless = new Uint8Array(slots)
    this.first = new Int32Array(nodes)
    this.last = new Int32Array(nodes)
    this.pulling = new Int32Array(nodes)
    this.tokens = new Float64Array(nodes)
    this.tokensUs = new Float64Array(nodes)
  }

  reset(): void {
    this.times.reset()
    for (let node = 0; node < this.first.length; node++) this.forgetNode(node as NodeId)
  }

  /** A new pod: nothing is known of its pulls. */
  forgetSlot(slot: number): void {
    this.backoff.forget(slot)
    this.tries[slot] = 0
    this.isEndless[slot] = 0
    this.ticket[slot]++
  }

  /** The kubelet of a node, or its machine, has stopped: no pull is under way, none is waited for. */
  forgetNode(node: NodeId): void {
    this.first[node] = this.last[node] = NONE
    this.pulling[node] = 0
    this.tokens[node] = PULL_BURST
    this.tokensUs[node] = this.cluster.nowUs
  }

  /** EnsureImageExists: whether the container may be created, must wait for its pull, or cannot have its image now. */
  ensure(slot: number): ImageOutcome {
    const { image, pullPolicy } = this.table.containerOf(slot)
    const pod = this.table.podOf(slot)
    const node = this.table.nodeOf(pod)
    const bits = this.cluster.images.bitsOn(image, node)
    if (bits !== NONE && pullPolicy !== 'Always') return this.use(slot, bits)
    if (pullPolicy === 'Never') return this.refuse(slot, ContainerReason.ErrImageNeverPull)
    const { nowUs } = this.cluster
    if (this.backoff.endSinceUpdateUs(slot, nowUs) > nowUs) return this.refuse(slot, ContainerReason.ImagePullBackOff)
    if (!this.takeToken(node)) {
      this.backoff.next(slot, nowUs, nowUs)
      return this.refuse(slot, ContainerReason.ErrImagePull)
    }
    this.enqueue(slot, node)
    return this.startPulls(node, slot)
  }

  /** A pull has ended: the worker of its pod goes on, and the next in the queue is pulled. */
  fire(word: number, slot: number): void {
    if (!isCurrent(word, this.ticket[slot])) return
    const pod = this.table.podOf(slot)
    const node = this.table.nodeOf(pod)
    if (this.cluster.nodes.down[node] === NodeState.KubeletDown) return
    this.pulling[node]--
    const outcome = this.finish(slot, node)
    this.startPulls(node, NONE)
    this.parts.workers.imageKnown(slot, outcome)
  }

  /** Whether a container waits for a pull that never ends. */
  hangs(slot: number): boolean {
    return this.isEndless[slot] === 1
  }

  /** Such a pull is given up; the next one begins. */
  abandon(slot: number): void {
    const node = this.table.nodeOf(this.table.podOf(slot))
    this.isEndless[slot] = 0
    this.ticket[slot]++
    this.pulling[node]--
    this.startPulls(node, NONE)
  }

  private finish(slot: number, node: NodeId): ImageOutcome {
    const { nowUs } = this.cluster
    if (this.fails[slot] === 1) {
      this.backoff.next(slot, nowUs, nowUs)
      return this.refuse(slot, ContainerReason.ErrImagePull)
    }
    const bits = this.bits[slot] as ImageId
    placeImage(this.cluster, this.table.containerOf(slot).image, node, bits)
    return this.use(slot, bits)
  }

  private refuse(slot: number, reason: ContainerReason): ImageOutcome {
    this.table.refusal[slot] = reason
    return 'failed'
  }

  private use(slot: number, bits: ImageId): ImageOutcome {
    if (this.table.isApplication(slot)) noteRunningImage(this.cluster, this.table.podOf(slot), bits)
    return 'present'
  }

  /** A bucket of 10 tokens that gets 5 a second. */
  private takeToken(node: NodeId): boolean {
    const { nowUs } = this.cluster
    const refill = ((nowUs - this.tokensUs[node]) * PULL_QPS) / SECOND_US
    this.tokens[node] = Math.min(PULL_BURST, this.tokens[node] + refill)
    this.tokensUs[node] = nowUs
    if (this.tokens[node] < 1) return false
    this.tokens[node]--
    return true
  }

  private enqueue(slot: number, node: NodeId): void {
    this.next[slot] = NONE
    if (this.first[node] === NONE) this.first[node] = slot
    else this.next[this.last[node]] = slot
    this.last[node] = slot
  }

  /** Starts as many pulls as may run side by side; the outcome of `asked`, if it is over at once. */
  private startPulls(node: NodeId, asked: number): ImageOutcome {
    let outcome: ImageOutcome = 'waiting'
    while (this.first[node] !== NONE && this.pulling[node] < this.pullsMax) {
      const slot = this.first[node]
      this.first[node] = this.next[slot]
      const us = this.startPull(slot, node)
      if (us === 0 && slot === asked) outcome = this.finish(slot, node)
      else {
        this.pulling[node]++
        this.isEndless[slot] = us === Infinity ? 1 : 0
        const word = wordOf(EventKind.ImagePulled, ++this.ticket[slot])
        this.cluster.agenda.push(this.cluster.nowUs + us, Rank.World, word, slot)
      }
    }
    return outcome
  }

  /** What a pull that starts now will give, and how long it takes; one that another pull has made needless takes none. */
  private startPull(slot: number, node: NodeId): number {
    const { cluster, table, times } = this
    const { image, pullPolicy } = table.containerOf(slot)
    const onNode = cluster.images.bitsOn(image, node)
    const bits = pullPolicy === 'Always' || onNode === NONE ? cluster.images.published[image] : onNode
    this.bits[slot] = bits
    this.fails[slot] = 0
    if (onNode !== NONE && pullPolicy !== 'Always') return 0
    const drawIndex = cluster.pods.drawIndex[table.podOf(slot)]
    const us = times.pullUs(image, bits, node, onNode, drawIndex, this.tries[slot]++)
    this.fails[slot] = times.hasFailed ? 1 : 0
    return us
  }
}
