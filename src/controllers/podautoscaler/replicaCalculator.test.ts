// Rows of pkg/controller/podautoscaler/replica_calculator_test.go, Kubernetes v1.36 (Apache-2.0).

import { expect, test } from 'vitest'
import { resourceReplicas } from './replicaCalculator.ts'

// current replicas, target percent, request; usage of ready pods; unready; missing; expected.
test.each([
  ['TestReplicaCalcDisjointResourcesMetrics: nothing to go by', 1, 100, 1000, [], 0, 1, undefined],
  ['TestReplicaCalcScaleUp', 3, 30, 1000, [300, 500, 700], 0, 0, 5],
  ['TestReplicaCalcScaleUpUnreadyLessScale', 3, 30, 1000, [500, 700], 1, 0, 4],
  ['TestReplicaCalcScaleUpHotCpuLessScale', 3, 30, 1000, [500, 700], 1, 0, 4],
  ['TestReplicaCalcScaleUpUnreadyNoScale', 3, 30, 1000, [400], 2, 0, 3],
  ['TestReplicaCalcScaleDown', 5, 50, 1000, [100, 300, 500, 250, 250], 0, 0, 3],
  ['TestReplicaCalcTolerance', 3, 100, 1000, [900, 1000, 1100], 0, 0, 3],
  ['TestReplicaCalcMissingMetrics', 4, 100, 1000, [400, 95], 0, 2, 3],
  ['TestReplicaCalcEmptyMetrics', 4, 100, 1000, [], 0, 4, undefined],
  ['TestReplicaCalcMissingMetricsNoChangeEq', 2, 100, 1000, [1000], 0, 1, 2],
  ['TestReplicaCalcMissingMetricsNoChangeGt', 2, 100, 1000, [1900], 0, 1, 2],
  ['TestReplicaCalcMissingMetricsNoChangeLt', 2, 100, 1000, [600], 0, 1, 2],
  ['TestReplicaCalcMissingMetricsUnreadyChange', 3, 50, 1000, [450], 1, 1, 3],
  ['TestReplicaCalcMissingMetricsUnreadyScaleUp', 4, 50, 1000, [1000, 1000], 1, 1, 4],
] as const)('%s', (_, current, target, request, usage, unready, missing, expected) => {
  expect(
    resourceReplicas({
      currentReplicas: current,
      targetPercent: target,
      readyPods: usage.length,
      readyUsage: usage.reduce((sum: number, each) => sum + each, 0),
      readyRequests: usage.length * request,
      unreadyPods: unready,
      unreadyRequests: unready * request,
      missingPods: missing,
      missingRequests: missing * request,
    }),
  ).toBe(expected)
})
