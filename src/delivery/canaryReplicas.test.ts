// Rows of utils/replicaset/canary_test.go, Argo Rollouts v1.8 (Apache-2.0), those of the basic canary.

import { describe, expect, test } from 'vitest'
import { approximateWeight, basicCanaryCounts } from './canaryReplicas.ts'

describe('TestCalculateReplicaCountsForCanary', () => {
  // replicas, weight, surge, unavailable; stable spec and available; canary spec and available; older; stable, canary.
  test.each([
    ['counts no more than spec.replicas', 10, 100, 3, 0, 7, 8, 6, 3, 0, 7, 6],
    ['surges the canary', 10, 20, 2, 0, 10, 10, 0, 0, 0, 10, 2],
    ['scales down extra stable replicas', 10, 20, 2, 0, 10, 10, 2, 2, 0, 8, 2],
    ['does not go past max surge', 10, 30, 2, 0, 10, 10, 0, 0, 0, 10, 2],
    ['uses max unavailable', 10, 20, 0, 2, 10, 10, 0, 0, 0, 8, 0],
    ['does not go past max unavailable', 10, 30, 0, 2, 10, 10, 0, 0, 0, 8, 0],
    ['uses surge and unavailable', 10, 50, 2, 1, 10, 10, 0, 0, 0, 9, 2],
    ['scales the canary to zero on weight 0', 10, 0, 1, 1, 10, 10, 1, 1, 0, 10, 0],
    ['scales stable to zero on weight 100', 10, 100, 1, 1, 1, 1, 10, 10, 0, 0, 10],
    ['keeps a canary on a non-zero weight', 1, 20, 1, 0, 1, 1, 0, 0, 0, 1, 1],
    ['keeps stable on a weight below 100', 1, 90, 1, 0, 1, 1, 0, 0, 0, 1, 1],
    ['scales up stable before the new one', 10, 30, 1, 0, 1, 1, 0, 0, 3, 7, 1],
    ['scales down both', 10, 30, 0, 3, 8, 5, 4, 4, 0, 7, 3],
    ['scales down stable and canary available', 10, 100, 1, 0, 10, 2, 10, 8, 0, 2, 9],
    ['scales down older ones first', 10, 30, 0, 1, 8, 6, 4, 2, 3, 8, 4],
    ['does not round past max surge', 10, 5, 0, 1, 10, 10, 0, 0, 0, 9, 0],
    ['does not round past max surge, part 2', 10, 5, 0, 1, 9, 9, 0, 0, 0, 9, 1],
    ['honours max surge while stable is unavailable', 4, 100, 1, 0, 4, 1, 0, 0, 0, 4, 1],
    ['scales down to max unavailable', 3, 99, 0, 2, 3, 3, 0, 0, 0, 1, 0],
    ['scales down to max unavailable, part 2', 3, 99, 0, 2, 1, 1, 0, 0, 0, 1, 2],
    ['honours max unavailable while stable is unavailable', 4, 100, 1, 0, 4, 1, 1, 1, 0, 3, 1],
    ['honours max unavailable when aborting', 4, 0, 1, 0, 0, 0, 4, 4, 0, 1, 4],
    ['honours max unavailable when aborting, part 2', 4, 0, 1, 0, 1, 0, 4, 4, 0, 1, 4],
    ['honours max unavailable when aborting, part 3', 4, 0, 1, 0, 1, 1, 4, 4, 0, 1, 3],
    ['promotes without regard to the weight', 4, 100, 4, 4, 4, 4, 0, 0, 0, 0, 4],
    ['promotes within surge and unavailable', 4, 100, 3, 0, 4, 4, 0, 0, 0, 4, 3],
  ])('%s', (_, ...row) => {
    const [replicas, weight, maxSurge, maxUnavailable, stable, stableAvailable, canary, canaryAvailable, older] = row
    const input = {
      replicas,
      weight,
      maxSurge,
      maxUnavailable,
      hasNew: true,
      hasStable: true,
      newReplicas: canary,
      newAvailable: canaryAvailable,
      stableReplicas: stable,
      stableAvailable,
      otherReplicas: older,
    }
    const counts = basicCanaryCounts(input, { newReplicas: 0, stableReplicas: 0 })
    expect([counts.stableReplicas, counts.newReplicas]).toEqual(row.slice(9))
  })
})

describe('TestApproximateWeightedNewStableReplicaCounts', () => {
  // replicas, weight, surge; canary, stable.
  test.each([
    [0, 50, 0, 0, 0],
    [0, 100, 1, 0, 0],
    [1, 1, 0, 0, 1],
    [1, 49, 0, 0, 1],
    [1, 50, 0, 1, 0],
    [1, 99, 0, 1, 0],
    [1, 0, 1, 0, 1],
    [1, 1, 1, 1, 1],
    [1, 99, 1, 1, 1],
    [1, 100, 1, 1, 0],
    [2, 1, 0, 1, 1],
    [2, 99, 0, 1, 1],
    [2, 1, 1, 1, 2],
    [2, 50, 1, 1, 1],
    [2, 99, 1, 2, 1],
    [3, 10, 0, 1, 2],
    [3, 49, 0, 1, 2],
    [3, 50, 0, 2, 1],
    [3, 25, 1, 1, 3],
    [3, 34, 1, 1, 2],
    [3, 49, 1, 2, 2],
    [3, 50, 1, 2, 2],
    [10, 1, 0, 1, 9],
    [10, 14, 0, 1, 9],
    [10, 15, 0, 2, 8],
    [10, 99, 0, 9, 1],
    [10, 1, 1, 1, 10],
    [10, 18, 1, 2, 9],
    [10, 20, 1, 2, 8],
    [10, 24, 1, 3, 8],
    [10, 25, 1, 3, 8],
    [10, 99, 1, 10, 1],
    [10, 100, 1, 10, 0],
  ])('%i replicas, weight %i, surge %i: %i and %i', (replicas, weight, maxSurge, canary, stable) => {
    const counts = { newReplicas: 0, stableReplicas: 0 }
    approximateWeight(replicas, weight, maxSurge, counts)
    expect([counts.newReplicas, counts.stableReplicas]).toEqual([canary, stable])
  })
})

test('without a stable version the new one gets all pods', () => {
  const input = {
    replicas: 10,
    weight: 10,
    maxSurge: 0,
    maxUnavailable: 1,
    hasNew: true,
    hasStable: false,
    newReplicas: 9,
    newAvailable: 9,
    stableReplicas: 0,
    stableAvailable: 0,
    otherReplicas: 0,
  }
  const counts = basicCanaryCounts(input, { newReplicas: 0, stableReplicas: 0 })
  expect([counts.newReplicas, counts.stableReplicas]).toEqual([10, 0])
})
