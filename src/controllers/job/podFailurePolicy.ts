// After pkg/controller/job/pod_failure_policy.go, Kubernetes v1.36: what a failed pod means for its Job.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import type { JobFailureRule, JobSpec } from '../../model/jobTypes.ts'
import type { JobPod } from './jobPods.ts'

/** The action of the first rule that matches; Count where none does. */
export function matchPodFailurePolicy(cluster: Cluster, spec: JobSpec, pod: JobPod): JobFailureRule['action'] {
  for (const rule of spec.failureRules ?? []) {
    if (rule.matchesExit && hasFailedContainer(cluster, pod)) return rule.action
    if (rule.conditions.some(({ type, status }) => conditionOf(cluster, pod, type) === status)) return rule.action
  }
  return 'Count'
}

/** A pod that was killed while it terminated has no exit code. */
function hasFailedContainer(cluster: Cluster, { pod, phase }: JobPod): boolean {
  return phase === PodPhase.Failed && cluster.pods.exitedSeconds[pod] !== NONE
}

/** Status of a pod's condition; undefined: it has none of that type. */
function conditionOf(cluster: Cluster, { pod, phase, isReady }: JobPod, type: string): string | undefined {
  const { pods } = cluster
  const started = phase !== PodPhase.Pending
  switch (type) {
    case 'PodScheduled':
      return pods.node[pod] === NONE ? undefined : 'True'
    case 'Initialized':
      return started ? 'True' : undefined
    case 'Ready':
    case 'ContainersReady':
      return started ? (isReady ? 'True' : 'False') : undefined
    case 'DisruptionTarget':
      return pods.disruptionTarget[pod] === 1 ? 'True' : undefined
    default:
      return undefined
  }
}
