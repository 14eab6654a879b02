import type { Engine } from '../../src/engine/types.ts'
import type { Scenario, ScenarioArm } from '../../src/scenario/types.ts'

export function createFakeEngine(scenario: Scenario, arm: ScenarioArm): Engine
