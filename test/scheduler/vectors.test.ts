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

test('every node gets the verdict and the scores that the real scheduler gives it', () => {
  const vectors = readVectors()
  let scored = 0
  for (const vector of vectors) {
    const stage = stageVector(vector)
    const ours = answer(stage)
    expect({ seed: vector.seed, results: ours }).toEqual({ seed: vector.seed, results: expected(vector) })
    expect(Object.keys(ours), `seed ${vector.seed}: order`).toEqual(vector.order)
    scored += Object.values(ours).filter(({ code }) => code === 'Success').length
  }
  expect(scored).toBeGreaterThan(vectors.length)
})

test('a pod that fits nowhere gets the same message', () => {
  for (const vector of readVectors()) {
    const { incoming, scheduler } = stageVector(vector)
    expect({ seed: vector.seed, message: explainUnschedulable(scheduler, incoming) }).toEqual({
      seed: vector.seed,
      message: vector.message ?? '',
    })
  }
})
