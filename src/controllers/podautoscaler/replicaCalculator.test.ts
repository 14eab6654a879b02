// The rows about the CPU utilization of whole pods in pkg/controller/podautoscaler/replica_calculator_test.go, Kubernetes
// v1.36.3 (Apache-2.0): the numbers of the cases and what must come out, with the line of each.

import { expect, test } from 'vitest'
import { PodPhase } from '../../cluster/codes.ts'
import { groupOf, PodGroup, type PodSample } from './groupPods.ts'
import { resourceReplicas } from './replicaCalculator.ts'

const second = 1_000_000
const nowUs = 1_000_000 * second

/** What the tests there use instead of 5 min and 30 s. */
const PERIODS = { cpuInitializationUs: 120 * second, readinessDelayUs: 10 * second }

/** Indices of the pods that are not as usual: started long ago, Running, Ready. */
interface Unusual {
  readonly unready?: readonly number[]
  /** Started just now, or 3 min ago. */
  readonly hot?: readonly number[]
  readonly cool?: readonly number[]
  readonly failed?: readonly number[]
  readonly pending?: readonly number[]
  readonly deleted?: readonly number[]
  /** Down and up. */
  readonly tolerances?: readonly [number, number]
}

/** Line, name, current replicas, expected replicas, target in percent, requests of the pods, usage by index. */
type Row = readonly [number, string, number, number | undefined, number, readonly number[], readonly number[], Unusual]

// prettier-ignore
const ROWS: readonly Row[] = [
  [451, 'DisjointResourcesMetrics', 1, undefined, 100, [1000], [], {}],
  [467, 'ScaleUp', 3, 5, 30, [1000, 1000, 1000], [300, 500, 700], {}],
  [502, 'ScaleUpUnreadyLessScale', 3, 4, 30, [1000, 1000, 1000], [300, 500, 700], { unready: [0] }],
  [559, 'ScaleUpHotCpuLessScale', 3, 4, 30, [1000, 1000, 1000], [300, 500, 700], { hot: [0], cool: [1, 2] }],
  [577, 'ScaleUpUnreadyNoScale', 3, 3, 30, [1000, 1000, 1000], [400, 500, 700], { unready: [1, 2] }],
  [627, 'ScaleHotCpuNoScale', 3, 3, 30, [1000, 1000, 1000], [400, 500, 700], { hot: [1, 2], cool: [0], unready: [1, 2] }],
  [646, 'ScaleUpIgnoresFailedPods', 2, 4, 30, [1000, 1000, 1000, 1000], [500, 700], { unready: [2, 3], failed: [2, 3] }],
  [705, 'ScaleUpIgnoresDeletionPods', 2, 4, 30, [1000, 1000, 1000, 1000], [500, 700], { unready: [2, 3], deleted: [2, 3] }],
  [918, 'ScaleDown', 5, 3, 50, [1000, 1000, 1000, 1000, 1000], [100, 300, 500, 250, 250], {}],
  [1039, 'ScaleDownExcludeUnreadyPods', 5, 2, 50, [1000, 1000, 1000, 1000, 1000], [100, 300, 500, 250, 250], { unready: [3, 4] }],
  [1076, 'ScaleDownExcludeUnscheduledPods', 5, 1, 50, [1000, 1000, 1000, 1000, 1000], [100], { unready: [1, 2, 3, 4], pending: [1, 2, 3, 4] }],
  [1115, 'ScaleDownIgnoreHotCpuPods', 5, 2, 50, [1000, 1000, 1000, 1000, 1000], [100, 300, 500, 250, 250], { hot: [3, 4], cool: [0, 1, 2] }],
  [1152, 'ScaleDownIgnoresFailedPods', 5, 3, 50, [1000, 1000, 1000, 1000, 1000, 1000, 1000], [100, 300, 500, 250, 250], { unready: [5, 6], failed: [5, 6] }],
  [1191, 'ScaleDownIgnoresDeletionPods', 5, 3, 50, [1000, 1000, 1000, 1000, 1000, 1000, 1000], [100, 300, 500, 250, 250], { unready: [5, 6], deleted: [5, 6] }],
  [1233, 'Tolerance', 3, 3, 100, [900, 1000, 1100], [1010, 1030, 1020], {}],
  [1341, 'Outside of a 0% tolerance', 3, 4, 100, [900, 1000, 1100], [909, 1010, 1111], { tolerances: [0.0, 0.0] }],
  [1357, 'Within a 200% scale-up tolerance', 3, 3, 100, [900, 1000, 1100], [1890, 1910, 1900], { tolerances: [0.1, 2.0] }],
  [1373, 'Outside 8% scale-up tolerance (and superfluous scale-down tolerance)', 3, 4, 100, [900, 1000, 1100], [1100, 1080, 1090], { tolerances: [2.0, 0.08] }],
  [1389, 'Within a 36% scale-down tolerance', 3, 3, 100, [900, 1000, 1100], [660, 640, 650], { tolerances: [0.36, 0.1] }],
  [1405, 'Outside a 34% scale-down tolerance', 3, 2, 100, [900, 1000, 1100], [660, 640, 650], { tolerances: [0.34, 0.1] }],
  [1518, 'SuperfluousMetrics', 4, 24, 100, [1000, 1000, 1000, 1000], [4000, 9500, 3000, 7000, 3200, 2000], {}],
  [1534, 'MissingMetrics', 4, 3, 100, [1000, 1000, 1000, 1000], [400, 95], {}],
  [1551, 'EmptyMetrics', 4, undefined, 100, [1000, 1000, 1000], [], {}],
  [1596, 'MissingMetricsNoChangeEq', 2, 2, 100, [1000, 1000], [1000], {}],
  [1613, 'MissingMetricsNoChangeGt', 2, 2, 100, [1000, 1000], [1900], {}],
  [1630, 'MissingMetricsNoChangeLt', 2, 2, 100, [1000, 1000], [600], {}],
  [1647, 'MissingMetricsUnreadyChange', 3, 3, 50, [1000, 1000, 1000], [100, 450], { unready: [0] }],
  [1665, 'MissingMetricsHotCpuNoChange', 3, 3, 50, [1000, 1000, 1000], [100, 450], { hot: [0], cool: [1, 2] }],
  [1683, 'MissingMetricsUnreadyScaleUp', 3, 4, 50, [1000, 1000, 1000], [100, 2000], { unready: [0] }],
  [1701, 'MissingMetricsHotCpuScaleUp', 3, 4, 50, [1000, 1000, 1000], [100, 2000], { hot: [0], cool: [1, 2], unready: [0] }],
  [1720, 'MissingMetricsUnreadyScaleDown', 4, 3, 50, [1000, 1000, 1000, 1000], [100, 100, 100], { unready: [0] }],
  [1738, 'MissingMetricsScaleDownTargetOver100', 4, 2, 300, [1000, 1000, 2000, 2000], [200, 100, 100], { unready: [0] }],
  [1756, 'DuringRollingUpdateWithMaxSurge', 2, 2, 50, [1000, 1000, 1000], [100, 100], {}],
  // TestReplicaCalcComputedToleranceAlgImplementation: 50 % of 56 % is just outside of a tenth, of 55 % just within.
  [1793, 'ComputedTolerance: outside', 10, 9, 56, [400, 200, 310, 290, 302, 298, 301, 299, 300, 300], Array.from({ length: 10 }, () => 150), {}],
  [1793, 'ComputedTolerance: within', 10, 10, 55, [400, 200, 310, 290, 302, 298, 301, 299, 300, 300], Array.from({ length: 10 }, () => 150), {}],
]

