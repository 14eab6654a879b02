// Checks claims: compiles what is asserted, plays every side and twin with the same seeds, and computes the verdict.

import { InputError } from '../base/errors.ts'
import type { Source } from '../manifest/parse.ts'
import { parseAssertion, parseQuantity } from './expression/parser.ts'
import { compileRun, type Questions, type RunReader, type RunsOfSeed } from './expression/run.ts'
import { ExpressionError } from './expression/types.ts'
import { compileJudge, type Judge, reportValues } from './judge.ts'
import { type Claim, type ClaimSide, loadClaim, type WrittenAssertion } from './load.ts'
import { playSide } from './play.ts'
import type {
  ClaimResult,
  ComputedVerdict,
  Holding,
  JudgedAssertion,
  Reported,
  SideResult,
  TwinResult,
} from './types.ts'

/** Loads the file of a claim and checks it. Throws InputError for what is wrong with the file itself. */
export function checkClaim(source: Source, readFile: (path: string) => string): ClaimResult {
  const claim = loadClaim(source, readFile)
  const { spec } = claim.document
  const everySide = [...claim.sides, ...claim.twins, ...claim.beside]
  const questions = new Map(everySide.map((side) => [side.name, questionsOf(side)]))
  const compiled = everySide.map((side) => compileSide(side, claim.number, questions))
  const runs = playAll(source.file, everySide, questions, claim.seeds)

  const results = everySide.map((side, i) => judgeSide(side, compiled[i], runs))
  const sides = results.slice(0, claim.sides.length)
  const twins = claim.twins.map(({ of, without }, i): TwinResult => {
    const result = results[claim.sides.length + i]
    const { outcome } = sides.find(({ name }) => name === of) as SideResult
    const changes = outcome !== result.outcome && outcome !== 'undecided' && result.outcome !== 'undecided'
    return { ...result, without, of, changes }
  })
  const verdict = verdictOf(sides.map(({ outcome }) => outcome))
  const beside = results.slice(claim.sides.length + claim.twins.length)
  const reasons = reasonsAgainst(claim, verdict, { sides, twins, beside })
  return {
    id: claim.document.metadata.name,
    claim: spec.claim,
    description: spec.description ?? '',
    verdict,
    expected: spec.verdict,
    unit: spec.unit ?? '',
    sides,
    twins,
    passed: reasons.length === 0,
    reasons,
  }
}

function questionsOf({ runs }: ClaimSide): Questions {
  return { horizonSeconds: runs.state === 'accepted' ? runs.scenario.horizonUs / 1e6 : 0, measures: [] }
}

interface CompiledSide {
  readonly assertions: readonly Judge[]
  readonly facts: readonly Judge[]
  readonly number: RunReader | undefined
}

function compileSide(
  { assertions, facts, name }: ClaimSide,
  number: WrittenAssertion | undefined,
  questions: ReadonlyMap<string, Questions>,
): CompiledSide {
  const judges = (written: readonly WrittenAssertion[]): Judge[] =>
    written.map((one) => understood(one, (text) => compileJudge(parseAssertion(text), name, questions)))
  return {
    assertions: judges(assertions),
    facts: judges(facts),
    number: number && understood(number, (text) => compileRun(parseQuantity(text), name, questions)),
  }
}

/** Compiles a text; what is wrong with it is reported with its place. */
function understood<Result>({ text, at }: WrittenAssertion, compile: (text: string) => Result): Result {
  try {
    return compile(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new InputError([at.problem([], `"${text}": ${error.message}`)])
  }
}

/** All runs of each seed, by side. */
function playAll(
  file: string,
  sides: readonly ClaimSide[],
  questions: ReadonlyMap<string, Questions>,
  seeds: number,
): readonly RunsOfSeed[] {
  const played = sides.map(({ name, runs }) => {
    try {
      return playSide(runs, questions.get(name) as Questions, seeds)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new InputError(
        error.problems.map((problem) => ({ file, ...problem, message: `on ${name} ${problem.message}` })),
      )
    }
  })
  return Array.from({ length: seeds }, (_, seed) => new Map(sides.map(({ name }, i) => [name, played[i][seed]])))
}

function judgeSide(side: ClaimSide, compiled: CompiledSide, runs: readonly RunsOfSeed[]): SideResult {
  const judged = (written: readonly WrittenAssertion[], judges: readonly Judge[]): JudgedAssertion[] =>
    written.map(({ text }, i) => ({ text, ...judges[i].judge(runs), runs: runs.length }))
  const assertions = judged(side.assertions, compiled.assertions)
  const { number } = compiled
  return {
    name: side.name,
    outcome: allOf(assertions.map(({ outcome }) => outcome)),
    number: number ? reportValues(runs.map(number)) : reportFirst(compiled.assertions, runs),
    assertions,
    facts: judged(side.facts, compiled.facts),
    ...(side.runs.state === 'refused' ? { refusal: side.runs.messages.join('; ') } : {}),
  }
}

/** The left side of the first assertion; scenarios that are played beside have none. */
function reportFirst([first]: readonly Judge[], runs: readonly RunsOfSeed[]): Reported {
  return first === undefined ? { type: 'text', text: '' } : first.report(runs)
}

/** One that fails decides; else one that is undecided leaves all so. */
function allOf(outcomes: readonly Holding[]): Holding {
  if (outcomes.includes('fails')) return 'fails'
  return outcomes.includes('undecided') ? 'undecided' : 'holds'
}

function verdictOf(outcomes: readonly Holding[]): ComputedVerdict {
  if (outcomes.includes('undecided')) return '?'
  if (outcomes.every((outcome) => outcome === 'holds')) return 'T'
  return outcomes.every((outcome) => outcome === 'fails') ? 'F' : 'V'
}

function reasonsAgainst(
  { document, ...loaded }: Claim,
  verdict: ComputedVerdict,
  { beside, sides, twins }: Record<'beside' | 'sides', readonly SideResult[]> & { twins: readonly TwinResult[] },
): string[] {
  const reasons: string[] = []
  const { verdict: expected } = document.spec
  if (verdict !== expected) {
    const said = sides.map(({ name, outcome }) => `${name} ${outcome}`).join(', ')
    reasons.push(`the verdict is ${verdict}, not ${expected}: ${said}`)
  }
  for (const { changes, name, of, outcome } of twins) {
    if (!changes) reasons.push(`${name} changes nothing: it ${outcome}, as ${of} does`)
  }
  for (const { facts, name } of [...sides, ...twins, ...beside]) {
    for (const { holding, outcome, runs, text } of facts)
      if (outcome !== 'holds') reasons.push(`on ${name} "${text}" ${outcome}: it holds in ${holding} of ${runs} runs`)
  }
  for (const { name, refused, runs } of [...loaded.sides, ...loaded.twins, ...loaded.beside]) {
    if (refused === undefined) continue
    if (runs.state === 'accepted') reasons.push(`${name} is accepted, not refused with "${refused}"`)
    else if (!runs.messages.some((message) => message.includes(refused)))
      reasons.push(`${name} is refused with "${runs.messages.join('; ')}", not with "${refused}"`)
  }
  return reasons
}
