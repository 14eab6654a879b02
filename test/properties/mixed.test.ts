// All kinds of workloads at once, and everything that happens to them: what every controller promises holds at every
// write, and all sums at every instant.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import type { JobId } from '../../src/cluster/jobs.ts'
import { isTerminal, PodFinalizer } from '../../src/cluster/pods.ts'
import { createEngine, Player } from '../../src/engine/engine.ts'
import type { RunResult } from '../../src/engine/types.ts'
import { compileModel } from '../../src/model/compile.ts'
import { Kind } from '../../src/model/types.ts'
import { checkSums } from '../oracles/recount.ts'
import * as rules from '../oracles/rules.ts'
import { type MixedCase, mixedCases, mixedScenario } from './mixedCases.ts'

const small = mixedCases({ replicasMax: 7, nodes: { min: 2, max: 6 }, stepsMax: 12 })

/** Plays a case, watched: at every instant the sums, at every write the rules. */
function play(it: MixedCase): void {
  const scenario = mixedScenario(it)
  const player: Player = new Player(compileModel(scenario, scenario.arms[0]), () => checkSums(player.machine.cluster))
  const { cluster } = player.machine
  const exact = it.apiWriteUs === 0
  const watchers = [
    rules.watchDeletions(cluster),
    rules.watchDeployments(cluster),
    rules.watchJobs(cluster, exact),
    ...rules.watchStatefulSets(cluster, exact),
    ...rules.watchDaemonSets(cluster, exact),
    ...rules.watchBudgets(cluster, exact),
  ]
  for (const each of watchers) cluster.watch.add(each)
  player.run(1)
  checkEnd(cluster)
}

/** When all is quiet, nothing holds pods of Jobs that are over or gone. */
function checkEnd({ jobs, pods }: Cluster): void {
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    if (pods.ownerKind[pod] !== Kind.Job || !isTerminal(pods, pod)) continue
    const job = pods.owner[pod] as JobId
    if (jobs.owns(pods, job, pod) && jobs.outcome(job) === undefined) continue
    expect(pods.finalizer[pod] & PodFinalizer.JobTracking, 'finalizer').toBe(0)
  }
}

const textOf = ({ availability, events, rows }: RunResult): string => JSON.stringify([rows, [...availability], events])

describe('in every run of mixed workloads', () => {
  test('ordinals, surge, parallelism, budgets and sums keep their rules', () => {
    fc.assert(fc.property(small, play), { seed: 1, numRuns: 150 })
  })

  test('the same seed gives the same bytes, in an engine fresh or used', () => {
    const check = (it: MixedCase): void => {
      const scenario = mixedScenario(it)
      fc.pre(it.objects.length > 0)
      const used = createEngine(scenario, scenario.arms[0])
      const first = textOf(used.run(3))
      used.run(4)
      expect(textOf(used.run(3))).toBe(first)
      expect(textOf(createEngine(scenario, scenario.arms[0]).run(3))).toBe(first)
    }
    fc.assert(fc.property(small, check), { seed: 2, numRuns: 40 })
  })
})

describe('with hundreds of replicas', () => {
  test.each([320, 700])('%d: the same holds', (replicasMax) => {
    const cases = mixedCases({ replicasMax, nodes: { min: 20, max: 40 }, stepsMax: 6 })
    fc.assert(fc.property(cases, play), { seed: replicasMax, numRuns: 3, endOnFailure: true })
  })
})
