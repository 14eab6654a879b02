// What mattered most, for the answer of `run`: runs the variants of a scenario and judges them.

import { createEngine } from '../engine/engine.ts'
import { judgeSensitivity, type SensitivityReport } from '../report/sensitivity.ts'
import type { Scenario } from '../scenario/types.ts'
import { runSensitivity } from '../sweep/sensitivity.ts'

/** Halves and doubles every input of a scenario, one at a time. Undefined where there is nothing to judge. */
export async function findSensitivity(scenario: Scenario): Promise<SensitivityReport | undefined> {
  const { seeds, base, variants } = await runSensitivity(scenario, createEngine)
  return judgeSensitivity(seeds, base, variants)
}
