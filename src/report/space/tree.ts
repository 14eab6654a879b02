// Two parameters at a time: a decision tree of depth 2 that separates the scenarios an arm wins from those it does not.
// Each split is the one that lowers the Gini impurity most (L. Breiman et al., Classification and Regression Trees,
// 1984) among the bounds of the bins; no leaf holds less than a twentieth of the scenarios.

import type { SpaceResults } from './readSpace.ts'
import { binsOf, columnOf } from './regions.ts'
import type { Share } from './wins.ts'
import { shareOf } from './wins.ts'

/** The scenarios that meet up to two conditions. */
export interface Leaf {
  /** In words: `ready: 1s–4.1s`. */
  readonly conditions: readonly string[]
  readonly share: Share
}

/** A yes-or-no question about a scenario. */
interface Question {
  readonly yes: string
  readonly no: string
  readonly holds: Uint8Array
}

const DEPTH = 2
const LEAF_SHARE_MIN = 0.05
const LEAF_MIN = 10

/** The leaves of the tree for flags (1, 0; -1 counts for nothing), the highest share first. */
export function growTree(results: SpaceResults, flags: Int8Array): Leaf[] {
  const known = [...flags.keys()].filter((scenario) => flags[scenario] !== -1)
  const leafMin = Math.max(LEAF_MIN, Math.ceil(LEAF_SHARE_MIN * known.length))
  const leaves = split(known, [], flags, questionsOf(results), leafMin, DEPTH)
  return leaves.toSorted((a, b) => b.share.share - a.share.share)
}

function split(
  scenarios: readonly number[],
  conditions: readonly string[],
  flags: Int8Array,
  questions: readonly Question[],
  leafMin: number,
  depth: number,
): Leaf[] {
  const leaf = { conditions, share: shareOf(scenarios.map((scenario) => flags[scenario] ?? -1)) }
  if (depth === 0) return [leaf]
  let best: { readonly question: Question; readonly yes: number[]; readonly no: number[] } | undefined
  let least = impurity(scenarios, flags) - 1e-9
  for (const question of questions) {
    const yes = scenarios.filter((scenario) => question.holds[scenario] === 1)
    const no = scenarios.filter((scenario) => question.holds[scenario] === 0)
    if (yes.length < leafMin || no.length < leafMin) continue
    const left = impurity(yes, flags) + impurity(no, flags)
    if (left >= least) continue
    least = left
    best = { question, yes, no }
  }
  if (best === undefined) return [leaf]
  const { question, yes, no } = best
  return [
    ...split(yes, [...conditions, question.yes], flags, questions, leafMin, depth - 1),
    ...split(no, [...conditions, question.no], flags, questions, leafMin, depth - 1),
  ]
}

/** Scenarios times their Gini impurity. */
function impurity(scenarios: readonly number[], flags: Int8Array): number {
  const ones = scenarios.reduce((sum, scenario) => sum + (flags[scenario] === 1 ? 1 : 0), 0)
  return scenarios.length === 0 ? 0 : (2 * ones * (scenarios.length - ones)) / scenarios.length
}

/** Of numbers: whether they lie in one of the first bins; of choices: whether it is this one. */
function questionsOf(results: SpaceResults): Question[] {
  return results.parameters.flatMap((parameter, index) => {
    const values = columnOf(results, index)
    const ran = results.scenarios.flatMap(({ state }, scenario) => (state === 'ran' ? [values[scenario] ?? ''] : []))
    const bins = binsOf(parameter, ran)
    const ask = (yes: string, no: string, holds: (value: string) => boolean): Question => ({
      yes: `${parameter.name} ${yes}`,
      no: `${parameter.name} ${no}`,
      holds: Uint8Array.from(values, (value) => (holds(value) ? 1 : 0)),
    })
    if (parameter.type === 'choice') {
      return bins.map(({ label, contains }) => ask(`= ${label}`, `≠ ${label}`, contains))
    }
    return bins.slice(0, -1).map(({ label }, place) => {
      const bound = label.slice(label.indexOf('–') + 1)
      const below = bins.slice(0, place + 1)
      return ask(`≤ ${bound}`, `> ${bound}`, (value) => below.some(({ contains }) => contains(value)))
    })
  })
}
