// After pkg/controller/daemon/daemon_controller.go (updateDaemonSetStatus), Kubernetes v1.36.

import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { DaemonSetStatus } from '../../cluster/daemonSets.ts'
import { updateDaemonSetStatus } from '../../cluster/daemonSetWrites.ts'
import { isAvailable } from '../../cluster/pods.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import type { DaemonSetId, DaemonSetSpec, NodeId } from '../../model/types.ts'
import { groupByNode } from './daemonPods.ts'
import { eligibilityOf } from './eligibility.ts'

const computed = new DaemonSetStatus()

/**
 * Writes the status if a number differs or the spec is newer than what was observed.
 *
 * @param generation of the object that this sync read
 * @param raisesObserved false while expectations hold the sync back: its spec has not been acted upon
 */
export function* writeStatus(
  cluster: Cluster,
  ds: DaemonSetId,
  spec: DaemonSetSpec,
  generation: number,
  raisesObserved: boolean,
): SyncStages {
  const { daemonSets, nowUs } = cluster
  const status = calculateStatus(cluster, ds, spec)
  const { available, ready } = status
  const observed = daemonSets.observedGeneration[ds]
  if (!status.equals(daemonSets.status[ds]) || observed < generation) {
    updateDaemonSetStatus(cluster, ds, raisesObserved ? generation : observed, status)
    yield
  }
  if (spec.minReadySeconds > 0 && ready !== available)
    cluster.queues[Controller.DaemonSet].addAfter(ds, nowUs, spec.minReadySeconds * 1_000_000)
}

/** Counts nodes; of several pods on one node the first, bound and oldest, is the one looked at. Reused by the next call. */
export function calculateStatus(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec): DaemonSetStatus {
  const { nodes, nowUs, pods } = cluster
  const groups = groupByNode(cluster, ds)
  computed.clear()
  for (let node = 0 as NodeId; node < nodes.count; node++) {
    if (nodes.exists[node] === 0) continue
    const scheduled = groups[node].length > 0
    if (eligibilityOf(cluster, spec, node) !== 'run') {
      if (scheduled) computed.misscheduled++
      continue
    }
    computed.desired++
    if (!scheduled) continue
    computed.current++
    const pod = groups[node][0]
    computed.ready += pods.ready[pod]
    if (isAvailable(pods, pod, spec.minReadySeconds, nowUs)) computed.available++
    if (pods.template[pod] === spec.template) computed.updated++
  }
  computed.unavailable = computed.desired - computed.available
  return computed
}
