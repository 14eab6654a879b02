// How maxSurge and maxUnavailable become pods, after pkg/controller/deployment/util/deployment_util.go
// (ResolveFenceposts, MaxSurge, MaxUnavailable) and apimachinery intstr, Kubernetes v1.36.

import type { DeploymentSpec, IntOrPercent } from './types.ts'

/** A percentage of `total` in double arithmetic, rounded up or down; integers as they are. */
export function scaledValue(value: IntOrPercent, total: number, roundUp: boolean): number {
  if (!value.percent) return value.value
  const exact = (value.value * total) / 100
  return roundUp ? Math.ceil(exact) : Math.floor(exact)
}

/**
 * Surge rounds up, unavailable down; if both come out 0, unavailable is 1.
 * 25 %/25 % of 10 replicas: surge 3, unavailable 2. Of 3 replicas: surge 1, unavailable 0.
 */
export function resolveFenceposts(spec: DeploymentSpec): { maxSurge: number; maxUnavailable: number } {
  if (spec.recreate) return { maxSurge: 0, maxUnavailable: 0 }
  const maxSurge = scaledValue(spec.maxSurge, spec.replicas, true)
  let maxUnavailable = scaledValue(spec.maxUnavailable, spec.replicas, false)
  if (maxSurge === 0 && maxUnavailable === 0) maxUnavailable = 1
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, spec.replicas) }
}
