// Spaces of scenarios: a base scenario, and parameters whose values are drawn and put into it. What is drawn by whom:
// sweep/space. Everything here is plain data, so that workers get it as it is.

import { dirname, join } from 'node:path'
import { InputError, type Problem } from '../base/errors.ts'
import type { Locate, ParsedDocument } from '../manifest/parse.ts'
import { parseManifests } from '../manifest/parse.ts'
import type { Path } from '../manifest/paths.ts'
import type { Json, JsonObject } from '../manifest/types.ts'
import { readDuration } from './distribution.ts'
import { parseField, setField } from './fields.ts'
import { hashOf } from './hash.ts'
import { gatherInputs, type InputFiles, isOurs } from './inputs.ts'
import { finishLoading, loadDocument, type Loaded } from './load.ts'
import { reporterFor, type Reporter } from './reporter.ts'
import { reportShape } from './reportShape.ts'
import { scenarioSchema } from './schema.ts'
import { API_VERSION } from './schemaWords.ts'
import { checkShape } from './shape.ts'
import { type SpaceDocument, spaceSchema, type WIN_CRITERIA, type WrittenParameter } from './spaceSchema.ts'

/** Where a drawn value goes: a path from the spec, and a factor for numbers. */
export interface FieldTarget {
  readonly path: Path
  readonly times: number
}

/** One thing that differs between the scenarios of a space. Durations are in microseconds. */
export interface SpaceParameter {
  readonly name: string
  readonly range:
    | { readonly type: 'integer' | 'number' | 'duration'; readonly low: number; readonly high: number }
    | { readonly type: 'choice'; readonly values: readonly Json[] }
  readonly scale: 'linear' | 'log'
  /** Written behind the number; empty: a number. */
  readonly unit: string
  readonly targets: readonly FieldTarget[]
}

export type WinCriterion = (typeof WIN_CRITERIA)[number]

/** A space, loaded. */
export interface ScenarioSpace {
  readonly name: string
  /** sha256 (hex) of all that decides the scenarios and their runs but numbers and seeds. */
  readonly hash: string
  readonly kubernetes: string
  /** The spec of the base with every object inside. */
  readonly spec: JsonObject
  readonly parameters: readonly SpaceParameter[]
  readonly scenarios: number
  readonly runs: number
  readonly seed: number
  readonly winBy: readonly WinCriterion[]
}

/** A space without errors, and the warnings about its base. */
export interface LoadedSpace {
  readonly space: ScenarioSpace
  readonly problems: readonly Problem[]
}

const DEFAULT_WIN_BY: readonly WinCriterion[] = ['complete', 'lostRequests', 'rolloutSeconds']

/** Whether files hold a space: their documents of ours are one ScenarioSpace. */
export function holdsSpace(files: InputFiles['files']): boolean {
  return files.some((source) => parseManifests(source).documents.some(({ kind }) => kind === 'ScenarioSpace'))
}

/**
 * Loads a file that holds one ScenarioSpace and nothing else.
 *
 * @throws InputError with every problem found, if one of them is an error
 */
export function loadSpace({ files: [source], readFile }: InputFiles): LoadedSpace {
  const problems: Problem[] = []
  if (source === undefined) throw new InputError([{ severity: 'error', message: 'no file' }])
  const { documents, problems: found } = parseManifests(source)
  problems.push(...found)
  const document = documents.find(({ kind }) => kind === 'ScenarioSpace')
  for (const { locate, object, file } of documents.filter((other) => other !== document)) {
    const message = 'a file with a ScenarioSpace holds nothing else: name manifests in its base'
    problems.push({ file, ...locate([]), severity: 'error', object, message })
  }
  const space = document && readSpace(document, readFile, problems)
  if (space === undefined || problems.some(({ severity }) => severity === 'error')) throw new InputError(problems)
  return { space, problems }
}

