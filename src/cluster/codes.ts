// Names for the small integers that the tables hold.

export const PodPhase = { Pending: 0, Running: 1, Succeeded: 2, Failed: 3, Unknown: 4 } as const
export type PodPhase = (typeof PodPhase)[keyof typeof PodPhase]

/** What is left of a node: nothing that anyone reaches, or all but its kubelet. */
export const NodeState = { Up: 0, Down: 1, KubeletDown: 2 } as const
export type NodeState = (typeof NodeState)[keyof typeof NodeState]

/** What a watcher is told about a pod besides its row. */
export const PodChange = {
  Bound: 0,
  Started: 1,
  Ready: 2,
  NotReady: 3,
  Finished: 4,
  DeletionMark: 5,
  Metadata: 6,
} as const
export type PodChange = (typeof PodChange)[keyof typeof PodChange]

/** Why a pod was deleted: every deletion has a recorded reason. */
export const DeletionReason = {
  None: 0,
  ScaledDown: 1,
  RolloutReplaced: 2,
  Step: 3,
  Evicted: 4,
  TaintManager: 5,
  PodGarbageCollector: 6,
  OwnerGone: 7,
  FailedReplaced: 8,
  JobFinished: 9,
  NotEligible: 10,
  Preempted: 11,
} as const
export type DeletionReason = (typeof DeletionReason)[keyof typeof DeletionReason]

/** Status of a condition; Absent is not in the list of conditions at all. */
export const ConditionStatus = { Absent: 0, True: 1, False: 2, Unknown: 3 } as const
export type ConditionStatus = (typeof ConditionStatus)[keyof typeof ConditionStatus]

/** Reasons of a Deployment's conditions. */
export const DeploymentReason = {
  None: 0,
  MinimumReplicasAvailable: 1,
  MinimumReplicasUnavailable: 2,
  NewReplicaSetCreated: 3,
  FoundNewReplicaSet: 4,
  ReplicaSetUpdated: 5,
  NewReplicaSetAvailable: 6,
  ProgressDeadlineExceeded: 7,
  DeploymentPaused: 8,
  DeploymentResumed: 9,
  /** Of Argo Rollouts: an analysis has failed, the stable version is back. */
  RolloutAborted: 10,
} as const
export type DeploymentReason = (typeof DeploymentReason)[keyof typeof DeploymentReason]

/** The word of a code, for traces and tables. */
export function nameOf(codes: Readonly<Record<string, number>>, code: number): string {
  for (const name of Object.keys(codes)) if (codes[name] === code) return name
  return String(code)
}

/** Kinds of events on the queue; a handler of engine.ts stands behind each. */
export const EventKind = {
  TimelineAction: 0,
  KubeletStart: 1,
  KubeletReady: 2,
  KubeletExit: 3,
  KubeletGone: 4,
  QueueTimer: 5,
  ApiWrite: 6,
  WorkerDone: 7,
  LeaseRenewal: 11,
  NodeMonitorPass: 12,
  TaintPass: 13,
  TaintTimer: 14,
  PodGcPass: 15,
  DrainRetry: 16,
  Fault: 17,
  PodCrash: 18,
  ApiSend: 19,
  KubeletServe: 20,
  KubeletSigterm: 21,
  PodTimer: 22,
  PodStep: 23,
  PodRelist: 24,
  ProbeLook: 25,
  ImagePulled: 26,
  StatusWrite: 27,
  NodeShutdown: 28,
  EndpointDue: 35,
  PodHeard: 36,
  ProxyRun: 37,
  LoadChange: 38,
  ConnectionNotice: 39,
  HealthCheck: 40,
  AttachDetachPass: 45,
  VolumeOperation: 46,
  KubeletVolume: 47,
  NodeStatusRound: 48,
  VolumeProvisioned: 49,
  ApplicationTimer: 50,
  Delivery: 55,
  SchedulerCycle: 30,
  SchedulerBind: 31,
  SchedulerBackoffFlush: 32,
  SchedulerPoolFlush: 33,
  SchedulerPreemption: 34,
  AutoscalerSync: 56,
  MetricsPass: 57,
  VolumesBound: 66,
  KubeletVolumesMounted: 67,
  KubeletVolumesUnmounted: 68,
} as const
export type EventKind = (typeof EventKind)[keyof typeof EventKind]

/**
 * Order of events at one microsecond: workers that have their answer, and timers of the queues, come first and read what
 * was there before; then what happens to machines, whose report has a long way to the controllers; then the writes of
 * this microsecond land, for whoever looks next. (The recordings agree on it whatever their number of threads.)
 * What is Late happens one by one, each when all before it has settled.
 */
export const Rank = { Answer: 0, World: 1, Write: 2, Late: 3 } as const
