// Manifests in, checked and defaulted objects out. The room's front door.

import type { Problem } from '../base/errors.ts'
import { InputError } from '../base/errors.ts'
import { nearestWord } from '../base/suggestion.ts'
import { isModelled, unmodelledFields } from './modelled.ts'
import type { ParsedDocument, Source } from './parse.ts'
import { parseManifests } from './parse.ts'
import { missingClass, secondDefaultFault } from './rules/priorityClass.ts'
import { definitionName, definitionsOf, knownVersions, referenceVersion } from './schema.ts'
import type { HorizontalPodAutoscaler, KubeObject } from './types.ts'
import { hasSchema, validateObject } from './validate.ts'

export interface LoadOptions {
  /** Kubernetes version whose schema applies, such as `1.36` (the default). */
  readonly kubernetes?: string
}

export interface LoadedManifests {
  /** Checked and defaulted, in the order of the files. */
  readonly objects: readonly KubeObject[]
  /** The same objects as written; patches act on these, before defaulting. */
  readonly raw: readonly ParsedDocument[]
  /** What was found; of `loadManifests` warnings only, as it throws errors. */
  readonly problems: readonly Problem[]
}

/**
 * Reads manifests, given as texts. Throws an InputError with every problem of every file if one of them is an error.
 * What is valid but not modelled comes back as a warning.
 */
export function loadManifests(sources: readonly Source[], options: LoadOptions = {}): LoadedManifests {
  const documents: ParsedDocument[] = []
  const problems: Problem[] = []
  for (const source of sources) {
    const parsed = parseManifests(source)
    documents.push(...parsed.documents)
    problems.push(...parsed.problems)
    if (parsed.documents.length === 0 && parsed.problems.length === 0) {
      problems.push({ file: source.file, severity: 'error', message: 'holds no Kubernetes object' })
    }
  }
  const loaded = loadDocuments(documents, options)
  problems.push(...loaded.problems)
  if (problems.some(({ severity }) => severity === 'error')) throw new InputError(problems)
  return { ...loaded, problems }
}

/** Checks and defaults documents that have been parsed. Errors come back with the warnings; their objects do not. */
export function loadDocuments(documents: readonly ParsedDocument[], options: LoadOptions = {}): LoadedManifests {
  const kubernetes = options.kubernetes ?? referenceVersion
  const problems: Problem[] = checkVersion(kubernetes)
  const objects: KubeObject[] = []
  const raw: ParsedDocument[] = []
  const places = new Map<string, string>()
  if (problems.some(({ severity }) => severity === 'error')) return { objects, raw, problems }
  for (const document of documents) {
    const object = loadDocument(document, kubernetes, problems)
    if (object === undefined) continue
    const duplicate = duplicateOf(object, document, places)
    if (duplicate !== undefined) problems.push(duplicate)
    const fault = secondDefaultFault(object, objects)
    if (fault !== undefined) problems.push(problemOf(document, 'error', fault))
    objects.push(object)
    raw.push(document)
  }
  const classes = new Set(objects.flatMap(({ kind, metadata }) => (kind === 'PriorityClass' ? [metadata.name] : [])))
  for (const [index, document] of raw.entries()) {
    const missing = missingClass(objects[index]!, classes)
    if (missing === undefined) continue
    const message = `no PriorityClass with name ${missing} was found; its pods count as of the default priority until a manifest gives it`
    problems.push(problemOf(document, 'warning', message))
  }
  return { objects, raw, problems }
}

function problemOf({ file, locate, object }: ParsedDocument, severity: Problem['severity'], message: string): Problem {
  return { file, ...locate([]), severity, object, message }
}

function checkVersion(kubernetes: string): Problem[] {
  if (kubernetes === referenceVersion) return []
  if (knownVersions.includes(kubernetes)) {
    const message = `Kubernetes ${kubernetes}: manifests are checked against its schema, but simulated as ${referenceVersion}`
    return [{ severity: 'warning', message }]
  }
  const message = `unknown Kubernetes version ${JSON.stringify(kubernetes)}; write one of ${knownVersions.join(', ')}`
  return [{ severity: 'error', message }]
}

