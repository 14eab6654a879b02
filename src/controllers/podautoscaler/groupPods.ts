// After pkg/controller/podautoscaler/replica_calculator.go (groupPods), Kubernetes v1.36: what the CPU usage of a pod is
// worth to an autoscaler.

import { PodPhase } from '../../cluster/codes.ts'

/** The four groups; the metrics of ignored pods and the pods themselves do not count. */
export const PodGroup = { Ignored: 0, Unready: 1, Missing: 2, Ready: 3 } as const
export type PodGroup = (typeof PodGroup)[keyof typeof PodGroup]

/** One pod as the autoscaler finds it; one object is filled for each pod in turn. */
export interface PodSample {
  phase: PodPhase
  isDeleted: boolean
  isReady: boolean
  hasMetrics: boolean
  startedAtUs: number
  /** When its Ready condition last changed; 0: never. */
  readyChangedAtUs: number
  /** When its usage was measured, over so long before that. */
  sampledAtUs: number
  windowUs: number
}

export interface StartPeriods {
  /** horizontal-pod-autoscaler-cpu-initialization-period. */
  readonly cpuInitializationUs: number
  /** horizontal-pod-autoscaler-initial-readiness-delay. */
  readonly readinessDelayUs: number
}

export const START_PERIODS: StartPeriods = { cpuInitializationUs: 300_000_000, readinessDelayUs: 30_000_000 }

/**
 * The group of a pod. The CPU of a pod that starts says nothing: a pod started 60 s ago and Ready for 30 s counts if its
 * window is 30 s, and not if it is 60 s, half of which it was starting.
 */
export function groupOf(pod: PodSample, nowUs: number, periods: StartPeriods): PodGroup {
  if (pod.isDeleted || pod.phase === PodPhase.Failed) return PodGroup.Ignored
  if (pod.phase === PodPhase.Pending) return PodGroup.Unready
  if (!pod.hasMetrics) return PodGroup.Missing
  const isStarting = pod.startedAtUs + periods.cpuInitializationUs > nowUs
  const isUnready = isStarting
    ? !pod.isReady || pod.sampledAtUs < pod.readyChangedAtUs + pod.windowUs
    : // Not ready, and it never was: later than that it is a pod that has failed, whose usage counts.
      !pod.isReady && pod.startedAtUs + periods.readinessDelayUs > pod.readyChangedAtUs
  return isUnready ? PodGroup.Unready : PodGroup.Ready
}
