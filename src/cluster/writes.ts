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
  DeletePodByName: 26,
  DaemonSetStatus: 8,
  StatefulSetStatus: 9,
  PutRevision: 10,
  RemoveRevision: 11,
  PutClaim: 12,
  DeletePodOfOrdinal: 13,
} as const
export type Write = (typeof Write)[keyof typeof Write]
