// The core/v1 and policy/v1 objects that we model, as they are after defaulting. Field names and meaning are the API's.
// A field without `?` is always present: it is required by the API, or defaults.ts fills it in.

/** An integer, or a percentage such as `25%`. */
export type IntOrString = number | string

/** A quantity as written: `500m`, `1Gi`, 2. Read it with quantity.ts. */
export type Quantity = string | number

export type LabelMap = Readonly<Record<string, string>>

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface TemplateMeta {
  readonly name?: string
  readonly labels: LabelMap
  readonly annotations: LabelMap
}

export interface ObjectMeta extends TemplateMeta {
  readonly name: string
  /** `default` unless given; empty for a Node. */
  readonly namespace: string
  readonly uid?: string
  readonly generation?: number
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface LabelSelectorRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values?: readonly string[]
}

/** An empty selector matches everything; an absent one, where it may be absent, nothing. */
export interface LabelSelector {
  readonly matchLabels?: LabelMap
  readonly matchExpressions?: readonly LabelSelectorRequirement[]
}

export interface ContainerPort {
  readonly containerPort: number
  readonly hostPort?: number
  readonly name?: string
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
}

export type ResourceList = Readonly<Record<string, Quantity>>

export interface ResourceRequirements {
  readonly requests?: ResourceList
  readonly limits?: ResourceList
}

export interface HttpGetAction {
  readonly port: IntOrString
  readonly path: string
  readonly scheme: 'HTTP' | 'HTTPS'
  readonly host?: string
}

/** What a probe or a hook does; exactly one member is present. */
export interface ActionHandler {
  readonly exec?: { readonly command?: readonly string[] }
  readonly httpGet?: HttpGetAction
  readonly tcpSocket?: { readonly port: IntOrString }
}

export interface Probe extends ActionHandler {
  readonly grpc?: { readonly port: number; readonly service: string }
  readonly initialDelaySeconds: number
  readonly timeoutSeconds: number
  readonly periodSeconds: number
  readonly successThreshold: number
  readonly failureThreshold: number
  readonly terminationGracePeriodSeconds?: number
}

export interface LifecycleHandler extends ActionHandler {
  readonly sleep?: { readonly seconds: number }
}

export interface Lifecycle {
  readonly postStart?: LifecycleHandler
  readonly preStop?: LifecycleHandler
}

export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly ports?: readonly ContainerPort[]
  readonly resources: ResourceRequirements
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: Lifecycle
  readonly volumeMounts?: readonly VolumeMount[]
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never'
}

export interface Toleration {
  readonly key?: string
  readonly operator?: 'Equal' | 'Exists'
  readonly value?: string
  readonly effect?: TaintEffect
  readonly tolerationSeconds?: number
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'

export interface NodeTaint {
  readonly key: string
  readonly value?: string
  readonly effect: TaintEffect
}

export interface NodeSelectorRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
  readonly values?: readonly string[]
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[]
  readonly matchFields?: readonly NodeSelectorRequirement[]
}

export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector
  readonly topologyKey: string
  readonly namespaces?: readonly string[]
}

export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: PodAffinityTerm
  }[]
}

export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms: readonly NodeSelectorTerm[]
    }
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
      readonly weight: number
      readonly preference: NodeSelectorTerm
    }[]
  }
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAffinity
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  readonly labelSelector?: LabelSelector
  readonly minDomains?: number
}

export interface Volume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean }
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never'
  readonly terminationGracePeriodSeconds: number
  readonly activeDeadlineSeconds?: number
  readonly nodeName?: string
  readonly nodeSelector?: LabelMap
  readonly tolerations?: readonly Toleration[]
  readonly affinity?: Affinity
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  readonly volumes?: readonly Volume[]
  readonly hostNetwork?: boolean
  readonly priority?: number
  readonly priorityClassName?: string
  readonly schedulerName: string
  readonly serviceAccountName?: string
  readonly readinessGates?: readonly { readonly conditionType: string }[]
  readonly overhead?: ResourceList
}

export interface PodTemplateSpec {
  readonly metadata: TemplateMeta
  readonly spec: PodSpec
}

export interface Pod {
  readonly apiVersion: 'v1'
  readonly kind: 'Pod'
  readonly metadata: ObjectMeta
  readonly spec: PodSpec
}

export interface Node {
  readonly apiVersion: 'v1'
  readonly kind: 'Node'
  readonly metadata: ObjectMeta
  readonly spec: { readonly taints?: readonly NodeTaint[]; readonly unschedulable?: boolean }
  readonly status: { readonly capacity?: ResourceList; readonly allocatable?: ResourceList }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort: IntOrString
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
}

export interface Service {
  readonly apiVersion: 'v1'
  readonly kind: 'Service'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
    /** Absent: the endpoints are kept by hand, no pod belongs to the Service. */
    readonly selector?: LabelMap
    readonly ports?: readonly ServicePort[]
    readonly clusterIP?: string
    readonly externalName?: string
    readonly sessionAffinity: 'None' | 'ClientIP'
    readonly publishNotReadyAddresses?: boolean
    readonly internalTrafficPolicy?: 'Cluster' | 'Local'
    readonly externalTrafficPolicy?: 'Cluster' | 'Local'
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } }
    readonly trafficDistribution?: string
  }
}

export interface PersistentVolumeClaimSpec {
  readonly accessModes?: readonly string[]
  readonly resources: ResourceRequirements
  readonly storageClassName?: string
  readonly volumeMode: 'Filesystem' | 'Block'
  readonly volumeName?: string
  readonly selector?: LabelSelector
}

export interface PersistentVolumeClaim {
  readonly apiVersion: 'v1'
  readonly kind: 'PersistentVolumeClaim'
  readonly metadata: ObjectMeta
  readonly spec: PersistentVolumeClaimSpec
}

/** A volume that an administrator has made; those that a provisioner makes are no objects of the manifests. */
export interface PersistentVolume {
  readonly apiVersion: 'v1'
  readonly kind: 'PersistentVolume'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly capacity?: ResourceList
    readonly accessModes?: readonly string[]
    readonly storageClassName?: string
    readonly persistentVolumeReclaimPolicy: 'Retain' | 'Delete' | 'Recycle'
    readonly volumeMode: 'Filesystem' | 'Block'
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } }
    readonly claimRef?: { readonly namespace?: string; readonly name?: string }
    readonly csi?: { readonly driver: string }
    readonly local?: { readonly path: string }
    readonly hostPath?: { readonly path: string }
  }
}

export interface StorageClass {
  readonly apiVersion: 'storage.k8s.io/v1'
  readonly kind: 'StorageClass'
  readonly metadata: ObjectMeta
  readonly provisioner: string
  readonly reclaimPolicy: 'Retain' | 'Delete'
  readonly volumeBindingMode: 'Immediate' | 'WaitForFirstConsumer'
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[]
  }[]
}

export interface PriorityClass {
  readonly apiVersion: 'scheduling.k8s.io/v1'
  readonly kind: 'PriorityClass'
  readonly metadata: ObjectMeta
  readonly value: number
  readonly globalDefault: boolean
  readonly preemptionPolicy: 'PreemptLowerPriority' | 'Never'
}

export interface PodDisruptionBudget {
  readonly apiVersion: 'policy/v1'
  readonly kind: 'PodDisruptionBudget'
  readonly metadata: ObjectMeta
  readonly spec: {
    /** Absent: no pod is selected. */
    readonly selector?: LabelSelector
    readonly minAvailable?: IntOrString
    readonly maxUnavailable?: IntOrString
    readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow'
  }
}