function readSpace(
  document: ParsedDocument,
  readFile: InputFiles['readFile'],
  problems: Problem[],
): ScenarioSpace | undefined {
  const reporter = reporterFor(document, document.object, problems)
  if (reportShape(document, spaceSchema, reporter, problems) > 0) return undefined
  const written = document.value as unknown as SpaceDocument
  const at = reporter.within('spec')
  const base = readBase(document, written, readFile, at, problems)
  if (base === undefined) return undefined
  const { spec, kubernetes } = base
  const parameters = readParameters(written.spec.parameters, spec, at.within('parameters'))
  const space = {
    name: written.metadata.name,
    hash: hashOf({ spec, parameters }),
    kubernetes,
    spec,
    parameters,
    scenarios: written.spec.scenarios ?? 1_000,
    runs: written.spec.runs ?? 5,
    seed: written.spec.seed ?? 1,
    winBy: written.spec.winBy ?? DEFAULT_WIN_BY,
  }
  if (!reporter.hasErrors()) checkCorners(space, at.within('parameters'))
  return space
}

/** The base as one spec that holds all its objects; undefined after reporting why it cannot be one. */
function readBase(
  document: ParsedDocument,
  written: SpaceDocument,
  readFile: InputFiles['readFile'],
  at: Reporter,
  problems: Problem[],
): { readonly spec: JsonObject; readonly kubernetes: string } | undefined {
  const ours =
    typeof written.spec.base === 'string'
      ? readBaseFile(document, written.spec.base, readFile, at, problems)
      : [inlineBase(document)]
  if (ours === undefined) return undefined
  const { arms, faults } = written.spec
  const replaced = ours.map((other) => {
    if (other.kind !== 'Scenario') return other
    const instead = { ...(arms && { arms }), ...(faults && { faults }) } as JsonObject
    return { ...other, value: { ...other.value, spec: { ...(other.value['spec'] as JsonObject), ...instead } } }
  })
  const inputs = gatherInputs(
    replaced.filter(isOurs),
    replaced.filter((other) => !isOurs(other)),
    readFile,
    problems,
  )
  if (inputs.written === undefined) {
    if (!at.hasErrors()) at.error(['base'], 'holds no Scenario')
    return undefined
  }
  if (inputs.broken) return undefined
  // The base is a scenario itself, and must be one without errors.
  problems.push(...finishLoading(inputs, document.file, {}, []).problems)
  const { manifests: _, thresholds: __, labels: ___, description: ____, ...spec } = inputs.written.spec
  const objects = [...inputs.nodes, ...inputs.objects.map(({ raw }) => raw)] as unknown as Json
  // Through text, because YAML's aliases are one value in two places, of which a parameter may change one.
  const whole = JSON.parse(JSON.stringify({ ...spec, profile: inputs.profile.written, objects })) as JsonObject
  return { spec: whole, kubernetes: inputs.kubernetes }
}

function readBaseFile(
  document: ParsedDocument,
  base: string,
  readFile: InputFiles['readFile'],
  at: Reporter,
  problems: Problem[],
): readonly ParsedDocument[] | undefined {
  const file = base.startsWith('/') ? base : join(dirname(document.file), base)
  try {
    const parsed = parseManifests({ file, text: readFile(file) })
    problems.push(...parsed.problems)
    return parsed.documents
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    at.error(['base'], `${file} ${error.problems[0]?.message ?? 'cannot be read'}`)
    return undefined
  }
}

/** The spec under `base` as a Scenario of its own, with its places in the file of the space. */
function inlineBase(document: ParsedDocument): ParsedDocument {
  const { metadata, spec } = document.value
  const locate: Locate = (path, part) =>
    document.locate(path[0] === 'spec' ? ['spec', 'base', ...path.slice(1)] : path, part)
  const value = {
    apiVersion: API_VERSION,
    kind: 'Scenario',
    metadata: metadata as Json,
    spec: (spec as JsonObject)['base'] as Json,
  }
  return { ...document, value, locate, kind: 'Scenario' }
}

