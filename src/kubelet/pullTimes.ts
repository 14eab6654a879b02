// How long one pull takes, and whether it fails: a fixed part, and the bytes that the node lacks at its bandwidth; or the
// duration that the scenario gives. A pull that another one of the same bits on the node has begun ends with that one.

import type { Cluster } from '../cluster/cluster.ts'
import { lognormal } from '../kernel/distributions.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { ImageId, NodeId } from '../model/types.ts'
import { durationUs } from '../model/durations.ts'

export class PullTimes {
  /** Whether the pull that was asked about last fails at its end. */
  hasFailed = false
  private readonly cluster: Cluster
  private readonly random: RandomStreams
  /** [image * nodes + node]: pulls so far, and when the bits of the last good one are there. */
  private readonly pulls: Int32Array
  private readonly doneUs: Float64Array

  constructor(cluster: Cluster, random: RandomStreams) {
    this.cluster = cluster
    this.random = random
    const places = cluster.model.images.length * cluster.model.nodes.length
    this.pulls = new Int32Array(places)
    this.doneUs = new Float64Array(places)
  }

  reset(): void {
    this.pulls.fill(0)
    this.doneUs.fill(-Infinity)
  }

  /**
   * A pull that starts now, in microseconds.
   *
   * @param bits what the registry gives for the tag `image`
   * @param onNode what the node has under it; NONE: nothing
   * @param nthTry how many pulls there were for this container before
   */
  pullUs(image: ImageId, bits: ImageId, node: NodeId, onNode: ImageId, drawIndex: number, nthTry: number): number {
    const { model, nowUs } = this.cluster
    const { registry } = model.kubeletSettings
    const place = bits * model.nodes.length + node
    const nth = this.pulls[place]++
    const index = node + model.nodes.length * nth
    const requestUs = durationUs(registry.request, this.random.stream('kubelet/registry'), index)
    const { name, settings } = model.images[bits]
    this.hasFailed = !model.images[image].settings.exists || this.isOut(nowUs)
    if (this.hasFailed) return requestUs
    if (settings.pullFailure > 0)
      this.hasFailed = this.random.stream(`kubelet/pullFailure/${name}/${nthTry}`).at(drawIndex) < settings.pullFailure
    if (onNode === bits) return requestUs
    const endUs =
      this.doneUs[place] > nowUs ? this.doneUs[place] : nowUs + this.transferUs(bits, node, index, requestUs)
    const outageUs = this.nextOutage(nowUs)
    if (outageUs < endUs) {
      this.hasFailed = true
      return outageUs - nowUs
    }
    if (!this.hasFailed) this.doneUs[place] = endUs
    return endUs - nowUs
  }

  /** 120 MB of which 80 % are shared, at 50 MB/s: 24 / 50 = 0.48 s after the fixed part. */
  private transferUs(bits: ImageId, node: NodeId, index: number, requestUs: number): number {
    const { images } = this.cluster
    const { kubeletSettings, images: models } = this.cluster.model
    const { name, settings, timings } = models[bits]
    if (!settings.pulledBySize) return durationUs(timings.pull, this.random.stream(`kubelet/pull/${name}`), index)
    const { median, p95 } = kubeletSettings.registry.bandwidth
    const u = median === p95 ? 0.5 : this.random.stream('kubelet/bandwidth').at(node)
    const bytesPerSecond = median === p95 ? median : lognormal(u, median, p95)
    return requestUs + Math.round((images.sizeBytes(bits) * (1 - settings.layersShared) * 1e6) / bytesPerSecond)
  }

  private isOut(nowUs: number): boolean {
    const { kubeletSettings, zeroUs } = this.cluster.model
    return kubeletSettings.registry.outages.some(
      ({ fromUs, untilUs }) => zeroUs + fromUs <= nowUs && nowUs < zeroUs + untilUs,
    )
  }

  /** When the registry fails next; Infinity: never. */
  private nextOutage(nowUs: number): number {
    const { kubeletSettings, zeroUs } = this.cluster.model
    let atUs = Infinity
    for (const { fromUs } of kubeletSettings.registry.outages)
      if (zeroUs + fromUs > nowUs) atUs = Math.min(atUs, zeroUs + fromUs)
    return atUs
  }
}
