// The API objects of a scenario: how steps name them, and where their parts are.

import { suggest } from '../base/suggestion.ts'
import type { Locate } from '../manifest/parse.ts'
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../manifest/types.ts'
import type { Parsed } from './distribution.ts'
import { listSome } from './thresholds.ts'
import type { WorkloadRef } from './types.ts'

/** One object of the manifests: as written, as the API server keeps it, and where it stands. */
export interface ScenarioObject {
  readonly raw: JsonObject
  readonly object: KubeObject
  readonly file: string
  readonly locate: Locate
}

/** Kinds whose pods a controller keeps. */
export const WORKLOAD_KINDS: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]

/** Kinds that roll out a new template. */
export const ROLLOUT_KINDS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet']

/** `Kind/name` of an object as written; empty parts where it lacks them. */
export function keyOf(raw: JsonObject): string {
  const metadata = isJsonObject(raw['metadata']) ? raw['metadata'] : {}
  return `${textOf(raw['kind'])}/${textOf(metadata['name'])}`
}

/** A text field of an object as written; empty if it is missing or no text. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** `Kind/name` of a reference. */
export function formatRef({ kind, name }: WorkloadRef): string {
  return `${kind}/${name}`
}

/** Splits `Kind/name`, which `formatRef` made. */
export function refOf(key: string): WorkloadRef {
  const slash = key.indexOf('/')
  return { kind: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** Finds the object that `Kind/name` names among the given keys. */
export function resolveRef(text: string, keys: readonly string[]): Parsed<WorkloadRef> {
  if (keys.includes(text)) return { value: refOf(text) }
  if (!/^[A-Za-z]+\/[^/]+$/.test(text)) {
    return { wrong: `"${text}" names no object: write Kind/name${keys[0] === undefined ? '' : `, such as ${keys[0]}`}` }
  }
  const known = keys.length > 0 ? `; the manifests have ${listSome(keys)}` : ''
  return { wrong: `there is no ${text}${suggest(text, keys)}${known}` }
}

/** The pod template of a workload as written; undefined for other kinds and for a workload without one. */
export function templateOf(raw: JsonObject): JsonObject | undefined {
  const spec = member(raw, 'spec')
  const owner = raw['kind'] === 'CronJob' ? member(member(spec, 'jobTemplate'), 'spec') : spec
  return member(owner, 'template')
}

/** The containers of a workload or bare pod as written, without or with its init containers (behind the others). */
export function containersOf(raw: JsonObject, which: 'app' | 'all' = 'all'): JsonObject[] {
  const podSpec = raw['kind'] === 'Pod' ? member(raw, 'spec') : member(templateOf(raw), 'spec')
  return [podSpec?.['containers'], which === 'app' ? [] : podSpec?.['initContainers']].flatMap((containers) =>
    Array.isArray(containers) ? containers.filter(isJsonObject) : [],
  )
}

/** The images that an object's containers use. */
export function imagesOf(raw: JsonObject): string[] {
  return containersOf(raw).flatMap(({ image }) => (typeof image === 'string' ? [image] : []))
}

/** A mapping inside a mapping, if it is there. */
export function member(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const found = value?.[key]
  return isJsonObject(found) ? found : undefined
}
