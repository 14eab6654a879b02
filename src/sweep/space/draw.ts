// Draws the scenarios of a space. Each parameter has a stream of its own, in which scenario k has the k-th number: it is
// the same however many scenarios are drawn, in whatever order, and whatever other parameters there are.

import type { RandomStream } from '../../kernel/random.ts'
import { RandomStreams } from '../../kernel/random.ts'
import type { Json, JsonObject } from '../../manifest/types.ts'
import type { ScenarioSpace, SpaceParameter } from '../../scenario/space.ts'
import { putValue } from '../../scenario/space.ts'
import type { ScenarioNumbers } from './plan.ts'
import { firstSeedOf } from './plan.ts'

/** One scenario of a space: its spec with everything inside, and the values that were drawn for it. */
export interface DrawnScenario {
  readonly name: string
  readonly spec: JsonObject
  /** By parameter; durations in microseconds. */
  readonly values: readonly Json[]
  /** Why a value found no place; the scenario cannot be run. */
  readonly wrong: string | undefined
}

/** Draws scenarios by their number, from 1. */
export class SpaceDraws {
  private readonly space: ScenarioSpace
  private readonly numbers: ScenarioNumbers
  private readonly streams: readonly RandomStream[]

  constructor(space: ScenarioSpace, numbers: ScenarioNumbers) {
    this.space = space
    this.numbers = numbers
    const random = new RandomStreams()
    random.reset(numbers.seed)
    this.streams = space.parameters.map(({ name }) => random.stream(`space/${name}`))
  }

  /** The k-th scenario. */
  draw(k: number): DrawnScenario {
    const { parameters, spec } = this.space
    const values = this.values(k)
    const tree = structuredClone(spec)
    let wrong: string | undefined
    for (const [index, parameter] of parameters.entries()) wrong ??= putValue(tree, parameter, values[index] ?? null)
    tree['runs'] = this.numbers.runs
    tree['seed'] = firstSeedOf(k, this.numbers)
    return { name: scenarioName(this.space, k), spec: tree, values, wrong }
  }

  /** What is drawn for the k-th scenario, by parameter. */
  values(k: number): Json[] {
    return this.space.parameters.map((parameter, index) => valueAt(parameter, this.streams[index]?.at(k - 1) ?? 0))
  }
}

/** The name of the k-th scenario: `web-17`. */
export function scenarioName({ name }: Pick<ScenarioSpace, 'name'>, k: number): string {
  return `${name}-${k}`
}

/** The value of a parameter for a number u in (0, 1). It grows with u; a choice goes through its values in order. */
export function valueAt({ range, scale }: SpaceParameter, u: number): Json {
  if (range.type === 'choice') return range.values[Math.floor(u * range.values.length)] ?? null
  const { type, low } = range
  // A whole number takes as much room as the distance to the next one.
  const high = type === 'integer' ? range.high + 1 : range.high
  const value = scale === 'log' ? low * Math.exp(u * Math.log(high / low)) : low + u * (high - low)
  // Three digits of a measure are enough, and files with them are read more easily.
  const rounded = type === 'integer' ? Math.floor(value) : Number(value.toPrecision(3))
  return Math.min(range.high, Math.max(low, rounded))
}
