// Plays the sides of a claim: each seed once on each of them, with all questions asked at once.

import type { Cluster } from '../cluster/cluster.ts'
import { createEngine, type RunObserver } from '../engine/engine.ts'
import type { PlayedRun, Questions } from './expression/run.ts'
import type { SideScenario } from './load.ts'
import { Measure } from './measures.ts'

/** The runs of one side, by seed. A side that the API server refuses has runs without answers. */
export function playSide(side: SideScenario, { horizonSeconds, measures }: Questions, seeds: number): PlayedRun[] {
  if (side.state === 'refused') return Array.from({ length: seeds }, () => REFUSED)
  const asked = measures.map((measure) => new Measure(measure))
  const observer: RunObserver = {
    begin: () => {
      for (const measure of asked) measure.begin()
    },
    instant: (cluster: Cluster, nowUs: number) => {
      for (const measure of asked) measure.observe(cluster, nowUs)
    },
  }
  const engine = createEngine(side.scenario, side.arm, observer)
  return Array.from({ length: seeds }, (_, i) => {
    const { rows } = engine.run(side.scenario.seed + i)
    // The engine uses its rows again.
    return {
      refused: false,
      values: asked.map((measure) => measure.finish(horizonSeconds)),
      rows: rows.map((row) => ({ ...row })),
    }
  })
}

const REFUSED: PlayedRun = { refused: true, values: [], rows: [] }
