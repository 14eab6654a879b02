// The pod-template-hash in the selectors of Services, by which a blue-green rollout moves the clients from one
// ReplicaSet to another (the key rollouts-pod-template-hash of Argo Rollouts, rollout/service.go v1.8).

import { NONE } from '../base/columns.ts'
import { type DeploymentId, Kind, type TemplateId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import { Write } from './writes.ts'

/** Patches the Services of a workload: from now on they select its pods of this hash only. */
export function switchSelector(cluster: Cluster, deployment: DeploymentId, hash: TemplateId): void {
  const { api, deployments } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.SwitchSelector)
    api.table[at] = deployment
    api.table[at + 1] = hash
    return
  }
  if (deployments.activeHash[deployment] === hash) return
  deployments.activeHash[deployment] = hash
  cluster.watch.selectorSwitched(deployment)
}

/** Whether the hash in the Services' selectors, if there is one, lets a pod be an endpoint. */
export function isOfActiveHash(cluster: Cluster, pod: PodId): boolean {
  const { deployments, pods, replicaSets } = cluster
  if (pods.ownerKind[pod] !== Kind.ReplicaSet) return true
  const deployment = replicaSets.deployment[pods.owner[pod] as ReplicaSetId]
  if (deployment === NONE) return true
  const hash = deployments.activeHash[deployment]
  return hash === NONE || hash === pods.hash[pod]
}
