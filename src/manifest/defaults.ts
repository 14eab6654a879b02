// Defaulting as the API server does it, after pkg/apis/{apps,batch,policy,core}/v1/defaults.go (v1.36). Fields that
// nothing in rollbench reads (dnsPolicy, terminationMessagePath, …) are left out.

import { defaultHorizontalPodAutoscaler } from './defaultsAutoscaling.ts'
import { defaultPodSpec, defaultTemplate, fill, mapping } from './defaultsPod.ts'
import {
  defaultPersistentVolumeClaimSpec,
  defaultPersistentVolumeSpec,
  defaultStorageClass,
} from './defaultsStorage.ts'
import type { JsonObject, Kind, KubeObject } from './types.ts'

const intMax = 2 ** 31 - 1

/**
 * Fills in what the manifest leaves open. Takes an object of a modelled kind that passed the structural check, without
 * nulls; returns a new object and leaves the given one alone.
 */
export function applyDefaults(object: JsonObject): KubeObject {
  const result = structuredClone(object)
  const metadata = mapping(result, 'metadata')
  const kind = result['kind'] as Kind
  fill(metadata, { namespace: isNamespaced(kind) ? 'default' : '' })
  const spec = kind === 'StorageClass' || kind === 'PriorityClass' ? {} : mapping(result, 'spec')
  byKind[kind](spec, result)
  fill(metadata, { labels: {}, annotations: {} })
  return result as unknown as KubeObject
}

type Defaulting = (spec: JsonObject, object: JsonObject) => void

const byKind: Readonly<Record<Kind, Defaulting>> = {
  Deployment: defaultDeployment,
  ReplicaSet: (spec) => {
    fill(spec, { replicas: 1, minReadySeconds: 0 })
    defaultTemplate(spec)
  },
  ReplicationController: defaultReplicationController,
  StatefulSet: defaultStatefulSet,
  DaemonSet: defaultDaemonSet,
  Job: defaultJob,
  CronJob: defaultCronJob,
  Pod: (spec) => defaultPodSpec(spec),
  Node: (_spec, object) => {
    const status = mapping(object, 'status')
    if (status['capacity'] !== undefined) fill(status, { allocatable: structuredClone(status['capacity']) })
  },
  Service: defaultService,
  PodDisruptionBudget: () => undefined,
  HorizontalPodAutoscaler: defaultHorizontalPodAutoscaler,
  PersistentVolumeClaim: (spec) => defaultPersistentVolumeClaimSpec(spec),
  PersistentVolume: (spec) => defaultPersistentVolumeSpec(spec),
  StorageClass: (_spec, object) => defaultStorageClass(object),
  // SetDefaults_PriorityClass; a value that is left out is the zero of its type.
  PriorityClass: (_spec, object) =>
    fill(object, { value: 0, globalDefault: false, preemptionPolicy: 'PreemptLowerPriority' }),
}

const clusterKinds: ReadonlySet<Kind> = new Set(['Node', 'PersistentVolume', 'StorageClass', 'PriorityClass'])

/** Whether objects of a kind live in a namespace. */
function isNamespaced(kind: Kind): boolean {
  return !clusterKinds.has(kind)
}

