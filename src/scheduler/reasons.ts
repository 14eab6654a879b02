// Why a node cannot take a pod: which plugin says so, whether preemption could help, and in what words.

/** The plugins that reject, as bits: what a waiting pod was rejected by. */
export const Rejector = {
  NodeUnschedulable: 1,
  NodeName: 2,
  TaintToleration: 4,
  NodeAffinity: 8,
  NodePorts: 16,
  NodeResourcesFit: 32,
  Volumes: 64,
  PodTopologySpread: 128,
  InterPodAffinity: 256,
} as const
export type Rejector = (typeof Rejector)[keyof typeof Rejector]

/** The verdict of the filters on one node. */
export const Reason = {
  Fits: 0,
  NodeUnschedulable: 1,
  NodeName: 2,
  Taint: 3,
  NodeAffinity: 4,
  NodePorts: 5,
  Resources: 6,
  /** The node could not take the pod even if it were empty. */
  ResourcesNever: 7,
  VolumeRestrictions: 8,
  VolumeLimits: 9,
  VolumeBinding: 10,
  VolumeZone: 11,
  TopologyKey: 12,
  TopologySpread: 13,
  Affinity: 14,
  AntiAffinity: 15,
  ExistingAntiAffinity: 16,
  ClaimNotFound: 17,
  ClaimUnbound: 18,
} as const
export type Reason = (typeof Reason)[keyof typeof Reason]

interface Meaning {
  readonly rejector: number
  /** Preemption of other pods may remove this reason. */
  readonly resolvable: boolean
  /** As the API shows it; resources are named one by one instead. */
  readonly words: string
}

/** By Reason. */
export const MEANINGS: readonly Meaning[] = [
  { rejector: 0, resolvable: false, words: '' },
  { rejector: Rejector.NodeUnschedulable, resolvable: false, words: 'node(s) were unschedulable' },
  { rejector: Rejector.NodeName, resolvable: false, words: "node(s) didn't match the requested node name" },
  { rejector: Rejector.TaintToleration, resolvable: false, words: 'node(s) had untolerated taint(s)' },
  { rejector: Rejector.NodeAffinity, resolvable: false, words: "node(s) didn't match Pod's node affinity/selector" },
  {
    rejector: Rejector.NodePorts,
    resolvable: true,
    words: "node(s) didn't have free ports for the requested pod ports",
  },
  { rejector: Rejector.NodeResourcesFit, resolvable: true, words: '' },
  { rejector: Rejector.NodeResourcesFit, resolvable: false, words: '' },
  {
    rejector: Rejector.Volumes,
    resolvable: true,
    words:
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  },
  { rejector: Rejector.Volumes, resolvable: true, words: 'node(s) exceed max volume count' },
  { rejector: Rejector.Volumes, resolvable: false, words: "node(s) didn't match PersistentVolume's node affinity" },
  { rejector: Rejector.Volumes, resolvable: false, words: 'node(s) had no available volume zone' },
  {
    rejector: Rejector.PodTopologySpread,
    resolvable: false,
    words: "node(s) didn't match pod topology spread constraints (missing required label)",
  },
  {
    rejector: Rejector.PodTopologySpread,
    resolvable: true,
    words: "node(s) didn't match pod topology spread constraints",
  },
  { rejector: Rejector.InterPodAffinity, resolvable: false, words: "node(s) didn't match pod affinity rules" },
  { rejector: Rejector.InterPodAffinity, resolvable: true, words: "node(s) didn't match pod anti-affinity rules" },
  {
    rejector: Rejector.InterPodAffinity,
    resolvable: true,
    words: "node(s) didn't satisfy existing pods anti-affinity rules",
  },
  { rejector: Rejector.Volumes, resolvable: false, words: 'persistentvolumeclaim not found' },
  { rejector: Rejector.Volumes, resolvable: false, words: 'pod has unbound immediate PersistentVolumeClaims' },
]
