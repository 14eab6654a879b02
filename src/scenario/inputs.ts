// Reads the files given: which documents are ours, which are Kubernetes objects, and what the manifests of a scenario hold.

import { dirname, join } from 'node:path'
import { InputError, type Problem } from '../base/errors.ts'
import { suggest } from '../base/suggestion.ts'
import { loadDocuments } from '../manifest/load.ts'
import { parseManifests, type Locate, type ParsedDocument, type Source, type YamlDocument } from '../manifest/parse.ts'
import { knownVersions, referenceVersion } from '../manifest/schema.ts'
import { isJsonObject, type Json, type JsonObject, type Node } from '../manifest/types.ts'
import { tooManyPods } from './admission.ts'
import { keyOf, textOf, type ScenarioObject } from './objects.ts'
import { reporterFor, type Reporter } from './reporter.ts'
import { scenarioSchema, type ScenarioDocument } from './schema.ts'
import { API_VERSION } from './schemaWords.ts'
import { readGivenProfile, readProfile } from './profiles/readProfile.ts'
import type { Profile } from './profiles/profile.ts'
import { reportShape } from './reportShape.ts'

/** The files given, and how to read those that they name. */
export interface InputFiles {
  readonly files: readonly Source[]
  /**
   * Reads a file that a scenario names. The path is already joined to the folder of the scenario file.
   *
   * @throws InputError if it cannot be read
   */
  readonly readFile: (path: string) => string
  /** The profile of `--profile`, by name or path; it takes the place of what the scenario says. */
  readonly profile?: string | undefined
}

/** What the files hold. */
export interface Inputs {
  /** The scenario's document; undefined if only manifests were given. */
  readonly document: YamlDocument | undefined
  /** The same, once its shape has been found right. */
  readonly written: ScenarioDocument | undefined
  /** Every Kubernetes object but the nodes, in the order of the files. */
  readonly objects: readonly ScenarioObject[]
  readonly nodes: readonly Node[]
  readonly kubernetes: string
  /** Where delays and failures come from that the scenario does not say. */
  readonly profile: Profile
  /** Whether something is so wrong that nothing can be built on it. */
  readonly broken: boolean
}

/** The kinds that are ours. */
const OUR_KINDS: readonly string[] = ['Scenario', 'ScenarioSpace', 'Profile', 'Claim']

/** Reads and checks all documents; what is wrong goes to `problems`. */
export function readInputs({ files, readFile, profile }: InputFiles, problems: Problem[]): Inputs {
  const documents: ParsedDocument[] = []
  const ours: ParsedDocument[] = []
  for (const source of files) {
    const parsed = parseManifests(source)
    problems.push(...parsed.problems)
    for (const document of parsed.documents) (isOurs(document) ? ours : documents).push(document)
    if (parsed.documents.length === 0 && parsed.problems.length === 0) {
      problems.push({ file: source.file, severity: 'error', message: 'holds no Kubernetes object and no scenario' })
    }
  }
  return gatherInputs(ours, documents, readFile, problems, profile)
}

/** Reads and checks documents that have been parsed: those that are ours, and those that are Kubernetes objects. */
export function gatherInputs(
  ours: readonly ParsedDocument[],
  given: readonly ParsedDocument[],
  readFile: InputFiles['readFile'],
  problems: Problem[],
  profileFlag?: string,
): Inputs {
  const documents = [...given]
  const [document, ...others] = ours
  for (const { file, locate, object } of others) {
    const message = `there is already a scenario in ${document?.file}; give one at a time`
    problems.push({ file, ...locate([]), severity: 'error', object, message })
  }
  const written = document && readScenario(document, problems)
  if (document) documents.push(...readNamed(document, readFile, problems))
  const profile =
    profileFlag === undefined
      ? readProfile(profileOf(document), document, readFile, problems)
      : readGivenProfile(profileFlag, readFile, problems)
  const kubernetes = chooseVersion(document, written, problems)
  const loaded = loadDocuments(documents, { kubernetes })
  // The version has been judged at its place in the scenario.
  problems.push(...loaded.problems.filter(({ file, message }) => file !== undefined || !message.includes('Kubernetes')))

  const objects: ScenarioObject[] = []
  const nodes: Node[] = []
  loaded.objects.forEach((object, index) => {
    const { value, file, locate } = loaded.raw[index]!
    const excess = tooManyPods(object)
    if (excess !== undefined) {
      problems.push({ file, ...locate(['spec', 'replicas']), severity: 'error', object: keyOf(value), message: excess })
    }
    if (object.kind === 'Node') nodes.push(object)
    else objects.push({ raw: value, object, file, locate })
  })
  refuseNamesakes(objects, problems)
  const broken = problems.some(({ severity }) => severity === 'error')
  return { document, written, objects, nodes, kubernetes, profile, broken }
}

/** Whether a document is one of rollbench's own kinds. */
export function isOurs({ apiVersion, kind }: ParsedDocument): boolean {
  return apiVersion.startsWith('rollbench.dev/') || OUR_KINDS.includes(kind)
}

/** What stands under `spec.profile`, whatever else is wrong. */
function profileOf(document: YamlDocument | undefined): Json | undefined {
  const spec = document?.value['spec']
  return isJsonObject(spec) ? spec['profile'] : undefined
}

