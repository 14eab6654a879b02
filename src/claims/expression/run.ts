// Expressions about whole runs: measures of the state over time, columns of runs.csv, the same of another side.

import { RESPONSES, type Response } from '../../base/responses.ts'
import { suggest } from '../../base/suggestion.ts'
import type { RunRow } from '../../metrics/types.ts'
import { MEASURE_TYPES, type MeasureSpec, type MeasureType } from '../measures.ts'
import { calculate, compareChain, compileState, isViewCall, STATE_CALLS } from './state.ts'
import { type Expression, ExpressionError } from './types.ts'
import { FUNCTIONS, isTrue } from './values.ts'
import type { Value } from '../views/view.ts'

/** One run of one side, played: the measures' values in their order, and the rows of runs.csv. */
export interface PlayedRun {
  /** The API server did not accept the objects: there is nothing else. */
  readonly refused: boolean
  readonly values: readonly Value[]
  readonly rows: readonly RunRow[]
}

/** The runs of one seed, by side. */
export type RunsOfSeed = ReadonlyMap<string, PlayedRun>

/** Reads something of the runs of one seed. */
export type RunReader = (runs: RunsOfSeed) => Value

/** What a side is asked while it plays; compiling adds to it. */
export interface Questions {
  readonly horizonSeconds: number
  readonly measures: MeasureSpec[]
}

/** Every side of a claim, its twins too, by name. */
export type Sides = ReadonlyMap<string, Questions>

/**
 * Compiles an expression about the runs of a side, and adds its measures to those of the sides that it speaks of.
 *
 * @throws ExpressionError for a name that does not exist
 */
export function compileRun(expression: Expression, side: string, sides: Sides): RunReader {
  const compile = (part: Expression): RunReader => compileRun(part, side, sides)
  switch (expression.type) {
    case 'number': {
      const { value } = expression
      return () => value
    }
    case 'text':
      return compileWord(expression.value, side)
    case 'list': {
      const items = expression.items.map(compile)
      return (runs) => items.map((item) => item(runs))
    }
    case 'call':
      return compileCall(expression, side, sides)
    case 'field':
      return addMeasure('at', expression, [], side, sides)
    case 'arithmetic': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      return (runs) => calculate(expression.op, left(runs), right(runs))
    }
    case 'compare': {
      refuseTypos(expression.operands)
      const operands = expression.operands.map(compile)
      return (runs) =>
        compareChain(
          operands.map((operand) => operand(runs)),
          expression.ops,
        )
    }
    case 'logic': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      if (expression.op === 'and') return (runs) => isTrue(left(runs)) && isTrue(right(runs))
      return (runs) => isTrue(left(runs)) || isTrue(right(runs))
    }
    case 'not': {
      const of = compile(expression.of)
      return (runs) => !isTrue(of(runs))
    }
  }
}

/** A word is a column, or else itself. */
function compileWord(word: string, side: string): RunReader {
  if (word === 'refused' || word === 'accepted') return (runs) => runs.get(side)?.refused === (word === 'refused')
  if (word === 'outcome') return (runs) => runs.get(side)?.rows[0]?.outcome
  const column = RESPONSES.find((response) => response === word)
  if (column === undefined) return () => word
  return (runs) => cell(runs.get(side)?.rows[0], column)
}

function compileCall(call: Extract<Expression, { type: 'call' }>, side: string, sides: Sides): RunReader {
  const { name, args } = call
  const [first, ...rest] = args
  const column = RESPONSES.find((response) => response === name)
  if (column !== undefined || name === 'outcome') {
    if (first?.type !== 'text') throw new ExpressionError(`${name}(…) takes a workload: ${name}(Deployment/web)`)
    const workload = first.value
    const rowOf = (runs: RunsOfSeed): RunRow | undefined =>
      runs.get(side)?.rows.find((row) => row.workload === workload)
    return column === undefined ? (runs) => rowOf(runs)?.outcome : (runs) => cell(rowOf(runs), column)
  }
  if (name === 'on') return compileOn(args, sides)
  const measure = MEASURE_TYPES.find((type) => type === name)
  if (measure !== undefined) {
    if (first === undefined) throw new ExpressionError(`${name}(…) is empty`)
    return addMeasure(measure, first, rest, side, sides)
  }
  if (isViewCall(name)) return addMeasure('at', call, [], side, sides)
  const apply = FUNCTIONS[name]
  if (apply === undefined) {
    const known = [...STATE_CALLS, ...MEASURE_TYPES, 'on', ...RESPONSES]
    throw new ExpressionError(`there is no ${name}(…)${suggest(name, known)}`)
  }
  if (first === undefined || rest.length > 0) throw new ExpressionError(`${name}(…) takes one value`)
  const of = compileRun(first, side, sides)
  return (runs) => apply(of(runs))
}

/** `on(SIDE, …)`: the same seed on another side. */
function compileOn([name, expression, ...rest]: readonly Expression[], sides: Sides): RunReader {
  if (name?.type !== 'text' || expression === undefined || rest.length > 0) {
    throw new ExpressionError('on(…) takes the name of a side and what to look at there: on(recreate, lostRequests)')
  }
  if (!sides.has(name.value)) {
    const names = [...sides.keys()]
    throw new ExpressionError(
      `there is no side ${name.value}${suggest(name.value, names)}; there are ${names.join(', ')}`,
    )
  }
  return compileRun(expression, name.value, sides)
}

function addMeasure(
  type: MeasureType,
  expression: Expression,
  bounds: readonly Expression[],
  side: string,
  sides: Sides,
): RunReader {
  const questions = sides.get(side)
  if (questions === undefined) throw new Error(`Bug in rollbench: no side ${side}`)
  const { horizonSeconds, measures } = questions
  const [from, to, ...rest] = bounds.map((bound) => secondsOf(bound, horizonSeconds))
  if (rest.length > 0 || (type === 'at' && to !== undefined)) throw new ExpressionError(`${type}(…) takes fewer times`)
  const window =
    type === 'at'
      ? { from: from ?? horizonSeconds, to: from ?? horizonSeconds }
      : { from: from ?? 0, to: to ?? horizonSeconds }
  const index = measures.push({ type, read: compileState(expression), window }) - 1
  return (runs) => runs.get(side)?.values[index]
}

function secondsOf(bound: Expression, horizonSeconds: number): number {
  if (bound.type === 'number') return bound.value
  if (bound.type === 'text' && bound.value === 'start') return 0
  if (bound.type === 'text' && bound.value === 'end') return horizonSeconds
  if (bound.type === 'arithmetic' && bound.right.type === 'number') return -bound.right.value
  throw new ExpressionError('a time is a duration such as 30s or 5m, or start, or end')
}

function cell(row: RunRow | undefined, column: Response): Value {
  const value = row?.[column]
  return value === undefined || Number.isNaN(value) ? undefined : value
}

/** A misspelt column would be a text that equals no number. */
function refuseTypos(operands: readonly Expression[]): void {
  if (!operands.some(({ type }) => type === 'number')) return
  for (const operand of operands) {
    if (operand.type !== 'text' || operand.value === 'none') continue
    if (RESPONSES.some((response) => response === operand.value)) continue
    throw new ExpressionError(`there is no column "${operand.value}"${suggest(operand.value, RESPONSES)}`)
  }
}
