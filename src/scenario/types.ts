// What a scenario is after loading: everything resolved, checked and in microseconds. The model compiles from this.

import type { KubeObject } from '../manifest/types.ts'
import type { ApplicationSpec } from './applicationTypes.ts'
import type { ClientSpec, KeepAliveSpec, RetriesSpec } from './clientTypes.ts'
import type { DurationSpec } from './durationSpec.ts'
import type { FrontSpec } from './frontTypes.ts'
import type { KubeletSettings } from './kubeletTypes.ts'
import type { Strategy } from './strategyTypes.ts'

export type { ApplicationSpec } from './applicationTypes.ts'
export type { ClientSpec, KeepAliveSpec, RetriesSpec } from './clientTypes.ts'
export type { DurationSpec } from './durationSpec.ts'
export type { ImageSettings, KubeletSettings, RegistrySettings, SigtermBehaviour } from './kubeletTypes.ts'

/** How the containers of one image behave; every field is present after merging over `"*"` and the profile. */
export interface ImageTimings {
  readonly pull: DurationSpec
  readonly start: DurationSpec
  readonly ready: DurationSpec
  readonly terminate: DurationSpec
  /** Time from start until the container exits by itself; `never` for servers. */
  readonly run: DurationSpec
  /** Cyclic list of exits of `run`: true is a failure. Probability between 0 and 1 otherwise. */
  readonly fail: readonly boolean[] | number
}

/** How the disks of one storage class behave; every field is present after merging over `"*"` and the profile. */
export interface StorageTimings {
  readonly provision: DurationSpec
  readonly attach: DurationSpec
  readonly detach: DurationSpec
  /** Stage and publish; half of it each. */
  readonly mount: DurationSpec
  /** Beside the first mount of a new disk. */
  readonly format: DurationSpec
  /** Unpublish and unstage; half of it each. */
  readonly unmount: DurationSpec
  /** Probability that an attempt to attach fails. */
  readonly attachFails: number
  /** Undefined: as its provisioner is known to do it. */
  readonly attachRequired?: boolean
  readonly topology?: 'zone' | 'node' | 'none'
}

/** Storage of a scenario in which pods use claims. */
export interface StorageSpec {
  /** `ignored`: pods wait for no volume. */
  readonly volumes: 'real' | 'ignored'
  /** By storage class; `"*"` is present. */
  readonly classes: Readonly<Record<string, StorageTimings>>
  /** Status rounds of nodes and polls of drivers begin at random times and vary, as real ones do. */
  readonly jitter: boolean
}

/** One node of the simulated cluster. */
export interface NodeSpec {
  readonly name: string
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly pods: number
  /** Allocatable ephemeral-storage and extended resources, where there are any. */
  readonly resources?: Readonly<Record<string, number>>
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  readonly unschedulable: boolean
}

export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** How many calls a client of the API sends: `perSecond` on average, `burst` at once. */
export interface ClientLimit {
  readonly perSecond: number
  readonly burst: number
}

export interface ClientLimits {
  /** Of each controller of the kube-controller-manager, by itself. */
  readonly controllerManager: ClientLimit
  /** Of the evictions of one `kubectl drain`. */
  readonly kubectl: ClientLimit
}

/** Delays of the control plane and of the network; all microseconds. */
export interface Surroundings {
  /** Time that a controller waits for each API write (calls of one batch run side by side). */
  readonly apiWriteUs: number
  /** That time where it is drawn; `apiWriteUs` is its median then. */
  readonly apiWrite?: DurationSpec
  /** How quickly clients may send; absent: as quickly as they want. */
  readonly clientLimits?: ClientLimits
  /** Syncs that one controller runs side by side; 5 (the kube-controller-manager's default) if absent. */
  readonly controllerWorkers?: number
  /** Status writes lose changes of annotations, as the recordings' API server does; a real one keeps them. */
  readonly statusWritesDropAnnotations?: boolean
  /** Evictions set no DisruptionTarget condition, as in the recordings; a real API server sets it. */
  readonly evictionsSetNoCondition?: boolean
  /** Time from the scheduler's decision to the bound pod being seen by the kubelet. */
  readonly bind: DurationSpec
  /** How senders follow endpoints, where traffic says nothing. */
  readonly endpointDelayUs: EndpointDelay
  /** How fast endpoints get about where kube-proxies follow them; at once if absent. */
  readonly network?: NetworkSpec
  /** What clients do about which their traffic says nothing. */
  readonly clients?: ClientSpec
}

/** After exactly so many microseconds, or as watches, the EndpointSlice controller and kube-proxies let them know. */
export type EndpointDelay = number | 'kube-proxy'