/** SetDefaults_Deployment: a rolling update of 25 % each way, ten old ReplicaSets, a deadline of ten minutes. */
function defaultDeployment(spec: JsonObject): void {
  fill(spec, { replicas: 1, minReadySeconds: 0, paused: false, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
  const strategy = mapping(spec, 'strategy')
  fillEmpty(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') {
    fill(mapping(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' })
  }
  defaultTemplate(spec)
}

/** SetDefaults_ReplicationController: selector and labels come from the template. */
function defaultReplicationController(spec: JsonObject, object: JsonObject): void {
  fill(spec, { replicas: 1, minReadySeconds: 0 })
  const labels = templateLabels(spec)
  if (labels !== undefined) {
    if (Object.keys(mapping(spec, 'selector')).length === 0) spec['selector'] = { ...labels }
    inheritLabels(object, labels)
  }
  fill(spec, { selector: {} })
  defaultTemplate(spec)
}

/**
 * SetDefaults_StatefulSet. `rollingUpdate` is created only if the type was left open: a manifest that says just
 * `type: RollingUpdate` keeps it absent, and then a pod lost during a rollout may come back at the old revision.
 */
function defaultStatefulSet(spec: JsonObject): void {
  fill(spec, { replicas: 1, minReadySeconds: 0, revisionHistoryLimit: 10, serviceName: '', volumeClaimTemplates: [] })
  fillEmpty(spec, 'podManagementPolicy', 'OrderedReady')
  const strategy = mapping(spec, 'updateStrategy')
  if (strategy['type'] === undefined || strategy['type'] === '') {
    strategy['type'] = 'RollingUpdate'
    mapping(strategy, 'rollingUpdate')
  }
  if (strategy['type'] === 'RollingUpdate' && strategy['rollingUpdate'] !== undefined) {
    fill(mapping(strategy, 'rollingUpdate'), { partition: 0 })
  }
  const retention = mapping(spec, 'persistentVolumeClaimRetentionPolicy')
  fillEmpty(retention, 'whenDeleted', 'Retain')
  fillEmpty(retention, 'whenScaled', 'Retain')
  if (spec['ordinals'] !== undefined) fill(mapping(spec, 'ordinals'), { start: 0 })
  for (const claim of spec['volumeClaimTemplates'] as JsonObject[]) {
    fill(mapping(claim, 'metadata'), { name: '', namespace: '', labels: {}, annotations: {} })
    defaultPersistentVolumeClaimSpec(mapping(claim, 'spec'))
  }
  defaultTemplate(spec)
}

/** SetDefaults_DaemonSet: one node at a time, without surge. */
function defaultDaemonSet(spec: JsonObject): void {
  fill(spec, { minReadySeconds: 0, revisionHistoryLimit: 10 })
  const strategy = mapping(spec, 'updateStrategy')
  fillEmpty(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') {
    fill(mapping(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 })
  }
  defaultTemplate(spec)
}

function defaultJob(spec: JsonObject, object: JsonObject): void {
  const labels = templateLabels(spec)
  // Parallelism alone leaves completions open (a work queue); neither means one pod.
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1
  defaultJobSpec(spec)
  if (labels !== undefined) inheritLabels(object, labels)
}

/** The part of SetDefaults_Job that cannot change what a CronJob's template is checked for. */
function defaultJobSpec(spec: JsonObject): void {
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : intMax,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  })
  const policy = spec['podFailurePolicy'] as JsonObject | undefined
  for (const rule of (policy?.['rules'] ?? []) as JsonObject[]) {
    for (const pattern of (rule['onPodConditions'] ?? []) as JsonObject[]) fillEmpty(pattern, 'status', 'True')
  }
  defaultTemplate(spec)
}

/**
 * SetDefaults_CronJob. The Job's own defaults come in when a Job is made of the template; only completions are left to
 * that moment, because an Indexed template without them is refused.
 */
function defaultCronJob(spec: JsonObject): void {
  fillEmpty(spec, 'concurrencyPolicy', 'Allow')
  fill(spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
  const template = mapping(spec, 'jobTemplate')
  fill(mapping(template, 'metadata'), { labels: {}, annotations: {} })
  const job = mapping(template, 'spec')
  const open = job['completions'] === undefined && job['parallelism'] === undefined
  if (open && job['completionMode'] !== 'Indexed') job['completions'] = 1
  defaultJobSpec(job)
}

/** SetDefaults_Service. */
function defaultService(spec: JsonObject): void {
  fillEmpty(spec, 'sessionAffinity', 'None')
  fillEmpty(spec, 'type', 'ClusterIP')
  for (const port of (spec['ports'] ?? []) as JsonObject[]) {
    fillEmpty(port, 'protocol', 'TCP')
    if (port['targetPort'] === undefined || port['targetPort'] === 0 || port['targetPort'] === '') {
      port['targetPort'] = port['port'] ?? 0
    }
  }
  const type = spec['type']
  if (type === 'NodePort' || type === 'LoadBalancer') fill(spec, { externalTrafficPolicy: 'Cluster' })
  if (type !== 'ExternalName') fill(spec, { internalTrafficPolicy: 'Cluster' })
}

/** An empty string counts as absent where Go keeps a plain string. */
function fillEmpty(object: JsonObject, field: string, value: string): void {
  if (object[field] === undefined || object[field] === '') object[field] = value
}

function templateLabels(spec: JsonObject): JsonObject | undefined {
  const template = spec['template'] as JsonObject | undefined
  const metadata = template?.['metadata'] as JsonObject | undefined
  return metadata?.['labels'] as JsonObject | undefined
}

function inheritLabels(object: JsonObject, labels: JsonObject): void {
  const metadata = mapping(object, 'metadata')
  const own = metadata['labels'] as JsonObject | undefined
  if (own === undefined || Object.keys(own).length === 0) metadata['labels'] = { ...labels }
}
