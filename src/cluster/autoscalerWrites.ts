// The writers of HorizontalPodAutoscalers, and the scale subresource that they write.

import { NONE } from '../base/columns.ts'
import type { AutoscalerSpec } from '../model/autoscalerSpec.ts'
import { type DeploymentId, type DeploymentSpec, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { applyDeploymentSpec } from './deploymentWrites.ts'

/** Creates an autoscaler, or changes its spec. */
export function applyAutoscalerSpec(cluster: Cluster, row: number, spec: AutoscalerSpec | undefined): void {
  cluster.autoscalers.specs[row] = spec
  if (spec !== undefined) cluster.watch.specChanged(Kind.HorizontalPodAutoscaler, row)
  else cluster.watch.objectDeleted(Kind.HorizontalPodAutoscaler, row)
}

/** Writes spec.replicas alone (the scale subresource). */
export function scaleDeployment(cluster: Cluster, deployment: DeploymentId, replicas: number): void {
  const { autoscalers, deployments } = cluster
  const spec = deployments.spec[deployment]
  if (autoscalers.writtenReplicas[deployment] === NONE) autoscalers.writtenReplicas[deployment] = spec.replicas
  applyDeploymentSpec(cluster, deployment, { ...spec, replicas })
}

/**
 * A Deployment's spec after a step: specs are compiled with the replicas that their author wrote, and a patch that does
 * not change them leaves what an autoscaler has made of them.
 */
export function withScale(cluster: Cluster, deployment: DeploymentId, spec: DeploymentSpec): DeploymentSpec {
  const { autoscalers, deployments } = cluster
  const written = autoscalers.writtenReplicas[deployment]
  if (written === NONE) return spec
  if (written === spec.replicas) return { ...spec, replicas: deployments.replicas[deployment] }
  autoscalers.writtenReplicas[deployment] = NONE
  return spec
}
