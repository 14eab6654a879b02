// Reads the results of a sweep over a space: by scenario, what its parameters were and what each arm cost in it.

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Response } from '../../metrics/types.ts'
import { RESPONSES } from '../../metrics/types.ts'
import type { ParameterName, ScenarioState, SpaceProvenance } from '../../sweep/types.ts'
import { PROVENANCE_FILE, SCENARIO_COLUMNS, SCENARIOS_FILE } from '../../sweep/types.ts'
import { readRows, readRuns, wrong } from '../readRuns.ts'
import type { RunGroup } from '../results.ts'

/** One scenario of a space. */
export interface SpaceScenario {
  readonly name: string
  readonly state: ScenarioState
  readonly reason: string
  /** By parameter, as scenarios.csv has them. */
  readonly values: readonly string[]
}

/** What one arm cost in each scenario; arrays have one entry per scenario, NaN where the arm did not run in it. */
export interface ArmInSpace {
  readonly arm: string
  /** Share of the runs that completed. */
  readonly complete: Float64Array
  /** Means over the runs of the scenario, of all workloads together; Infinity for a rollout that does not end. */
  readonly means: Readonly<Record<Response, Float64Array>>
}

/** The results of a space, read. */
export interface SpaceResults {
  readonly name: string
  readonly parameters: readonly ParameterName[]
  readonly winBy: readonly string[]
  readonly runs: number
  readonly scenarios: readonly SpaceScenario[]
  readonly arms: readonly ArmInSpace[]
}

/** Times of one arm's workloads run side by side; what else is counted adds up. */
const LONGEST: readonly Response[] = ['rolloutSeconds', 'downtimeSeconds', 'degradedSeconds']

/**
 * Reads the results folder of a space.
 *
 * @throws InputError if it holds no whole results of one
 */
export async function readSpaceResults(folder: string): Promise<SpaceResults> {
  const provenance = await readSpaceProvenance(folder)
  const { parameters, runs, winBy } = provenance.space
  const scenarios: SpaceScenario[] = []
  const columns = [...SCENARIO_COLUMNS, ...parameters.map(({ name }) => name)]
  for await (const { cells } of readRows(join(folder, SCENARIOS_FILE), columns)) {
    const [name = '', state = '', reason = '', ...values] = cells
    scenarios.push({ name, state: state as ScenarioState, reason, values })
  }
  const { groups } = await readRuns(folder)
  const names = [...new Set(groups.map(({ arm }) => arm))]
  const arms = names.map((arm) => {
    const own = groups.filter((group) => group.arm === arm)
    return totalArm(arm, own, scenarios.length, { firstSeed: provenance.firstSeed, runs })
  })
  return { name: provenance.scenario.name, parameters, winBy, runs, scenarios, arms }
}

/** Whether a results folder is that of a space. */
export async function isSpaceFolder(folder: string): Promise<boolean> {
  return (await stat(join(folder, SCENARIOS_FILE)).catch(() => undefined)) !== undefined
}

async function readSpaceProvenance(folder: string): Promise<SpaceProvenance> {
  const path = join(folder, PROVENANCE_FILE)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw wrong(path, 'not there; run the sweep again')
  return JSON.parse(text) as SpaceProvenance
}

function totalArm(
  arm: string,
  groups: readonly RunGroup[],
  scenarios: number,
  { firstSeed, runs }: { readonly firstSeed: number; readonly runs: number },
): ArmInSpace {
  const [first] = groups
  const complete = new Float64Array(scenarios).fill(NaN)
  const columns = RESPONSES.map((response) => [response, new Float64Array(scenarios).fill(NaN)] as const)
  const means = Object.fromEntries(columns) as Record<Response, Float64Array>
  const add = (to: Float64Array, scenario: number, value: number): void => {
    const before = to[scenario] ?? NaN
    to[scenario] = (Number.isNaN(before) ? 0 : before) + value / runs
  }
  for (const [run, seed] of (first?.seeds ?? []).entries()) {
    // Scenarios have consecutive seeds, see sweep/space/plan.ts.
    const scenario = Math.floor((seed - firstSeed) / runs)
    add(complete, scenario, groups.every(({ outcomes }) => outcomes[run] === 0) ? 1 : 0)
    for (const response of RESPONSES) {
      const values = groups.map(({ responses }) => responses[response][run] ?? NaN)
      const total = LONGEST.includes(response) ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0)
      add(means[response], scenario, total)
    }
  }
  return { arm, complete, means }
}
