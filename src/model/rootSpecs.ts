// Specs of what stands alone in a manifest, without a Deployment above it: ReplicaSets, ReplicationControllers, pods.

import type { Pod, ReplicaSet, ReplicationController } from '../manifest/types.ts'
import type { PodSpec, ReplicaSetSpec, TemplateIds } from './types.ts'

export function compileReplicaSetSpec({ metadata, spec }: ReplicaSet, ids: TemplateIds): ReplicaSetSpec {
  return {
    replicas: spec.replicas,
    minReadySeconds: spec.minReadySeconds,
    template: ids.templateId(spec.template),
    selector: spec.selector,
    labels: metadata.labels ?? {},
  }
}

/** A ReplicationController is a ReplicaSet whose selector is a map (pkg/controller/replication wraps replicaset). */
export function compileReplicationControllerSpec(
  { metadata, spec }: ReplicationController,
  ids: TemplateIds,
): ReplicaSetSpec {
  return {
    replicas: spec.replicas,
    minReadySeconds: spec.minReadySeconds,
    template: ids.templateId(spec.template),
    selector: { matchLabels: spec.selector },
    labels: metadata.labels ?? {},
  }
}

/** A bare pod as a template of its own. */
export function compilePodSpec({ metadata, spec }: Pod, ids: TemplateIds): PodSpec {
  const { nodeName = '' } = spec as { readonly nodeName?: string }
  return { template: ids.templateId({ metadata: { labels: metadata.labels ?? {}, annotations: {} }, spec }), nodeName }
}