/** The ways of an endpoint from its pod to the proxies. */
export interface NetworkSpec {
  readonly watch: DurationSpec
  readonly sliceSync: DurationSpec
  readonly proxyRun: DurationSpec
  readonly minSyncUs: number
  /** kube-proxy sends to endpoints in turn (ipvs), not at random. */
  readonly inTurn?: true
}

/** `real` is modelled after pkg/kubelet; `scripted` is the recordings': given times, no probes, no back-offs. */
export type KubeletModel = 'real' | 'scripted'

/** `real` is modelled after pkg/scheduler; `scripted` is the recordings' rule: fewest pods, then node name. */
export type PlacementPolicy = 'real' | 'scripted'

/** Which of equally good nodes is taken: any, by the seed, or the top of the heap that Kubernetes 1.36 builds of them. */
export type TieBreak = 'random' | 'first'

/** What is free to choose about the scheduler. */
export interface SchedulerSpec {
  readonly tieBreak: TieBreak
  /** Time that the one scheduling thread works on one pod. */
  readonly cycle: DurationSpec
  /** Limit of its client; 0: none. */
  readonly bindsPerSecond: number
  readonly bindBurst: number
}

export interface TrafficSpec {
  /** `Service/name`, `Deployment/name`, … */
  readonly to: { readonly kind: string; readonly name: string }
  readonly requestsPerSecond: number
  readonly endpointDelayUs: EndpointDelay
  /** What stands between clients and endpoints; absent: nothing but proxies. */
  readonly front?: FrontSpec
  /** How long a request takes; no time if absent. */
  readonly duration?: DurationSpec
  /** How long a client waits for an answer; for ever if absent. */
  readonly timeoutUs?: number
  /** Connections that are kept; absent: each request makes its own. */
  readonly keepAlive?: KeepAliveSpec
  /** Absent: a lost request is not tried again. */
  readonly retries?: RetriesSpec
  /** Client addresses, which session affinity tells apart; absent: every request has its own. */
  readonly sources?: number
}

/** How single requests come. */
export interface RequestsSpec {
  readonly arrivals: 'random' | 'even'
}

/** How the primary of a StatefulSet is found. */
export type PrimaryRule =
  /** The pod of that ordinal. */
  | { readonly type: 'ordinal'; readonly ordinal: number }
  /** Whoever holds a lease: when that pod goes, the one that has served longest, an election later. */
  | { readonly type: 'lease'; readonly electionUs: number }
  /** Likewise, after the rules of client-go: when its lease has run out, or was given up, and somebody looks. */
  | { readonly type: 'renewedLease'; readonly durationUs: number; readonly retryUs: number; readonly release: boolean }

/** What is written to a StatefulSet. */
export interface WritesSpec {
  readonly perSecond: number
  /** How far replicas are behind the primary. */
  readonly lagUs: number
  /** A write needs a majority of serving members. */
  readonly quorum: boolean
}

/** A StatefulSet and its primary. */
export interface PrimarySpec {
  readonly workload: WorkloadRef
  readonly rule: PrimaryRule
  readonly writes?: WritesSpec
}

/** A workload named in a step or target, always resolved to one of the scenario's objects. */
export interface WorkloadRef {
  readonly kind: string
  readonly name: string
}

/** One thing that happens at a time; `atUs` counts from 0 of the timeline. Objects are full API objects. */
export type Step = { readonly atUs: number } & (
  | { readonly op: 'setImage'; readonly workload: WorkloadRef; readonly container: string; readonly image: string }
  | { readonly op: 'patch'; readonly workload: WorkloadRef; readonly patch: unknown }
  | { readonly op: 'apply'; readonly object: unknown }
  | { readonly op: 'delete'; readonly object: WorkloadRef; readonly cascade: 'background' | 'foreground' | 'orphan' }
  | { readonly op: 'scale'; readonly workload: WorkloadRef; readonly replicas: number }
  | { readonly op: 'pause' | 'resume' | 'restart'; readonly workload: WorkloadRef }
  | { readonly op: 'undo'; readonly workload: WorkloadRef; readonly toRevision: number }
  | {
      readonly op: 'deletePod'
      readonly workload?: WorkloadRef
      readonly pod?: string
      readonly node?: string
      readonly index: number
      readonly force: boolean
    }
  | { readonly op: 'nodeDown' | 'nodeUp' | 'deleteNode' | 'cordon' | 'uncordon' | 'drain'; readonly node: string }
  | { readonly op: 'addNode'; readonly node: NodeSpec }
  | { readonly op: 'taintNode'; readonly node: string; readonly taint: Taint; readonly remove: boolean }
  | { readonly op: 'pushImage'; readonly image: string; readonly version: string }
  /** Without a grace period (0) the machine stops at once. */
  | { readonly op: 'shutdownNode'; readonly node: string; readonly graceUs: number }
)

