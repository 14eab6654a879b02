// The ReplicaSet controller once more, as plainly as possible: objects and arrays, written from the description of
// Kubernetes v1.36 and not from src/controllers. One sync without API latency.

export interface TwinPod {
  /** Ascends in creation order; stands for the UID too. */
  readonly id: number
  /** Index of its ReplicaSet; 0 is the one that is synced. */
  readonly owner: number
  readonly node: number | undefined
  readonly phase: 'Pending' | 'Running' | 'Unknown' | 'Succeeded' | 'Failed'
  readonly ready: boolean
  readonly readySeconds: number
  readonly restarts: number
  readonly createdSeconds: number
  readonly terminating: boolean
}

export interface TwinReplicaSet {
  readonly replicas: number
  readonly minReadySeconds: number
  readonly beingDeleted: boolean
  /** Without a controller there are no related pods. */
  readonly hasController: boolean
  readonly expectations: { readonly add: number; readonly del: number; readonly ageSeconds: number }
  readonly nowUs: number
  readonly pods: readonly TwinPod[]
}

/** What a sync decides: how many pods to create, how many to delete, the status, and when to look again. */
export interface TwinSync {
  readonly created: number
  readonly deleted: number
  readonly status: readonly number[]
  /** Microseconds from now; Infinity: no timer. */
  readonly againUs: number
}

export const isActive = (pod: TwinPod): boolean =>
  pod.phase !== 'Succeeded' && pod.phase !== 'Failed' && !pod.terminating

export function syncTwin(rs: TwinReplicaSet): TwinSync {
  const own = rs.pods.filter(({ owner }) => owner === 0)
  const active = own.filter(isActive)
  const ready = active.filter((pod) => pod.ready)
  const readyUntil = (pod: TwinPod): number => (pod.readySeconds + rs.minReadySeconds) * 1e6
  const available = ready.filter((pod) => rs.minReadySeconds === 0 || readyUntil(pod) <= rs.nowUs)
  const terminating = own.filter((pod) => pod.terminating && pod.phase !== 'Succeeded' && pod.phase !== 'Failed')
  const { add, ageSeconds, del } = rs.expectations
  const satisfied = (add <= 0 && del <= 0) || ageSeconds > 300
  const missing = satisfied && !rs.beingDeleted ? rs.replicas - active.length : 0
  const deleted = Math.max(0, Math.min(-missing, 500))
  const waits = ready.map((pod) => readyUntil(pod) - rs.nowUs).filter((us) => us > 0)
  const again = rs.minReadySeconds > 0 && ready.length !== available.length
  return {
    created: Math.max(0, Math.min(missing, 500)),
    deleted,
    status: [active.length, ready.length, available.length, terminating.length],
    againUs: again ? Math.min(...waits) : Infinity,
  }
}

/** Negative: `a` is deleted before `b`; 0: nothing says which. */
export function compareVictims(rs: TwinReplicaSet, a: TwinPod, b: TwinPod): number {
  const related = (pod: TwinPod): number =>
    pod.node === undefined || !rs.hasController
      ? 0
      : rs.pods.filter((other) => isActive(other) && other.node === pod.node).length
  const phase = (pod: TwinPod): number => ['Pending', 'Unknown', 'Running'].indexOf(pod.phase)
  const bucket = (seconds: number): number => {
    const ageNs = rs.nowUs * 1000 - seconds * 1e9
    return ageNs <= 0 ? -1 : Math.trunc(Math.log2(ageNs))
  }
  const younger = (one: number, other: number): number =>
    one === other ? 0 : bucket(one) === bucket(other) ? a.id - b.id : bucket(one) - bucket(other)
  const criteria = [
    (a.node === undefined ? 0 : 1) - (b.node === undefined ? 0 : 1),
    phase(a) - phase(b),
    (a.ready ? 1 : 0) - (b.ready ? 1 : 0),
    related(b) - related(a),
    a.ready && b.ready ? younger(a.readySeconds, b.readySeconds) : 0,
    b.restarts - a.restarts,
    younger(a.createdSeconds, b.createdSeconds),
  ]
  return criteria.find((each) => each !== 0) ?? 0
}
