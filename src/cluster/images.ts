// Which bits a tag stands for, which of them each node has, and which each pod runs. Bits are rows of images: what was
// first behind the tag `web:1` is the image `web:1` itself, what was pushed later as version b is `web:1#b`.

import { type Column, fillColumn, int32Column, NONE } from '../base/columns.ts'
import type { ImageId, Model, NodeId } from '../model/types.ts'
import type { PodId } from './pods.ts'

/** What an image weighs of which nothing is said: the median of LN(120 MB, 1.0), assumed. */
const SIZE_BYTES_UNKNOWN = 120e6

export class Images {
  /** What the registry gives for a tag now. */
  readonly published: Column<ImageId, ImageId>
  /** What the application of a pod runs; NONE until its first container has started. */
  readonly running: Column<PodId, ImageId>
  private readonly model: Model
  /** [image * nodes + node]: the bits that the node has under that tag, or NONE. */
  private readonly onNode: Int32Array

  constructor(model: Model) {
    this.model = model
    this.published = int32Column<ImageId, ImageId>(model.images.length)
    this.running = int32Column<PodId, ImageId>(model.capacity.pods)
    this.onNode = new Int32Array(model.images.length * model.nodes.length)
  }

  /** Before a run: the images of the objects that are there from the start are on every node but those that join later. */
  reset(): void {
    const { cachedImages, images, nodes } = this.model
    for (let image = 0 as ImageId; image < images.length; image++) this.published[image] = image
    fillColumn(this.running, NONE as ImageId)
    this.onNode.fill(NONE)
    for (const image of cachedImages)
      for (let node = 0 as NodeId; node < nodes.length; node++)
        if (nodes[node].existsAtStart) this.place(image, node, image)
  }

  /** The bits that a node has under a tag; NONE: none. */
  bitsOn(image: ImageId, node: NodeId): ImageId {
    return this.onNode[image * this.model.nodes.length + node] as ImageId
  }

  /** Compressed size in bytes, for pulls and for the scheduler's ImageLocality. */
  sizeBytes(image: ImageId): number {
    const { sizeBytes } = this.model.images[image].settings
    return sizeBytes === NONE ? SIZE_BYTES_UNKNOWN : sizeBytes
  }

  /** Written by the functions of imageWrites.ts alone. */
  place(image: ImageId, node: NodeId, bits: ImageId): void {
    this.onNode[image * this.model.nodes.length + node] = bits
  }
}
