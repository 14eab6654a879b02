// Which fields the simulation reads, and which it can do without. Everything else that a manifest may say is valid but
// not modelled: one warning per document lists it.

import { preStopSeconds } from './preStop.ts'
import type { Container, Json, JsonObject } from './types.ts'
import { isJsonObject } from './types.ts'

/**
 * What is known below a field: `true` for everything, or the fields by name (for a list, those of its entries).
 * A function decides by the value.
 */
type Known = true | Fields | ((value: Json) => boolean)
interface Fields {
  readonly [field: string]: Known
}

/** What a container runs and where it writes does not change a rollout by itself; `timings` say how long it takes. */
const containerFields: Fields = {
  name: true,
  image: true,
  imagePullPolicy: true,
  command: true,
  args: true,
  env: true,
  workingDir: true,
  ports: true,
  stdin: true,
  stdinOnce: true,
  tty: true,
  terminationMessagePath: true,
  terminationMessagePolicy: true,
  volumeMounts: true,
  resources: { requests: true, limits: true },
  // Probes ask the application whatever their path or command; their times and thresholds are the kubelet's.
  readinessProbe: true,
  livenessProbe: true,
  startupProbe: true,
  // Hooks that sleep say how long they take; of others `timings` may say it.
  lifecycle: { preStop: isSleep, postStart: isSleep },
  restartPolicy: true,
}

function isSleep(value: Json): boolean {
  return preStopSeconds({ lifecycle: { preStop: value } } as unknown as Container) !== undefined
}

/** Terms that name namespaces are left out: one namespace is simulated. */
const podTermFields: Fields = { labelSelector: true, topologyKey: true, matchLabelKeys: true, mismatchLabelKeys: true }

const podAffinityFields: Fields = {
  requiredDuringSchedulingIgnoredDuringExecution: podTermFields,
  preferredDuringSchedulingIgnoredDuringExecution: { weight: true, podAffinityTerm: podTermFields },
}

const podFields: Fields = {
  containers: containerFields,
  initContainers: containerFields,
  readinessGates: true,
  terminationGracePeriodSeconds: true,
  nodeSelector: true,
  nodeName: true,
  tolerations: true,
  affinity: { nodeAffinity: true, podAffinity: podAffinityFields, podAntiAffinity: podAffinityFields },
  topologySpreadConstraints: true,
  overhead: true,
  preemptionPolicy: true,
  restartPolicy: true,
  priority: true,
  priorityClassName: true,
  schedulerName: true,
  serviceAccountName: true,
  serviceAccount: true,
  automountServiceAccountToken: true,
  imagePullSecrets: true,
  enableServiceLinks: true,
  dnsPolicy: true,
  dnsConfig: true,
  hostname: true,
  subdomain: true,
  // What is on a volume does not matter, only whether it must be attached.
  volumes: {
    name: true,
    emptyDir: true,
    configMap: true,
    secret: true,
    projected: true,
    downwardAPI: true,
    hostPath: true,
    persistentVolumeClaim: true,
  },
}

const templateFields: Fields = { metadata: true, spec: podFields }

const rollingFields: Fields = { type: true, rollingUpdate: { maxSurge: true, maxUnavailable: true, partition: true } }

const claimFields: Fields = {
  accessModes: true,
  resources: true,
  selector: true,
  storageClassName: true,
  volumeMode: true,
  volumeName: true,
}

const jobFields: Fields = {
  parallelism: true,
  completions: true,
  completionMode: true,
  backoffLimit: true,
  backoffLimitPerIndex: true,
  maxFailedIndexes: true,
  activeDeadlineSeconds: true,
  ttlSecondsAfterFinished: true,
  suspend: true,
  manualSelector: true,
  selector: true,
  podFailurePolicy: true,
  successPolicy: true,
  podReplacementPolicy: true,
  template: { ...templateFields, spec: { ...podFields, activeDeadlineSeconds: true } },
}

const replicaFields: Fields = { replicas: true, selector: true, minReadySeconds: true, template: templateFields }

