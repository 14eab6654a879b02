// After pkg/controller/podautoscaler/replica_calculator.go (calculatePodRequestsFromContainers), Kubernetes v1.36: the CPU
// request that the utilization of a pod is a percentage of.

import { NONE } from '../base/columns.ts'
import { cpuMillis } from '../manifest/quantity.ts'
import type { PodSpec } from '../manifest/types.ts'

/**
 * The sum over the containers and sidecars of an admitted pod spec, without init containers and overhead; NONE where one of
 * them requests no CPU: there is no utilization then.
 */
export function compileUtilizationMillis({ containers, initContainers = [] }: PodSpec): number {
  const running = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')]
  let sum = 0
  for (const { resources } of running) {
    const request = resources.requests?.['cpu']
    if (request === undefined) return NONE
    sum += cpuMillis(request)
  }
  return sum
}
