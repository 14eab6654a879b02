// After pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState, setLimiterInZone and the QPS
// functions), Kubernetes v1.36.

/** Absent: no node of the zone has been seen. */
export const ZoneState = { Absent: 0, Initial: 1, Normal: 2, FullDisruption: 3, PartialDisruption: 4 } as const
export type ZoneState = (typeof ZoneState)[keyof typeof ZoneState]

/** --node-eviction-rate and --secondary-node-eviction-rate: nodes tainted a second. */
export const EVICTION_RATE = 0.1
export const SECONDARY_EVICTION_RATE = 0.01
/** --large-cluster-size-threshold: a zone of more nodes is large. */
export const LARGE_ZONE_NODES = 50
/** --unhealthy-zone-threshold, compared in single precision. */
const UNHEALTHY_SHARE = Math.fround(0.55)

/** No node Ready: full disruption. At least three, and 55 % of them, not Ready: partial. */
export function zoneStateOf(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return ZoneState.FullDisruption
  if (notReady > 2 && Math.fround(notReady / (notReady + ready)) >= UNHEALTHY_SHARE) return ZoneState.PartialDisruption
  return ZoneState.Normal
}

/** Nodes of a zone that may be tainted a second: in a small zone in partial disruption none, ever. */
export function evictionRate(state: ZoneState, nodes: number): number {
  if (state !== ZoneState.PartialDisruption) return EVICTION_RATE
  return nodes > LARGE_ZONE_NODES ? SECONDARY_EVICTION_RATE : 0
}