/** The known fields of `spec`, by kind. A kind that is not here is not modelled. */
const specFields: Readonly<Record<string, Fields>> = {
  Deployment: {
    ...replicaFields,
    strategy: rollingFields,
    progressDeadlineSeconds: true,
    revisionHistoryLimit: true,
    paused: true,
  },
  ReplicaSet: replicaFields,
  ReplicationController: replicaFields,
  StatefulSet: {
    ...replicaFields,
    serviceName: true,
    podManagementPolicy: true,
    updateStrategy: rollingFields,
    revisionHistoryLimit: true,
    ordinals: true,
    volumeClaimTemplates: { apiVersion: true, kind: true, metadata: true, status: true, spec: claimFields },
    persistentVolumeClaimRetentionPolicy: true,
  },
  DaemonSet: {
    selector: true,
    template: templateFields,
    minReadySeconds: true,
    updateStrategy: rollingFields,
    revisionHistoryLimit: true,
  },
  Job: jobFields,
  CronJob: {
    schedule: true,
    timeZone: true,
    startingDeadlineSeconds: true,
    concurrencyPolicy: true,
    suspend: true,
    successfulJobsHistoryLimit: true,
    failedJobsHistoryLimit: true,
    jobTemplate: { metadata: true, spec: jobFields },
  },
  Pod: { ...podFields, activeDeadlineSeconds: true },
  Node: { taints: true, unschedulable: true, podCIDR: true, podCIDRs: true, providerID: true },
  Service: {
    selector: true,
    ports: true,
    type: true,
    clusterIP: true,
    clusterIPs: true,
    externalName: true,
    ipFamilies: true,
    ipFamilyPolicy: true,
    sessionAffinity: true,
    sessionAffinityConfig: true,
    publishNotReadyAddresses: true,
    internalTrafficPolicy: true,
    externalTrafficPolicy: true,
    trafficDistribution: true,
  },
  HorizontalPodAutoscaler: {
    scaleTargetRef: true,
    minReplicas: true,
    maxReplicas: true,
    metrics: true,
    behavior: true,
  },
  PodDisruptionBudget: { selector: true, minAvailable: true, maxUnavailable: true, unhealthyPodEvictionPolicy: true },
  PersistentVolumeClaim: claimFields,
  PersistentVolume: {
    accessModes: true,
    capacity: true,
    claimRef: true,
    nodeAffinity: true,
    persistentVolumeReclaimPolicy: true,
    storageClassName: true,
    volumeMode: true,
    awsElasticBlockStore: true,
    azureDisk: true,
    cinder: true,
    csi: true,
    gcePersistentDisk: true,
    hostPath: true,
    local: true,
    nfs: true,
    vsphereVolume: true,
  },
  StorageClass: {},
  PriorityClass: {},
}

/** The known fields beside `spec` and `metadata`, by kind. */
const otherFields: Readonly<Record<string, Fields>> = {
  StorageClass: {
    provisioner: true,
    parameters: true,
    reclaimPolicy: true,
    mountOptions: true,
    allowVolumeExpansion: true,
    volumeBindingMode: true,
    allowedTopologies: true,
  },
  PriorityClass: { value: true, globalDefault: true, preemptionPolicy: true, description: true },
}

/** Whether objects of a kind take part in the simulation. */
export function isModelled(kind: string): boolean {
  return Object.hasOwn(specFields, kind)
}

/** The fields of an object that the simulation does not read, as `spec.template.spec.volumes[].configMap`. */
export function unmodelledFields(object: JsonObject, kind: string): readonly string[] {
  const known: Fields = {
    apiVersion: true,
    kind: true,
    metadata: {
      name: true,
      namespace: true,
      labels: true,
      annotations: true,
      finalizers: true,
      creationTimestamp: true,
      generation: true,
      managedFields: true,
      resourceVersion: true,
      selfLink: true,
      uid: true,
    },
    spec: specFields[kind] ?? {},
    status: true,
    ...otherFields[kind],
  }
  const found = new Set<string>()
  collect(object, known, '', found)
  return [...found]
}

function collect(value: Json, known: Known, path: string, found: Set<string>): void {
  if (known === true || isBlank(value)) return
  if (typeof known === 'function') {
    if (!known(value)) found.add(path)
    return
  }
  if (Array.isArray(value)) {
    for (const element of value) collect(element, known, `${path}[]`, found)
    return
  }
  if (!isJsonObject(value)) return
  for (const [field, child] of Object.entries(value)) {
    const below = Object.hasOwn(known, field) ? known[field] : undefined
    const here = path === '' ? field : `${path}.${field}`
    if (below !== undefined) collect(child, below, here, found)
    else if (!isBlank(child)) found.add(here)
  }
}

/** Charts often render fields that say nothing: `securityContext: {}`, `affinity: null`, `hostNetwork: false`. */
function isBlank(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === null || value === false || value === '' || (isJsonObject(value) && Object.keys(value).length === 0)
}
