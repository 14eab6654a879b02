// What holds in every run, as Kubernetes gives it, on random rollouts.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileModel } from '../../src/model/compile.ts'
import { type Trace, traceRun } from '../oracles/trace.ts'
import { EVERY_STEP, rolloutCases, type RolloutCase, scenarioOf } from './rolloutCases.ts'
import { countActive, countAvailable, sweepInstants } from './sweep.ts'

const disturbed = rolloutCases({ steps: EVERY_STEP, replicasMax: 8 })
const undisturbed = rolloutCases({ steps: [], replicasMax: 8 })
const settings = { seed: 1, numRuns: 150 }

function play(it: RolloutCase): Trace {
  const scenario = scenarioOf(it)
  return traceRun(compileModel(scenario, scenario.arms[0]), 1)
}

/** Never more active pods than replicas + surge, as they are or were at most: lowering either takes time. */
function checkSurge(trace: Trace): void {
  let most = 0
  sweepInstants(trace, ({ atUs, deployment, pods }) => {
    most = Math.max(most, deployment.replicas + deployment.maxSurge)
    expect(countActive(pods), `active pods at ${atUs} us`).toBeLessThanOrEqual(most)
  })
}

/** Pods are neither lost nor found, and each that goes has a reason. */
function checkConservation(trace: Trace): void {
  expect(trace.created).toBe(trace.alive + trace.deleted)
  expect(trace.created).toBe(trace.pods.length)
  expect(trace.alive).toBe(trace.pods.filter((pod) => !pod.states.at(-1)!.gone).length)
  for (const { states, uid } of trace.pods)
    for (const { gone, marked, reason } of states) if (gone || marked) expect(reason, `pod ${uid}`).not.toBe(0)
}

/** A new ReplicaSet has the highest revision so far; a revision is never lowered. */
function checkRevisions(trace: Trace): void {
  const known = new Map<number, number>()
  for (const { revision, rs } of trace.revisions) {
    const before = known.get(rs)
    if (before === undefined) expect(revision).toBeGreaterThan(Math.max(0, ...known.values()))
    else expect(revision).toBeGreaterThanOrEqual(before)
    known.set(rs, revision)
  }
}

/** Available pods never fall below replicas - maxUnavailable, once they have been that many. */
function checkAvailability(trace: Trace, minReadySeconds: number): void {
  sweepInstants(trace, (instant) => {
    if (instant.atUs < trace.model.zeroUs) return
    const { maxUnavailable, replicas } = instant.deployment
    const available = countAvailable(instant, minReadySeconds)
    expect(available, `available at ${instant.atUs} us`).toBeGreaterThanOrEqual(replicas - maxUnavailable)
  })
}

/** Never unfinished pods of two templates at once: Recreate starts new pods when the old ones have left the store. */
function checkOneTemplate(trace: Trace): void {
  sweepInstants(trace, ({ atUs, pods }) => {
    const templates = new Set<number>()
    for (const [pod, { terminal }] of pods) if (!terminal) templates.add(pod.template)
    expect(templates.size, `templates at ${atUs} us`).toBeLessThanOrEqual(1)
  })
}

describe('in every run', () => {
  test('there are never more pods than replicas + surge; pods are conserved; deletions have reasons; revisions rise', () => {
    const check = (it: RolloutCase): void => {
      const trace = play(it)
      checkSurge(trace)
      checkConservation(trace)
      checkRevisions(trace)
    }
    fc.assert(fc.property(disturbed, check), settings)
  })

  test('a rollout that nothing disturbs keeps replicas - maxUnavailable available', () => {
    const rolling = undisturbed.filter(({ recreate }) => !recreate)
    fc.assert(
      fc.property(rolling, (it) => checkAvailability(play(it), it.minReadySeconds)),
      settings,
    )
  })

  test('Recreate never runs two templates side by side', () => {
    // With slow writes a pod that was ordered before the change of the template may still arrive; and a paused Deployment
    // is scaled without a look at old pods that are still terminating. Both are as in Kubernetes.
    const steps = EVERY_STEP.filter((op) => op !== 'pause')
    const recreate = rolloutCases({ steps, replicasMax: 8 }).map((it) => ({ ...it, recreate: true, apiWriteUs: 0 }))
    fc.assert(
      fc.property(recreate, (it) => checkOneTemplate(play(it))),
      settings,
    )
  })
})

describe('with hundreds of replicas', () => {
  test.each([300, 650, 1000])('%d: the same holds', (replicas) => {
    const cases = undisturbed.map((it) => ({ ...it, replicas, nodes: 3, horizonSeconds: 300 }))
    const check = (it: RolloutCase): void => {
      const trace = play(it)
      checkSurge(trace)
      checkConservation(trace)
      checkRevisions(trace)
      if (it.recreate) checkOneTemplate(trace)
      else checkAvailability(trace, it.minReadySeconds)
    }
    fc.assert(fc.property(cases, check), { seed: replicas, numRuns: 3, endOnFailure: true })
  })
})
