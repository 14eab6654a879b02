// The API writes that controllers send, by number, for those that happen later than their sync's first instant.

export const Write = {
  InsertReplicaSet: 0,
  ScaleReplicaSet: 1,
  RenewReplicaSet: 2,
  ReplicaSetStatus: 3,
  RemoveReplicaSet: 4,
  DeploymentStatus: 5,
  CreatePod: 6,
  DeletePod: 7,
  PatchTaints: 20,
  NodeReady: 21,
  PodNotReady: 22,
  PodDisruptionTarget: 23,
  PodFailed: 24,
  BudgetStatus: 25,
  DaemonSetStatus: 8,
  CreateJob: 9,
  DeleteJob: 10,
  JobStatus: 11,
  ReleasePod: 12,
} as const
export type Write = (typeof Write)[keyof typeof Write]
