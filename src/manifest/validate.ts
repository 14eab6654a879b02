// The check of one object: its structure against the schema, then the API server's rules on the defaulted object.

import type { Problem } from '../base/errors.ts'
import { applyDefaults } from './defaults.ts'
import { isModelled } from './modelled.ts'
import type { Locate } from './parse.ts'
import { formatPath, type Path } from './paths.ts'
import { checkHorizontalPodAutoscaler } from './rules/autoscaling.ts'
import { checkNode, checkPod, checkPodDisruptionBudget, checkService } from './rules/coreObjects.ts'
import { FieldErrors } from './rules/fieldErrors.ts'
import { checkCronJob, checkJob } from './rules/jobs.ts'
import { checkPriorityClass } from './rules/priorityClass.ts'
import { checkPersistentVolume, checkPersistentVolumeClaim, checkStorageClass } from './rules/storage.ts'
import {
  checkDaemonSet,
  checkDeployment,
  checkReplicaSet,
  checkReplicationController,
  checkStatefulSet,
} from './rules/workloads.ts'
import { definitionName, definitionsOf, referenceVersion } from './schema.ts'
import { checkStructure, valueAt, type Fault } from './structure.ts'
import type { Json, JsonObject, KubeObject } from './types.ts'
import { isJsonObject, textOf } from './types.ts'

/** Where an object comes from, for its messages. */
export interface Origin {
  readonly file?: string
  readonly locate?: Locate
  /** Kubernetes version whose schema applies, such as `1.36` (the default). */
  readonly kubernetes?: string
}

export interface Checked {
  /** The defaulted object; absent if it is in error, or of a kind that is checked but not modelled. */
  readonly object: KubeObject | undefined
  readonly problems: readonly Problem[]
}

/**
 * Checks one object as written, and defaults it. The kind must have a schema (`hasSchema`). Reports everything that the
 * API server would refuse; the given object is left alone.
 */
export function validateObject(raw: JsonObject, origin: Origin = {}): Checked {
  const kind = textOf(raw['kind'])
  const version = origin.kubernetes ?? referenceVersion
  const definition = definitionName(textOf(raw['apiVersion']), kind)
  const spec: JsonObject = hasSpec(definition, version) ? { spec: raw['spec'] ?? {} } : {}
  const object = dropNulls({ ...raw, metadata: raw['metadata'] ?? {}, ...spec }) as JsonObject
  const faults = checkStructure(object, definition, version)
  const report = (path: Path, part: 'key' | 'value', message: string, namesPath = false): Problem => ({
    ...(origin.file === undefined ? {} : { file: origin.file }),
    ...origin.locate?.(path, part),
    severity: 'error',
    object: nameOf(object),
    ...(namesPath ? {} : { path: formatPath(path) }),
    message,
  })
  const problems = faults.map((fault) => report(fault.path, fault.part, fault.message, fault.namesPath))
  if (!isModelled(kind)) return { object: undefined, problems }
  const mended = mend(object, faults, definition, version)
  if (mended === undefined) return { object: undefined, problems }
  const defaulted = applyDefaults(mended.object)
  const errors = new FieldErrors()
  checkRules(defaulted, errors)
  for (const { path, message } of errors.found) {
    // What a rule says of a value that is already known to be wrong, or was made up to go on, is noise.
    if (!mended.touched.some((touched) => areRelated(touched, path))) problems.push(report(path, 'value', message))
  }
  return { object: problems.length === 0 ? defaulted : undefined, problems: inFileOrder(problems) }
}

/** Whether the structure of a kind can be checked. */
export function hasSchema(apiVersion: string, kind: string, version: string = referenceVersion): boolean {
  return Object.hasOwn(definitionsOf(version), definitionName(apiVersion, kind))
}

/** Whether objects of a kind say what is wanted in a spec; a StorageClass or PriorityClass does not. */
function hasSpec(definition: string, version: string): boolean {
  return definitionsOf(version)[definition]?.properties?.['spec'] !== undefined
}

/** `Kind/name`, or the kind alone. */
export function nameOf(object: JsonObject): string {
  const { metadata } = object
  const kind = textOf(object['kind'])
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : ''
  return name === '' ? kind : `${kind}/${name}`
}

function checkRules(object: KubeObject, errors: FieldErrors): void {
  switch (object.kind) {
    case 'Deployment':
      return checkDeployment(object, errors)
    case 'ReplicaSet':
      return checkReplicaSet(object, errors)
    case 'ReplicationController':
      return checkReplicationController(object, errors)
    case 'StatefulSet':
      return checkStatefulSet(object, errors)
    case 'DaemonSet':
      return checkDaemonSet(object, errors)
    case 'Job':
      return checkJob(object, errors)
    case 'CronJob':
      return checkCronJob(object, errors)
    case 'Pod':
      return checkPod(object, errors)
    case 'Node':
      return checkNode(object, errors)
    case 'Service':
      return checkService(object, errors)
    case 'PodDisruptionBudget':
      return checkPodDisruptionBudget(object, errors)
    case 'HorizontalPodAutoscaler':
      return checkHorizontalPodAutoscaler(object, errors)
    case 'PersistentVolumeClaim':
      return checkPersistentVolumeClaim(object, errors)
    case 'PersistentVolume':
      return checkPersistentVolume(object, errors)
    case 'StorageClass':
      return checkStorageClass(object, errors)
    case 'PriorityClass':
      return checkPriorityClass(object, errors)
  }
}

const stringMaps = new Set(['labels', 'annotations', 'matchLabels', 'nodeSelector'])

/** The API server reads null as absent, but as the empty string where a mapping holds strings. */
function dropNulls(value: Json, field = ''): Json {
  if (Array.isArray(value)) return value.map((element) => dropNulls(element))
  if (!isJsonObject(value)) return value
  if (stringMaps.has(field)) return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, text ?? '']))
  const entries = Object.entries(value).filter(([, child]) => child !== null)
  return Object.fromEntries(entries.map(([key, child]) => [key, dropNulls(child, key)]))
}

/** Rounds of taking out what does not fit; each can only bring to light what was missing below. */
const roundsMax = 5

/**
 * Takes out what the structural check refused and puts neutral values where something is required, so that the rules
 * can judge the rest in the same run. Undefined if that does not settle.
 */
function mend(
  object: JsonObject,
  faults: readonly Fault[],
  definition: string,
  version: string,
): { object: JsonObject; touched: readonly Path[] } | undefined {
  const touched: Path[] = []
  const mended = structuredClone(object)
  let open = faults
  for (let round = 0; open.length > 0; round++) {
    if (round === roundsMax) return undefined
    for (const { path, neutral } of open) {
      touched.push(path)
      const parent = valueAt(mended, path.slice(0, -1)) as Record<string | number, Json> | undefined
      const last = path.at(-1)
      if (parent === undefined || last === undefined) return undefined
      if (neutral === undefined) delete parent[last]
      else parent[last] = structuredClone(neutral)
    }
    open = checkStructure(mended, definition, version)
  }
  return { object: mended, touched }
}

/** Whether one path lies on the way to the other. */
function areRelated(a: Path, b: Path): boolean {
  const shared = Math.min(a.length, b.length)
  return a.slice(0, shared).every((segment, index) => segment === b[index])
}

function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
