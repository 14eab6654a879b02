// From the file of a claim to its scenarios: one for each side and twin, with what is asked of it.

import { dirname, join } from 'node:path'
import { InputError, type Problem } from '../base/errors.ts'
import { type ParsedDocument, parseManifests, type Source } from '../manifest/parse.ts'
import { type Json, isJsonObject, type JsonObject } from '../manifest/types.ts'
import { strategicMerge } from '../manifest/patch.ts'
import { suggest } from '../base/suggestion.ts'
import {
  type ClaimDocument,
  claimSchema,
  type WrittenBeside,
  type WrittenSide,
  type WrittenTwin,
} from '../scenario/claimSchema.ts'
import { gatherInputs } from '../scenario/inputs.ts'
import { finishLoading } from '../scenario/load.ts'
import { keyOf, textOf } from '../scenario/objects.ts'
import { reporterFor, type Reporter } from '../scenario/reporter.ts'
import { reportShape } from '../scenario/reportShape.ts'
import { API_VERSION } from '../scenario/schemaWords.ts'
import type { Scenario, ScenarioArm } from '../scenario/types.ts'

/** An assertion and where it stands. */
export interface WrittenAssertion {
  readonly text: string
  readonly at: Reporter
}

/** What a side runs, or what the API server says against it. */
export type SideScenario =
  | { readonly state: 'accepted'; readonly scenario: Scenario; readonly arm: ScenarioArm }
  | { readonly state: 'refused'; readonly messages: readonly string[] }

export interface ClaimSide {
  readonly name: string
  readonly assertions: readonly WrittenAssertion[]
  readonly facts: readonly WrittenAssertion[]
  /** Part of the message with which its objects must be refused. */
  readonly refused: string | undefined
  readonly runs: SideScenario
}

export interface ClaimTwin extends ClaimSide {
  readonly without: string
  readonly of: string
}

/** A claim, loaded. */
export interface Claim {
  readonly document: ClaimDocument
  readonly sides: readonly ClaimSide[]
  readonly twins: readonly ClaimTwin[]
  /** What is played for comparison only; nothing is asserted of it but its facts. */
  readonly beside: readonly ClaimSide[]
  readonly number: WrittenAssertion | undefined
  readonly seeds: number
}

const DEFAULT_SEEDS = 20

type ReadFile = (path: string) => string

/**
 * Loads the file of one claim.
 *
 * @throws InputError with every problem found
 */
export function loadClaim(source: Source, readFile: ReadFile): Claim {
  const { documents, problems: found } = parseManifests(source)
  const problems = [...found]
  const [document, other] = documents
  if (document === undefined || other !== undefined || document.kind !== 'Claim') {
    throw new InputError([
      ...problems,
      { file: source.file, severity: 'error', message: `holds one document of kind Claim, and nothing else` },
    ])
  }
  const reporter = reporterFor(document, document.object, problems)
  const wrong = reportShape(document, claimSchema, reporter, problems)
  const claim = wrong === 0 ? readClaim(document, reporter, readFile, problems) : undefined
  if (claim === undefined || problems.some(({ severity }) => severity === 'error')) throw new InputError(problems)
  return claim
}

function readClaim(
  document: ParsedDocument,
  reporter: Reporter,
  readFile: ReadFile,
  problems: Problem[],
): Claim | undefined {
  const written = document.value as unknown as ClaimDocument
  const { spec } = written
  const at = reporter.within('spec')
  const base = readBase(document, at, readFile, problems)
  if (base === undefined) return undefined
  const loader = new SideLoader(written, base, at, readFile, problems)
  const sides = (spec.sides ?? [{ name: 'base' }]).map((side, i) => loader.side(side, at.within('sides', i)))
  const beside = (spec.beside ?? []).map((other, i) => loader.beside(other, at.within('beside', i)))
  const isList = Array.isArray(spec.twin)
  const twins = [spec.twin].flat().flatMap((twin, i) => {
    const place = isList ? at.within('twin', i) : at.within('twin')
    const index = sides.findIndex(({ name }) => name === (twin.of ?? name))
    const of = sides[index]
    if (of === undefined) {
      const names = sides.map(({ name }) => name)
      place.error(['of'], `there is no side ${twin.of}${suggest(twin.of ?? '', names)}; there are ${names.join(', ')}`)
      return []
    }
    return [loader.twin(twin, of, spec.sides?.[index], i === 0 ? 'twin' : `twin-${i + 1}`, place)]
  })
  const number = spec.number === undefined ? undefined : { text: spec.number, at: at.within('number') }
  return { document: written, sides, twins, beside, number, seeds: spec.seeds ?? DEFAULT_SEEDS }
}

/** The scenario that all sides are changes of. */
interface Base {
  readonly document: ParsedDocument
  readonly spec: JsonObject
}

