// After pkg/scheduler/framework/plugins/imagelocality/image_locality.go, Kubernetes v1.36.

import type { NodeId } from '../../model/types.ts'
import type { TemplatePlan } from '../templatePlans.ts'

/** What the nodes' status says of images. */
export interface ImageStates {
  /** Size of an image of the model, in bytes. */
  sizeBytes(image: number): number
  isOnNode(image: number, node: NodeId): boolean
}

const MIB = 1024 * 1024
const LEAST_BYTES = 23 * MIB
const MOST_BYTES_PER_CONTAINER = 1000 * MIB

/**
 * What each of the pod's images counts on a node that has it (scaledImageScore): its size, but less if few nodes have it,
 * so that these do not attract all pods. Written into `worth`, by the template's list of images.
 */
export function preScoreImages(
  images: ImageStates,
  plan: TemplatePlan,
  order: Int32Array,
  count: number,
  worth: Float64Array,
): void {
  for (let i = 0; i < plan.images.length; i++) {
    const image = plan.images[i]
    let having = 0
    if (image >= 0) for (let n = 0; n < count; n++) if (images.isOnNode(image, order[n] as NodeId)) having++
    worth[i] = having === 0 ? 0 : Math.trunc(images.sizeBytes(image) * (having / count))
  }
}

/**
 * Nodes that have the pod's images already score up to 100.
 *
 * One container of 600 MiB that is on 1 of 3 nodes: 200 MiB, (200 - 23) x 100 / (1000 - 23) = 18.
 */
export function scoreImages(images: ImageStates, plan: TemplatePlan, node: NodeId, worth: Float64Array): number {
  let sum = 0
  for (let i = 0; i < plan.images.length; i++)
    if (worth[i] > 0 && images.isOnNode(plan.images[i], node)) sum += worth[i]
  const most = MOST_BYTES_PER_CONTAINER * plan.images.length
  const clamped = Math.min(most, Math.max(LEAST_BYTES, sum))
  return Math.trunc((100 * (clamped - LEAST_BYTES)) / (most - LEAST_BYTES))
}
