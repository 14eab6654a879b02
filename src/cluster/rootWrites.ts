// The writers of what stands alone in a manifest: ReplicaSets and ReplicationControllers without a Deployment, bare pods.

import { NONE } from '../base/columns.ts'
import { type DeploymentId, Kind, type NodeId, type ReplicaSetSpec } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { PodChange } from './codes.ts'
import { selectsPod, selectsReplicaSet } from './ownership.ts'
import { countPod } from './podCounts.ts'
import { PodFinalizer, type PodId } from './pods.ts'
import { bindPod, dropPod, insertPod } from './podWrites.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import { insertReplicaSet } from './replicaSetWrites.ts'
import { isSameSpec } from './sameSpec.ts'

/** A kind whose objects are rows of the table of ReplicaSets. */
export type ReplicaSetKind = typeof Kind.ReplicaSet | typeof Kind.ReplicationController

/**
 * Creates the object, or writes what its manifest has changed. What a Deployment that adopted it has set since then
 * stays, as with `kubectl apply`.
 *
 * @param object its row in the model
 */
export function applyReplicaSetSpec(
  cluster: Cluster,
  kind: ReplicaSetKind,
  object: number,
  spec: ReplicaSetSpec,
): ReplicaSetId {
  const { replicaSets } = cluster
  const known = replicaSets.ofObject[kind][object] as ReplicaSetId
  if (known !== NONE) {
    updateReplicaSet(cluster, known, spec)
    return known
  }
  const { minReadySeconds, replicas, template } = spec
  const root = { kind, object, spec }
  return insertReplicaSet(cluster, NONE as DeploymentId, template, replicas, minReadySeconds, NONE, NONE, 0, root)
}

function updateReplicaSet(cluster: Cluster, rs: ReplicaSetId, spec: ReplicaSetSpec): void {
  const { deployments, replicaSets } = cluster
  const before = replicaSets.objectSpec[rs]!
  if (isSameSpec(before, spec)) return
  replicaSets.objectSpec[rs] = spec
  let changed = !isSameSpec(before.selector, spec.selector)
  if (changed) replicaSets.mustRelease[rs] = 1
  if (before.replicas !== spec.replicas && replicaSets.replicas[rs] !== spec.replicas) {
    replicaSets.replicas[rs] = spec.replicas
    changed = true
  }
  if (before.minReadySeconds !== spec.minReadySeconds) {
    replicaSets.minReadySeconds[rs] = spec.minReadySeconds
    changed = true
  }
  if (before.template !== spec.template) {
    replicaSets.template[rs] = spec.template
    changed = true
  }
  if (changed) replicaSets.generation[rs] += 1
  cluster.watch.specChanged(replicaSets.objectKind[rs], replicaSets.object[rs])
  const deployment = replicaSets.deployment[rs]
  if (deployment === NONE) cluster.watch.replicaSetOrphaned(rs)
  else if (!selectsReplicaSet(cluster, deployment, rs)) deployments.mustRelease[deployment] = 1
  cluster.watch.replicaSetChanged(rs)
}

/** Creates a bare pod, or writes what its manifest has changed: labels and finalizers. */
export function applyPodSpec(cluster: Cluster, object: number, index: number): void {
  const { model, pods } = cluster
  const { hasFinalizers, specs } = model.pods[object]
  const spec = specs[index]
  const finalizer = hasFinalizers[index] ? PodFinalizer.Manifest : 0
  const known = pods.ofObject[object] as PodId
  if (known !== NONE) {
    relabelPod(cluster, known, spec.template)
    writePodFinalizer(cluster, known, finalizer)
    return
  }
  const pod = insertPod(cluster, Kind.None, NONE, spec.template, NONE, NONE as NodeId, finalizer)
  pods.object[pod] = object
  pods.ofObject[object] = pod
  if (spec.nodeName === '') return
  const node = model.nodes.findIndex(({ name }) => name === spec.nodeName) as NodeId
  if (node !== NONE) bindPod(cluster, pod, node)
}

/** Writes the labels of a pod (a template of its own); its owner looks whether it still wants it. */
function relabelPod(cluster: Cluster, pod: PodId, template: ReplicaSetSpec['template']): void {
  const { pods, replicaSets } = cluster
  if (pods.template[pod] === template) return
  countPod(cluster, pod, -1)
  pods.template[pod] = template
  countPod(cluster, pod, 1)
  if (pods.ownerKind[pod] === Kind.ReplicaSet) {
    const rs = pods.owner[pod] as ReplicaSetId
    if (!selectsPod(cluster, rs, pod)) replicaSets.mustRelease[rs] = 1
  }
  cluster.watch.podUpdated(pod, PodChange.Metadata)
}

function writePodFinalizer(cluster: Cluster, pod: PodId, finalizer: number): void {
  const { pods } = cluster
  pods.finalizer[pod] = (pods.finalizer[pod] & ~PodFinalizer.Manifest) | finalizer
  const waits = pods.deletionMark[pod] === 1 && pods.deletionGraceSeconds[pod] === 0
  if (waits && pods.finalizer[pod] === 0) dropPod(cluster, pod)
}