function readBase(document: ParsedDocument, at: Reporter, readFile: ReadFile, problems: Problem[]): Base | undefined {
  const spec = document.value['spec'] as JsonObject
  const scenario = spec['scenario']
  if (isJsonObject(scenario)) {
    const locate: ParsedDocument['locate'] = ([, ...path], part) => document.locate(['spec', 'scenario', ...path], part)
    return { document: { ...document, locate }, spec: scenario }
  }
  const file = join(dirname(document.file), textOf(scenario))
  try {
    const parsed = parseManifests({ file, text: readFile(file) })
    problems.push(...parsed.problems)
    const found = parsed.documents.find(({ kind }) => kind === 'Scenario')
    const inner = found?.value['spec']
    if (found !== undefined && isJsonObject(inner)) return { document: found, spec: inner }
    at.error(['scenario'], `${file} holds no Scenario`)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    at.error(['scenario'], `${file} ${error.problems[0]?.message ?? 'cannot be read'}`)
  }
  return undefined
}

type Changes = Pick<WrittenSide, 'arm' | 'facts' | 'objects' | 'patch' | 'refused'>

class SideLoader {
  private readonly written: ClaimDocument
  private readonly base: Base
  private readonly at: Reporter
  private readonly readFile: ReadFile
  private readonly problems: Problem[]

  constructor(written: ClaimDocument, base: Base, at: Reporter, readFile: ReadFile, problems: Problem[]) {
    this.written = written
    this.base = base
    this.at = at
    this.readFile = readFile
    this.problems = problems
  }

  side(side: WrittenSide, at: Reporter): ClaimSide {
    const { spec } = this.written
    const own = side.assert !== undefined
    const general = { facts: spec.facts, refused: spec.refused }
    return {
      name: side.name,
      assertions: assertionsOf(side.assert ?? spec.assert, own ? at.within('assert') : this.at.within('assert')),
      facts: [...assertionsOf(general.facts, this.at.within('facts')), ...assertionsOf(side.facts, at.within('facts'))],
      refused: side.refused ?? general.refused,
      runs: this.load(side.name, [[side, at]], side.refused ?? general.refused),
    }
  }

  beside({ name, ...changes }: WrittenBeside, at: Reporter): ClaimSide {
    return {
      name,
      assertions: [],
      facts: assertionsOf(changes.facts, at.within('facts')),
      refused: changes.refused,
      runs: this.load(name, [[changes, at]], changes.refused),
    }
  }

  twin(twin: WrittenTwin, of: ClaimSide, side: WrittenSide | undefined, name: string, at: Reporter): ClaimTwin {
    const changes: [Changes, Reporter][] = side === undefined ? [] : [[side, this.at.within('sides')]]
    return {
      name,
      without: twin.without,
      of: of.name,
      assertions: of.assertions,
      facts: assertionsOf(twin.facts, at.within('facts')),
      refused: twin.refused,
      runs: this.load(name, [...changes, [twin, at]], twin.refused),
    }
  }

  /** The scenario with all changes made; problems are reported unless they are the ones that the claim is about. */
  private load(
    name: string,
    changes: readonly (readonly [Changes, Reporter])[],
    refused: string | undefined,
  ): SideScenario {
    let spec = this.base.spec
    let armName: string | undefined
    for (const [change, at] of changes) {
      spec = this.change(spec, change, at)
      armName = change.arm ?? armName
    }
    const value: JsonObject = {
      apiVersion: API_VERSION,
      kind: 'Scenario',
      metadata: { name: `${this.written.metadata.name}-${name}` },
      spec,
    }
    const document = { ...this.base.document, value, kind: 'Scenario', apiVersion: API_VERSION }
    const own: Problem[] = []
    try {
      const inputs = gatherInputs([document], [], this.readFile, own)
      const { scenario } = finishLoading(inputs, document.file, {}, own)
      const arm = armName === undefined ? scenario.arms[0] : scenario.arms.find((each) => each.name === armName)
      if (arm !== undefined) return { state: 'accepted', scenario, arm }
      this.at.error([], `there is no arm ${armName}; there are ${scenario.arms.map((each) => each.name).join(', ')}`)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      if (refused === undefined) this.problems.push(...error.problems)
      const errors = error.problems.filter(({ severity }) => severity === 'error')
      return { state: 'refused', messages: errors.map(({ message, path }) => (path ? `${path}: ${message}` : message)) }
    }
    return { state: 'refused', messages: [] }
  }

  private change(spec: JsonObject, { patch, objects }: Changes, at: Reporter): JsonObject {
    const patched = patch === undefined ? spec : (mergePatch(spec, patch as JsonObject) as JsonObject)
    if (objects === undefined) return patched
    const written = patched['objects']
    const list = (Array.isArray(written) ? written : []).filter(isJsonObject)
    for (const key of Object.keys(objects)) {
      const known = list.map(keyOf)
      if (!known.includes(key)) at.error(['objects', key], `there is no ${key} among the objects${suggest(key, known)}`)
    }
    const changed = list.flatMap((object) => {
      const change = objects[keyOf(object)]
      if (change === undefined) return [object]
      return change === null ? [] : [strategicMerge(object, change as JsonObject, { replaceChangedStrategy: true })]
    })
    return { ...patched, objects: changed }
  }
}

function assertionsOf(written: string | readonly string[] | undefined, at: Reporter): WrittenAssertion[] {
  if (written === undefined) return []
  if (typeof written === 'string') return [{ text: written, at }]
  return written.map((text, i) => ({ text, at: at.within(i) }))
}

/** JSON Merge Patch, RFC 7386. */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const result: Record<string, Json> = isJsonObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (value !== undefined) result[key] = mergePatch(result[key], value)
  }
  return result
}
