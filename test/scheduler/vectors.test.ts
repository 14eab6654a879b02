// Filters, scores, messages and victims against the real scheduler, on random small clusters.

import { expect, test } from 'vitest'
import type { NodeId } from '../../src/model/types.ts'
import { explainUnschedulable, reasonsOf } from '../../src/scheduler/explain.ts'
import { MEANINGS, Reason, Rejector } from '../../src/scheduler/reasons.ts'
import { Scorer } from '../../src/scheduler/nodeScores.ts'
import { type NodeResult, readVectors, type Stage, stageVector, type Vector } from './vectors.ts'

const PLUGINS = new Map(Object.entries(Rejector).map(([name, bit]) => [bit as number, name]))

/** What our scheduler says, in the vector's form. */
function answer({ incoming, model, scheduler }: Stage): Record<string, NodeResult> {
  const { cache, one } = scheduler
  const plan = cache.planOf(incoming)
  one.schedulePod(incoming, 'first', 0)
  if (one.feasibleCount === 1) one.scores.prioritize(plan, one.feasible, 1)
  const results: Record<string, NodeResult> = {}
  for (let i = 0; i < cache.tree.count; i++) {
    const node = cache.tree.order[i] as NodeId
    results[model.nodes[node].name] = verdictOn(scheduler, plan, node)
  }
  if (plan.template.scheduling.nodeNames?.length === 0) {
    const conflict = {
      code: 'UnschedulableAndUnresolvable',
      plugin: 'NodeAffinity',
      reasons: ['pod affinity terms conflict'],
    }
    for (const name of Object.keys(results)) results[name] = conflict
  }
  return results
}

function verdictOn(scheduler: Stage['scheduler'], plan: Parameters<typeof reasonsOf>[1], node: NodeId): NodeResult {
  const { one } = scheduler
  if (one.wasExamined[node] === 0) return { code: 'Absent' }
  const reason = one.reasons[node]
  if (reason === Reason.Fits) {
    const place = one.feasible.indexOf(node)
    const scores = Object.fromEntries(
      Object.entries(Scorer).map(([name, column]) => [name, one.scores.columns[column][place]]),
    )
    return { code: 'Success', scores, total: one.scores.totals[place] }
  }
  const { rejector, resolvable } = MEANINGS[reason]
  return {
    code: resolvable ? 'Unschedulable' : 'UnschedulableAndUnresolvable',
    plugin: PLUGINS.get(rejector)!,
    reasons: reasonsOf(scheduler, plan, node),
  }
}

/** The vector's results without what our model leaves out, in our order. */
function expected({ result }: Vector): Record<string, NodeResult> {
  return Object.fromEntries(
    Object.entries(result).map(([name, { victims: _victims, violated: _violated, ...rest }]) => {
      if (rest.scores === undefined) return [name, rest]
      const scores = Object.fromEntries(Object.keys(Scorer).map((plugin) => [plugin, rest.scores![plugin] ?? 0]))
      return [name, { ...rest, scores, total: rest.total ?? 0 }]
    }),
  )
}

test('verdicts, scores, messages and victims are those of the real scheduler', () => {
  const seen = { vectors: 0, scored: 0, messages: 0, preempting: 0 }
  for (const vector of readVectors()) {
    const { seed } = vector
    const stage = stageVector(vector)
    const ours = answer(stage)
    expect({ seed, results: ours }).toEqual({ seed, results: expected(vector) })
    expect(Object.keys(ours), `seed ${seed}: order`).toEqual(vector.order)
    const message = explainUnschedulable(stage.scheduler, stage.incoming)
    expect({ seed, message }).toEqual({ seed, message: vector.message ?? '' })
    const victims = selectVictims(stage, vector)
    if (victims !== undefined) expect({ seed, victims }).toEqual({ seed, victims: expectedVictims(vector) })
    seen.vectors++
    seen.scored += Object.values(ours).filter(({ code }) => code === 'Success').length
    if (message !== '') seen.messages++
    if (victims !== undefined && Object.keys(victims).length > 0) seen.preempting++
  }
  // A test that compares nothing agrees with everything.
  expect(seen).toEqual({ vectors: 2000, scored: 3004, messages: 688, preempting: 31 })
})

type Victims = Record<string, { readonly victims: readonly string[]; readonly violated: number }>

/**
 * What would have to go from each node; undefined where our dry run and upstream's are known to differ: upstream counts
 * a terminating pod that it takes away off a spread constraint that had not counted it; and where two pods of a node have
 * one host port, which no scheduler allows, it forgets the port when one of them goes.
 */
function selectVictims(stage: Stage, vector: Vector): Victims | undefined {
  const { incoming, model, scheduler } = stage
  const isTerminating = (vector.pods ?? []).some(({ metadata }) => metadata.deletionTimestamp !== undefined)
  const { cache, one, preemption } = scheduler
  const plan = cache.planOf(incoming)
  if (vector.message === undefined || (isTerminating && plan.hard.length > 0)) return undefined
  if (cache.infos.portsTaken.some((counts) => counts.some((count) => count > 1))) return undefined
  one.schedulePod(incoming, 'first', 0)
  const lesser = preemption.lesserPods(plan.template.priority)
  const found: Victims = {}
  for (const [node, pods] of lesser) {
    if (one.wasExamined[node] === 0 || !MEANINGS[one.reasons[node]].resolvable) continue
    const candidate = preemption.selectVictims(incoming, plan, node, pods)
    if (candidate === undefined) continue
    found[model.nodes[node].name] = {
      victims: candidate.victims.map((pod) => stage.nameOf(pod)).sort(),
      violated: candidate.violations,
    }
  }
  return found
}

function expectedVictims({ result }: Vector): Victims {
  return Object.fromEntries(
    Object.entries(result).flatMap(([name, { victims, violated = 0 }]) =>
      victims === undefined ? [] : [[name, { victims: victims.toSorted(), violated }]],
    ),
  )
}
