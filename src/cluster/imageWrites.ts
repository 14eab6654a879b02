// The only writers of images: who pushes to the registry, and kubelets that pull and start containers.

import type { ImageId, NodeId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'

/** The tag stands for other bits from now on. Nodes and pods keep what they have. */
export function pushImage(cluster: Cluster, image: ImageId, version: ImageId): void {
  cluster.images.published[image] = version
}

/** A pull has ended: the node has these bits under the tag. */
export function placeImage(cluster: Cluster, image: ImageId, node: NodeId, bits: ImageId): void {
  cluster.images.place(image, node, bits)
}

/** A pod's application is started with what its node has under the tag. */
export function noteRunningImage(cluster: Cluster, pod: PodId, bits: ImageId): void {
  cluster.images.running[pod] = bits
}