function readParameters(
  written: readonly WrittenParameter[],
  spec: JsonObject,
  reporter: Reporter,
): readonly SpaceParameter[] {
  const names = new Set<string>()
  return written.map((parameter, index) => {
    const at = reporter.within(index)
    if (names.has(parameter.name)) at.error(['name'], `there is already a parameter ${parameter.name}`)
    names.add(parameter.name)
    const range = readRange(parameter, at)
    const { scale = 'linear', unit = '' } = parameter
    if (range.type === 'choice' && scale === 'log') at.error(['scale'], 'a choice has no scale')
    if (range.type !== 'choice' && scale === 'log' && range.low === 0) at.error([range.type], 'a log scale has no 0')
    const targets = [parameter.set].flat().flatMap((target, position) => {
      const { field, times } = typeof target === 'string' ? { field: target, times: 1 } : target
      const place = Array.isArray(parameter.set) ? ['set', position] : ['set']
      if (range.type === 'choice' && times !== 1) at.error(place, 'a choice cannot be multiplied')
      const path = at.take(parseField(field, spec['objects'] as JsonObject[]), place)
      return path === undefined ? [] : [{ path, times }]
    })
    return { name: parameter.name, range, scale, unit, targets }
  })
}

function readRange(written: WrittenParameter, at: Reporter): SpaceParameter['range'] {
  if (written.choice !== undefined) return { type: 'choice', values: written.choice as readonly Json[] }
  const type = written.integer ? 'integer' : written.number ? 'number' : 'duration'
  const read = (place: 0 | 1): number => {
    if (written.duration === undefined) return (written.integer ?? written.number)?.[place] ?? 0
    return at.take(readDuration(written.duration[place]), ['duration', place]) ?? Number.NaN
  }
  const [low, high] = [read(0), read(1)]
  if (low > high) at.error([type], 'the lower bound is above the upper one: swap them')
  return { type, low, high }
}

/** What can be wrong with drawn values shows at the ends of the ranges: a field that there is not, a value of a wrong type. */
function checkCorners(space: ScenarioSpace, at: Reporter): void {
  const count = Math.max(2, ...space.parameters.map(({ range }) => (range.type === 'choice' ? range.values.length : 2)))
  for (let corner = 0; corner < count && !at.hasErrors(); corner++) {
    const values = space.parameters.map(({ range }) => {
      if (range.type === 'choice') return range.values[corner % range.values.length] ?? null
      return corner % 2 === 0 ? range.low : range.high
    })
    const tree = structuredClone(space.spec)
    for (const [index, parameter] of space.parameters.entries()) {
      const wrong = putValue(tree, parameter, values[index] ?? null)
      if (wrong !== undefined) at.error([index, 'set'], wrong)
    }
    const document = documentOf(space.name, tree)
    for (const { path, message, namesPath } of checkShape(scenarioSchema, document)) {
      const index = space.parameters.findIndex(({ targets }) =>
        targets.some((target) =>
          ['spec', ...target.path].every((key, depth) => depth >= path.length || path[depth] === key),
        ),
      )
      at.error(index < 0 ? [] : [index, 'set'], namesPath ? message : `${path.join('.')} ${message}`)
    }
  }
}

/** Puts a drawn value into its fields; what is wrong with one of them, in words. Changes `tree`. */
export function putValue(tree: JsonObject, { range, unit, targets }: SpaceParameter, value: Json): string | undefined {
  for (const { path, times } of targets) {
    const set = setField(
      tree,
      path,
      typeof value === 'number' && range.type !== 'choice'
        ? writeNumber(value * times, range.type, unit)
        : structuredClone(value),
    )
    if ('wrong' in set) return set.wrong
  }
  return undefined
}

/** A number as scenario files have it: three digits of a duration, whole integers, a unit behind it. */
function writeNumber(value: number, type: 'integer' | 'number' | 'duration', unit: string): Json {
  if (type === 'duration') {
    const us = Math.round(Number(value.toPrecision(3)))
    return us % 1_000 === 0 ? `${us / 1_000}ms` : `${us}us`
  }
  const number = type === 'integer' ? Math.round(value) : Number(value.toPrecision(3))
  return unit === '' ? number : `${number}${unit}`
}

/** A Scenario document of this spec. */
export function documentOf(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: API_VERSION, kind: 'Scenario', metadata: { name }, spec }
}

/** Loads a scenario that has been made from a space. @throws InputError if it cannot be one */
export function loadMade(name: string, spec: JsonObject): Loaded {
  const value = documentOf(name, spec)
  const start = { line: 1, column: 1 }
  const document = {
    file: name,
    value,
    locate: () => start,
    apiVersion: API_VERSION,
    kind: 'Scenario',
    object: `Scenario/${name}`,
  }
  return loadDocument(document, {})
}
