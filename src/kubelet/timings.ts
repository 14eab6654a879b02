// How long a pod's steps take. A list of timings is read cyclically by the pod's draw index; a distribution takes the
// number of that index from the stream named after its purpose and image.

import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import { durationUs } from '../model/durations.ts'
import type { Model, NodeId } from '../model/types.ts'

/** The streams of one image. */
interface ImageStreams {
  readonly pull: RandomStream
  readonly start: RandomStream
  readonly ready: RandomStream
  readonly terminate: RandomStream
  readonly run: RandomStream
  readonly fail: RandomStream
}

export class PodTimings {
  private readonly cluster: Cluster
  private readonly model: Model
  private readonly random: RandomStreams
  private readonly streams: readonly ImageStreams[]
  private readonly bind: RandomStream
  /** When an image is on a node: [image * nodes + node]; Infinity: not asked for yet. */
  private readonly pulledAtUs: Float64Array

  constructor(cluster: Cluster, random: RandomStreams) {
    this.cluster = cluster
    this.model = cluster.model
    this.random = random
    this.bind = random.stream('scheduler/bind')
    this.streams = this.model.images.map(({ name }) => ({
      pull: random.stream(`kubelet/pull/${name}`),
      start: random.stream(`kubelet/start/${name}`),
      ready: random.stream(`kubelet/ready/${name}`),
      terminate: random.stream(`kubelet/terminate/${name}`),
      run: random.stream(`kubelet/run/${name}`),
      fail: random.stream(`kubelet/fail/${name}`),
    }))
    this.pulledAtUs = new Float64Array(this.model.images.length * this.model.nodes.length)
  }

  /** Before a run: images that the warm-up uses are on every node already. */
  reset(): void {
    this.pulledAtUs.fill(Infinity)
    for (const image of this.model.cachedImages)
      this.pulledAtUs.fill(0, image * this.model.nodes.length, (image + 1) * this.model.nodes.length)
  }

  /** When the pod's image is on the node, if it is asked for at `fromUs`: a pull is paid once per node and image. */
  pullDoneUs(pod: PodId, node: NodeId, fromUs: number): number {
    const image = this.imageOf(pod)
    const place = image * this.model.nodes.length + node
    if (this.pulledAtUs[place] === Infinity) {
      const spec = this.model.images[image].timings.pull
      this.pulledAtUs[place] = fromUs + durationUs(spec, this.streams[image].pull, node)
    }
    return Math.max(fromUs, this.pulledAtUs[place])
  }

  bindUs(pod: PodId): number {
    return durationUs(this.model.surroundings.bind, this.bind, this.cluster.pods.drawIndex[pod])
  }

  /** @param restarts which start of the pod's containers it is: 0 the first */
  startUs(pod: PodId, restarts = 0): number {
    const image = this.imageOf(pod)
    const stream = restarts === 0 ? this.streams[image].start : this.streamOfRestart('start', image, restarts)
    return durationUs(this.model.images[image].timings.start, stream, this.index(pod))
  }

  readyUs(pod: PodId, restarts = 0): number {
    const image = this.imageOf(pod)
    const stream = restarts === 0 ? this.streams[image].ready : this.streamOfRestart('ready', image, restarts)
    return durationUs(this.model.images[image].timings.ready, stream, this.index(pod))
  }

  /** Each restart has streams of its own, so that it moves the delays of no other pod. */
  private streamOfRestart(purpose: 'start' | 'ready', image: number, restarts: number): RandomStream {
    return this.random.stream(`kubelet/${purpose}/${this.model.images[image].name}/restart-${restarts}`)
  }

  terminateUs(pod: PodId): number {
    const image = this.imageOf(pod)
    return durationUs(this.model.images[image].timings.terminate, this.streams[image].terminate, this.index(pod))
  }

  runUs(pod: PodId): number {
    const image = this.imageOf(pod)
    return durationUs(this.model.images[image].timings.run, this.streams[image].run, this.index(pod))
  }

  /** Whether the container's own exit is a failure. */
  fails(pod: PodId): boolean {
    const image = this.imageOf(pod)
    const { fail } = this.model.images[image].timings
    if (typeof fail === 'number') return fail > 0 && this.streams[image].fail.at(this.index(pod)) < fail
    return fail.length > 0 && fail[this.index(pod) % fail.length]
  }

  private index(pod: PodId): number {
    return this.cluster.pods.drawIndex[pod]
  }

  private imageOf(pod: PodId): number {
    return this.model.templates[this.cluster.pods.template[pod]].image
  }
}
