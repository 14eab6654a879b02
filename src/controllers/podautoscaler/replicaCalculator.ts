// After pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go, Kubernetes v1.36: how many replicas
// a resource utilization asks for.

/** Pods of one autoscaled workload by what their metrics are worth; usage and requests in millicores. */
export interface UtilizationInput {
  readonly currentReplicas: number
  /** averageUtilization, percent of the request. */
  readonly targetPercent: number
  /** Pods whose metrics count. */
  readonly readyPods: number
  readonly readyUsage: number
  readonly readyRequests: number
  /** Pods that are not ready, or whose metrics are from before they were. */
  readonly unreadyPods: number
  readonly unreadyRequests: number
  /** Pods without metrics. */
  readonly missingPods: number
  readonly missingRequests: number
  readonly tolerances: Tolerances
}

/** How far from the target, as a share of it, is near enough. */
export interface Tolerances {
  readonly down: number
  readonly up: number
}

/**
 * The replicas that the utilization asks for (GetResourceReplicas); undefined: no metrics, so no answer.
 * 3 pods at 100 % of a target of 50 %: ratio 2, so 6. With 2 more that are starting and count as idle: 300 / 5 = 60 %,
 * ratio 1.2, so ceil(1.2 x 5) = 6.
 */
export function resourceReplicas(input: UtilizationInput): number | undefined {
  const { currentReplicas, missingPods, readyPods, targetPercent, tolerances, unreadyPods } = input
  if (readyPods === 0 || input.readyRequests === 0) return undefined
  const ratio = utilizationRatio(input.readyUsage, input.readyRequests, targetPercent)
  const countsUnready = unreadyPods > 0 && ratio > 1
  if (!countsUnready && missingPods === 0)
    return isWithin(tolerances, ratio) ? currentReplicas : Math.ceil(ratio * readyPods)

  let usage = input.readyUsage
  let requests = input.readyRequests
  let pods = readyPods
  if (missingPods > 0 && ratio !== 1) {
    // On the way down they count as busy as the target, or as fully busy; on the way up as idle.
    if (ratio < 1) usage += (input.missingRequests * Math.max(100, targetPercent)) / 100
    requests += input.missingRequests
    pods += missingPods
  }
  if (countsUnready) {
    requests += input.unreadyRequests
    pods += unreadyPods
  }
  const again = utilizationRatio(usage, requests, targetPercent)
  if (isWithin(tolerances, again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return currentReplicas
  const replicas = Math.ceil(again * pods)
  const isContrary = (again < 1 && replicas > currentReplicas) || (again > 1 && replicas < currentReplicas)
  return isContrary ? currentReplicas : replicas
}

/** Whole percent, rounded down, over the target (GetResourceUtilizationRatio). */
function utilizationRatio(usage: number, requests: number, targetPercent: number): number {
  return Math.trunc((usage * 100) / requests) / targetPercent
}

/** Written so that 1.1 is within a tenth, as in Go: |1 - 1.1| is a little more than 0.1. */
function isWithin({ down, up }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up
}