/** Nodes that fail together, under the name that keys their stream of random numbers: a node's or a zone's. */
export interface FaultGroup {
  readonly name: string
  readonly nodes: readonly string[]
}

/** Failures that a run draws by its seed, from the first step of the timeline to the horizon; the same in every arm. */
export type FaultSpec =
  /** Each group is up for an exponential time, then down for a drawn one, in turn. */
  | {
      readonly type: OutageType
      readonly groups: readonly FaultGroup[]
      readonly mtbfUs: number
      readonly repair: DurationSpec
      /** How long before it goes down a node is drained; absent: no notice. */
      readonly noticeUs?: number
    }
  /** Nodes are drained in turn, at fixed times that count from 0 of the timeline. */
  | {
      readonly type: 'drain'
      readonly nodes: readonly string[]
      readonly firstUs: number
      /** Infinity: one drain only. */
      readonly everyUs: number
      /** Infinity: until the horizon. */
      readonly times: number
      /** Infinity: never. */
      readonly uncordonAfterUs: number
    }
  /** The containers of each pod run for an exponential time; without a workload those of all pods. */
  | { readonly type: 'podCrash'; readonly workload?: WorkloadRef; readonly mtbfUs: number }

export type OutageType = 'nodeCrash' | 'zoneOutage' | 'partition' | 'kubeletRestart'

/** A strategy and the Deployment whose releases it carries out. */
export type StrategySpec = Strategy & { readonly workload: WorkloadRef }

/** One arm after expansion of grids: its name and the objects (raw patches applied, then defaulted and validated). */
export interface ScenarioArm {
  readonly name: string
  /** The grid values or patch in words, for tables: `maxSurge 25 %, maxUnavailable 0`. */
  readonly label: string
  /** Defaulted, validated objects (no Nodes) as this arm creates them. */
  readonly objects: readonly KubeObject[]
  /** Undefaulted originals in the same order, on which patch steps act. */
  readonly rawObjects: readonly unknown[]
  /** How releases are carried out; absent: as the Deployment's own strategy says. */
  readonly strategy?: StrategySpec
}

export interface Threshold {
  /** As the user wrote it. */
  readonly text: string
  readonly arm: string
  /** `Kind/name`; each workload of the arm where it is left out. */
  readonly workload?: string
  readonly column: string
  readonly stat:
    { readonly type: 'mean' } | { readonly type: 'max' } | { readonly type: 'quantile'; readonly q: number }
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly value: number
}

/** A loaded scenario: all that `run` needs. */
export interface Scenario {
  readonly name: string
  /** sha256 (hex) of the canonical JSON of everything that decides the runs (seed and run count excluded). */
  readonly hash: string
  readonly kubernetes: string
  readonly featureGates: Readonly<Record<string, boolean>>
  readonly nodes: readonly NodeSpec[]
  /** The name of the profile; what it says is merged into timings, surroundings and faults. */
  readonly profile: string
  readonly placement: PlacementPolicy
  readonly scheduler: SchedulerSpec
  readonly kubelet: KubeletModel
  /** Of real kubelets; absent: those without any delay of their own. */
  readonly kubeletSettings?: KubeletSettings
  readonly surroundings: Surroundings
  readonly warmUpUs: number
  readonly horizonUs: number
  /** By image; `"*"` is present and complete. Entries are already merged field by field. */
  readonly timings: Readonly<Record<string, ImageTimings>>
  /** How applications behave, by image or `"*"`; absent: they just serve. */
  readonly applications?: Readonly<Record<string, ApplicationSpec>>
  /** Undefined: no pod uses a claim. */
  readonly storage?: StorageSpec
  readonly traffic: readonly TrafficSpec[]
  /** How single requests are played; absent: requests are an expectation (the fluid mode). */
  readonly requests?: RequestsSpec
  /** Of the StatefulSets that name one; of others it is the first ordinal. */
  readonly primaries?: readonly PrimarySpec[]
  readonly timeline: readonly Step[]
  readonly faults: readonly FaultSpec[]
  readonly arms: readonly ScenarioArm[]
  readonly runs: number
  readonly seed: number
  readonly thresholds: readonly Threshold[]
  /** What was assumed because nothing was said, one sentence each, to be printed. */
  readonly assumptions: readonly string[]
}
