// After utils/replicaset/canary.go, Argo Rollouts v1.8: how many pods of each version a weight stands for, and how far
// a basic canary may go towards that in one step.

/** What the arithmetic reads of a Rollout and its ReplicaSets. */
export interface CanaryInput {
  readonly replicas: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  /** Percent that the new version is to get. */
  readonly weight: number
  readonly hasNew: boolean
  /** There is a stable ReplicaSet, and it is not the new one. */
  readonly hasStable: boolean
  /** spec.replicas and available pods of each. */
  readonly newReplicas: number
  readonly newAvailable: number
  readonly stableReplicas: number
  readonly stableAvailable: number
  /** spec.replicas of all others. */
  readonly otherReplicas: number
}

/** Pods of the new and of the stable version. */
export interface CanaryCounts {
  newReplicas: number
  stableReplicas: number
}

/** Two of them that are used again and again: what a step asks for, and what it comes to. */
const desired: CanaryCounts = { newReplicas: 0, stableReplicas: 0 }

/**
 * The next sizes of the new and the stable ReplicaSet (CalculateReplicaCountsForBasicCanary).
 * 10 replicas, weight 20, surge 2, unavailable 0: from 0/10 to 2/10, and when those 2 are available to 2/8.
 */
export function basicCanaryCounts(input: CanaryInput, counts: CanaryCounts): CanaryCounts {
  const { hasNew, hasStable, maxSurge, maxUnavailable, otherReplicas, replicas } = input
  approximateWeight(replicas, input.weight, maxSurge, desired)
  counts.newReplicas = hasNew ? input.newReplicas : 0
  counts.stableReplicas = hasStable ? input.stableReplicas : 0
  if (!hasStable) {
    desired.newReplicas = replicas
    desired.stableReplicas = 0
  }
  const replicasMax = replicas + maxSurge
  scaleUp(input, counts, replicasMax - otherReplicas - counts.newReplicas - counts.stableReplicas)
  // Older versions go before the new or the stable one shrinks.
  if (otherReplicas > 0) return counts

  const availableMin = replicas - maxUnavailable
  // The version that shrinks is counted by its size: pods of it that are not available must not hold it up.
  const isIncreasing = !hasNew || desired.newReplicas >= input.newReplicas
  const newCounted = countForScaleDown(input.newReplicas, input.newAvailable, !isIncreasing)
  const stableCounted = countForScaleDown(input.stableReplicas, input.stableAvailable, isIncreasing)
  // Upstream counts the stable ReplicaSet twice where it is the new one.
  const surplus = (hasNew ? newCounted : 0) + stableCounted - availableMin
  if (surplus <= 0) return counts
  if (!isIncreasing) {
    if (input.newReplicas > desired.newReplicas)
      counts.newReplicas = Math.max(desired.newReplicas, input.newReplicas - surplus)
    const kept = adjustWithinLimits(
      hasNew,
      hasStable || input.stableReplicas > 0,
      counts.newReplicas,
      input.newAvailable,
      counts.stableReplicas,
      input.stableAvailable,
      replicasMax,
      availableMin,
    )
    counts.newReplicas = kept.drained
    counts.stableReplicas = kept.other
  } else if (hasStable) {
    if (input.stableReplicas > desired.stableReplicas)
      counts.stableReplicas = Math.max(desired.stableReplicas, input.stableReplicas - surplus)
    const kept = adjustWithinLimits(
      true,
      hasNew,
      counts.stableReplicas,
      input.stableAvailable,
      counts.newReplicas,
      input.newAvailable,
      replicasMax,
      availableMin,
    )
    counts.stableReplicas = kept.drained
    counts.newReplicas = kept.other
  }
  return counts
}

/** The stable version grows first, then the new one, as far as the surge allows. */
function scaleUp(input: CanaryInput, counts: CanaryCounts, room: number): void {
  let left = room
  if (input.hasStable && input.stableReplicas < desired.stableReplicas && left > 0) {
    const added = Math.min(left, desired.stableReplicas - input.stableReplicas)
    counts.stableReplicas += added
    left -= added
  }
  if (input.hasNew && input.newReplicas < desired.newReplicas && left > 0)
    counts.newReplicas += Math.min(left, desired.newReplicas - input.newReplicas)
}

/** A ReplicaSet's share of what may be counted on: never more than its size (GetReplicasForScaleDown). */
function countForScaleDown(replicas: number, available: number, ignoresAvailability: boolean): number {
  return ignoresAvailability || replicas < available ? replicas : available
}

const kept = { drained: 0, other: 0 }

/** Keeps both sizes within the surge, without going below what must stay available (adjustReplicaWithinLimits). */
function adjustWithinLimits(
  hasDrained: boolean,
  hasOther: boolean,
  drained: number,
  drainedAvailable: number,
  other: number,
  otherAvailable: number,
  replicasMax: number,
  availableMin: number,
): { drained: number; other: number } {
  kept.drained = drained
  kept.other = other
  if (!hasOther) return kept
  kept.other = other - Math.max(0, other + drained - replicasMax)
  const available = (hasDrained ? Math.min(drainedAvailable, drained) : 0) + Math.min(otherAvailable, kept.other)
  const lost = Math.max(0, otherAvailable - kept.other)
  kept.other += Math.min(lost, Math.max(0, availableMin - available))
  kept.drained = drained - Math.max(0, kept.other + drained - replicasMax)
  return kept
}

/**
 * The numbers of pods that come nearest to a weight (approximateWeightedCanaryStableReplicaCounts): of both roundings,
 * with one pod more than `replicas` if a surge is allowed. Between 1 % and 99 % each version keeps a pod where it can.
 * 10 replicas at 25 %: 3 of 11 (27.3 %) comes nearer than 2 or 3 of 10; 3 replicas at 50 %: 2 of 4.
 */
export function approximateWeight(replicas: number, weight: number, maxSurge: number, result: CanaryCounts): void {
  result.newReplicas = 0
  result.stableReplicas = replicas
  if (replicas === 0) return
  const up = Math.ceil((replicas * weight) / 100)
  const down = Math.floor((replicas * weight) / 100)
  const zeroAllowed = weight === 100 || weight === 0 || (replicas === 1 && maxSurge === 0)
  const mayRoundDown = down !== 0 || zeroAllowed
  let bestDelta = Infinity
  const consider = (canary: number, total: number): void => {
    const delta = Math.abs((canary * 100) / total - weight)
    if (delta >= bestDelta) return
    bestDelta = delta
    result.newReplicas = canary
    result.stableReplicas = total - canary
  }
  if (up < replicas || zeroAllowed) consider(up, replicas)
  if (!isTied(weight, replicas) && mayRoundDown) consider(down, replicas)
  if (maxSurge === 0) return
  consider(up, replicas + 1)
  if (!isTied(weight, replicas + 1) && mayRoundDown) consider(down, replicas + 1)
}

/** Both roundings are equally far from the weight; then the larger one counts (floorCeilingTied). */
function isTied(weight: number, total: number): boolean {
  return (total * (weight / 100)) % 1 === 0.5
}