test.each(ROWS)('line %i, %s', (_line, _name, currentReplicas, expected, targetPercent, requests, usage, unusual) => {
  const count = { pods: [0, 0, 0, 0], usage: [0, 0, 0, 0], requests: [0, 0, 0, 0] }
  for (let i = 0; i < Math.max(currentReplicas, requests.length); i++) {
    const group = groupOf(sample(i, usage.length, unusual), nowUs, PERIODS)
    count.pods[group]++
    count.usage[group] += usage[i] ?? 0
    count.requests[group] += requests[i] ?? 0
  }
  const [down, up] = unusual.tolerances ?? [0.1, 0.1]
  expect(
    resourceReplicas({
      currentReplicas,
      targetPercent,
      readyPods: count.pods[PodGroup.Ready],
      readyUsage: count.usage[PodGroup.Ready],
      readyRequests: count.requests[PodGroup.Ready],
      unreadyPods: count.pods[PodGroup.Unready],
      unreadyRequests: count.requests[PodGroup.Unready],
      missingPods: count.pods[PodGroup.Missing],
      missingRequests: count.requests[PodGroup.Missing],
      tolerances: { down, up },
    }),
  ).toBe(expected)
})

/** Metrics there have no time, so no window of a pod that starts is ever complete. */
function sample(i: number, measured: number, unusual: Unusual): PodSample {
  const isIn = (list: readonly number[] | undefined): boolean => list?.includes(i) ?? false
  let phase: PodPhase = PodPhase.Running
  if (isIn(unusual.failed)) phase = PodPhase.Failed
  if (isIn(unusual.pending)) phase = PodPhase.Pending
  let startedAtUs = 0
  if (isIn(unusual.hot)) startedAtUs = nowUs
  if (isIn(unusual.cool)) startedAtUs = nowUs - 180 * second
  return {
    phase,
    isDeleted: isIn(unusual.deleted),
    isReady: !isIn(unusual.unready),
    hasMetrics: i < measured,
    startedAtUs,
    readyChangedAtUs: 0,
    sampledAtUs: 0,
    windowUs: 60 * second,
  }
}

// TestGroupPods. Line, name, started, its condition changed, measured: seconds ago; window; ready; group.
test.each([
  [1926, 'fresh metrics during initialization', 60, 30, 0, 30, true, PodGroup.Ready],
  [1956, 'no fresh metrics during initialization', 60, 30, 0, 60, true, PodGroup.Unready],
  [1986, 'an unready pod that was never ready', 600, 594, 1_000_000, 0, false, PodGroup.Unready],
  [2016, 'no fresh metrics after initialization', 180, 180, 120, 60, true, PodGroup.Ready],
  [2046, 'an unready pod that was ready', 600, 540, 1_000_000, 0, false, PodGroup.Ready],
  [2076, 'an unready pod that changed after 10 s', 600, 590, 1_000_000, 0, false, PodGroup.Ready],
] as const)('line %i, %s', (_line, _name, started, changed, measured, window, isReady, expected) => {
  const pod: PodSample = {
    phase: PodPhase.Succeeded,
    isDeleted: false,
    isReady,
    hasMetrics: true,
    startedAtUs: nowUs - started * second,
    readyChangedAtUs: nowUs - changed * second,
    sampledAtUs: nowUs - measured * second,
    windowUs: window * second,
  }
  expect(groupOf(pod, nowUs, PERIODS)).toBe(expected)
  expect(groupOf({ ...pod, hasMetrics: false }, nowUs, PERIODS)).toBe(PodGroup.Missing)
  expect(groupOf({ ...pod, phase: PodPhase.Pending }, nowUs, PERIODS)).toBe(PodGroup.Unready)
  expect(groupOf({ ...pod, isDeleted: true }, nowUs, PERIODS)).toBe(PodGroup.Ignored)
})