function readScenario(document: ParsedDocument, problems: Problem[]): ScenarioDocument | undefined {
  const reporter = reporterFor(document, document.object, problems)
  const { apiVersion, kind } = document
  if (apiVersion !== API_VERSION) {
    reporter.error(['apiVersion'], `a ${kind} is of apiVersion ${API_VERSION}, got ${apiVersion}`)
    return undefined
  }
  if (!OUR_KINDS.includes(kind)) {
    reporter.error(['kind'], `there is no kind ${kind} in ${API_VERSION}${suggest(kind, OUR_KINDS)}`)
    return undefined
  }
  if (kind === 'Profile') {
    reporter.error(['kind'], `a Profile says how slow things are: name its file in a scenario, or with --profile`)
    return undefined
  }
  if (kind === 'Claim') {
    reporter.error(['kind'], `a Claim holds several scenarios: give it to rollbench claims -f ${document.file}`)
    return undefined
  }
  if (kind !== 'Scenario') {
    reporter.error(['kind'], `a ${kind} holds many scenarios: give it to rollbench sweep -f ${document.file}`)
    return undefined
  }
  const found = reportShape(document, scenarioSchema, reporter, problems)
  return found === 0 ? (document.value as unknown as ScenarioDocument) : undefined
}

/** The objects of a scenario: those in the files that it names, and those under `objects`. */
function readNamed(
  document: ParsedDocument,
  readFile: (path: string) => string,
  problems: Problem[],
): ParsedDocument[] {
  const spec = document.value['spec']
  const { manifests, objects } = isJsonObject(spec) ? spec : {}
  const reporter = reporterFor(document, document.object, problems, ['spec'])
  const found: ParsedDocument[] = []
  // The shape has been judged already; whatever of it is right is read here, so that all problems come at once.
  for (const [index, manifest] of (Array.isArray(manifests) ? manifests : []).entries()) {
    if (typeof manifest !== 'string') continue
    const text = readNamedFile(manifest, document.file, readFile, reporter, index, problems)
    if (text === undefined) continue
    const parsed = parseManifests(text)
    problems.push(...parsed.problems)
    if (parsed.documents.length === 0) reporter.error(['manifests', index], `${text.file} holds no Kubernetes object`)
    for (const object of parsed.documents) {
      if (isOurs(object))
        reporter.error(['manifests', index], `${text.file} holds a ${object.kind}, not only manifests`)
      else found.push(object)
    }
  }
  for (const [index, object] of (Array.isArray(objects) ? objects : []).entries()) {
    if (typeof object !== 'object' || object === null || Array.isArray(object)) continue
    found.push(inlineDocument(document, index, object, reporter))
  }
  return found
}

function readNamedFile(
  path: string,
  scenarioFile: string,
  readFile: (path: string) => string,
  reporter: Reporter,
  index: number,
  problems: Problem[],
): Source | undefined {
  const file = path.startsWith('/') ? path : join(dirname(scenarioFile), path)
  try {
    return { file, text: readFile(file) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [problem] = error.problems
    reporter.error(['manifests', index], `${problem?.file ?? file} ${problem?.message ?? 'cannot be read'}`)
    problems.push(...error.problems.slice(1))
    return undefined
  }
}

/** An object under `spec.objects` as if it stood in a file of its own, with its places in the scenario file. */
function inlineDocument(
  document: ParsedDocument,
  index: number,
  value: JsonObject,
  reporter: Reporter,
): ParsedDocument {
  const base = ['spec', 'objects', index]
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] !== 'string') reporter.error(['objects', index, field], 'every Kubernetes object needs it')
  }
  const locate: Locate = (path, part) => document.locate([...base, ...path], part)
  const { apiVersion, kind } = value
  return {
    file: document.file,
    value,
    locate,
    apiVersion: textOf(apiVersion),
    kind: textOf(kind),
    object: keyOf(value),
  }
}

function chooseVersion(
  document: ParsedDocument | undefined,
  written: ScenarioDocument | undefined,
  problems: Problem[],
): string {
  const wanted = written?.spec.cluster?.kubernetes ?? referenceVersion
  if (document === undefined || wanted === referenceVersion) return referenceVersion
  const reporter = reporterFor(document, document.object, problems, ['spec', 'cluster'])
  if (!knownVersions.includes(wanted)) {
    reporter.error(
      ['kubernetes'],
      `there is no schema of Kubernetes ${wanted}; write one of ${knownVersions.join(', ')}`,
    )
    return referenceVersion
  }
  const simulated = `manifests are checked with the schema of ${wanted}, and simulated as ${referenceVersion}`
  reporter.warning(['kubernetes'], simulated)
  return wanted
}

/** Steps name objects by kind and name alone, so these must be unique across namespaces. */
function refuseNamesakes(objects: readonly ScenarioObject[], problems: Problem[]): void {
  const first = new Map<string, ScenarioObject>()
  for (const object of objects) {
    const key = keyOf(object.raw)
    const before = first.get(key)
    if (before === undefined) first.set(key, object)
    else if (before.object.metadata.namespace !== object.object.metadata.namespace) {
      const { file, locate } = object
      const message = `another namespace has a ${key} too; simulate one namespace at a time`
      problems.push({ file, ...locate(['metadata', 'name']), severity: 'error', object: key, message })
    }
  }
}