/** Checks one document and reports on it; returns the object if it is good and modelled. */
function loadDocument(document: ParsedDocument, kubernetes: string, problems: Problem[]): KubeObject | undefined {
  const { file, apiVersion, kind, object: name, value, locate } = document
  const note = (severity: Problem['severity'], message: string, path: readonly string[] = []): void => {
    problems.push({ file, ...locate(path, 'key'), severity, object: name, message })
  }
  if (!hasSchema(apiVersion, kind, kubernetes)) {
    const meant = mistakenKind(apiVersion, kind, kubernetes)
    if (meant === undefined) note('warning', `${kind} is not modelled; the document is ignored`)
    else note('error', `no matches for kind "${kind}" in version "${apiVersion}" (did you mean ${meant}?)`, ['kind'])
    return undefined
  }
  const { object, problems: found } = validateObject(value, { file, locate, kubernetes })
  problems.push(...found)
  if (found.length > 0) return undefined
  if (!isModelled(kind)) {
    note('warning', `${kind} is not modelled; the document is ignored`)
    return undefined
  }
  const hook = object?.metadata.annotations['helm.sh/hook']
  if (hook !== undefined) {
    // Helm runs hooks around a release (tests, migrations); they are not part of what rolls out.
    note('warning', `is a Helm hook (${hook}), not part of the release; the document is ignored`)
    return undefined
  }
  const ignored = unmodelledFields(value, kind)
  if (object?.kind === 'HorizontalPodAutoscaler') noteAutoscaler(object, (message) => note('warning', message))
  if (ignored.length > 0) note('warning', `not modelled, so without effect: ${ignored.join(', ')}`)
  return object
}

/** Kubernetes' own API groups of workloads; a kind of another group is someone's own and none of our business. */
const builtInGroups = new Set([
  '',
  'apps',
  'batch',
  'policy',
  'autoscaling',
  'extensions',
  'storage.k8s.io',
  'scheduling.k8s.io',
])

/** What was probably meant by a kind that its API group does not have: another version of it, or another spelling. */
export function mistakenKind(apiVersion: string, kind: string, kubernetes: string): string | undefined {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  if (!builtInGroups.has(group)) return undefined
  const names = Object.keys(definitionsOf(kubernetes))
  const withKind = (wanted: string): string | undefined =>
    names.findLast(
      (name) => name.endsWith(`.${wanted}`) && definitionName(versionOf(name), wanted) === name && isKind(wanted),
    )
  const same = withKind(kind)
  if (same !== undefined) return `apiVersion: ${versionOf(same)}`
  const kinds = [...new Set(names.map((name) => name.slice(name.lastIndexOf('.') + 1)))].filter(isKind)
  const near = nearestWord(kind, kinds)
  if (near === undefined || Math.abs(near.length - kind.length) > 2) return undefined
  return `kind: ${near}`
}

/** The definitions hold many types; only these are kinds of their own. */
function isKind(name: string): boolean {
  return isModelled(name)
}

/** `apps.v1.Deployment` is of `apps/v1`, `core.v1.Pod` of `v1`. */
function versionOf(definition: string): string {
  const [group = '', version = ''] = definition.split('.')
  if (group === 'core') return version
  return `${group === 'storage' || group === 'scheduling' ? `${group}.k8s.io` : group}/${version}`
}

/** An object that another document already gave. */
function duplicateOf(object: KubeObject, document: ParsedDocument, places: Map<string, string>): Problem | undefined {
  const { namespace, name } = object.metadata
  const identity = JSON.stringify([object.apiVersion, object.kind, namespace, name])
  const first = places.get(identity)
  places.set(identity, first ?? `${document.file}:${document.locate([]).line}`)
  if (first === undefined) return undefined
  const message = `is already given at ${first}; keep one of the two, or give them different names`
  return problemOf(document, 'error', message)
}

/** Autoscalers of Deployments by the utilization of their CPU are modelled, and no others. */
function noteAutoscaler({ spec }: HorizontalPodAutoscaler, warn: (message: string) => void): void {
  const { metrics, scaleTargetRef } = spec
  const isCpu = metrics.some(
    ({ resource }) => resource?.name === 'cpu' && resource.target.averageUtilization !== undefined,
  )
  if (scaleTargetRef.kind !== 'Deployment') warn('only Deployments are scaled; replicas stay as they are set')
  else if (!isCpu) warn('only a target averageUtilization of cpu is modelled; replicas stay as they are set')
  else if (metrics.length > 1) warn('of its metrics only the utilization of cpu is modelled')
}
