// Expressions about the cluster at one instant, compiled to functions of it. Names are checked here, once.

import { suggest } from '../../base/suggestion.ts'
import type { Moment, Value, View } from '../views/view.ts'
import { VIEWS } from '../views/views.ts'
import { type Expression, ExpressionError, type Filter } from './types.ts'
import { compare, FUNCTIONS, isList, isTrue, toNumber } from './values.ts'

/** Reads something of an instant. */
export type StateReader = (moment: Moment) => Value

/** A reader, and of which kind the objects are that it gives, where it gives objects. */
interface Compiled {
  readonly read: StateReader
  readonly view?: View
}

const ONE = new Map(VIEWS.map((view) => [view.name, view]))
const SETS = new Map(VIEWS.map((view) => [`${view.name}s`, view]))

/** Whether a call speaks of objects of the cluster. */
export function isViewCall(name: string): boolean {
  return ONE.has(name) || SETS.has(name) || Object.hasOwn(OF_CLUSTER, name)
}

/** What the cluster as a whole is asked, without arguments. */
const OF_CLUSTER: Readonly<Record<string, StateReader>> = {
  /** Pods that there have been since the beginning, those that are gone too. */
  podsCreated: ({ cluster }) => cluster.pods.created,
}

/** What calls about an instant there are, for messages. */
export const STATE_CALLS: readonly string[] = [
  ...ONE.keys(),
  ...SETS.keys(),
  ...Object.keys(OF_CLUSTER),
  ...Object.keys(FUNCTIONS),
]

/**
 * Compiles an expression about one instant.
 *
 * @throws ExpressionError for a name that does not exist
 */
export function compileState(expression: Expression): StateReader {
  return compiled(expression).read
}

function compiled(expression: Expression): Compiled {
  switch (expression.type) {
    case 'number':
    case 'text': {
      const { value } = expression
      return { read: () => value }
    }
    case 'list': {
      const items = expression.items.map(compileState)
      return { read: (moment) => items.map((item) => item(moment)) }
    }
    case 'call':
      return compileCall(expression)
    case 'field':
      return compileField(expression)
    case 'arithmetic': {
      const [left, right] = [compileState(expression.left), compileState(expression.right)]
      return { read: (moment) => calculate(expression.op, left(moment), right(moment)) }
    }
    case 'compare': {
      if (expression.statistic.type !== 'every') {
        throw new ExpressionError('a statistic (mean, max, p50 …) judges numbers of whole runs, not of an instant')
      }
      const operands = expression.operands.map(compileState)
      return {
        read: (moment) =>
          compareChain(
            operands.map((operand) => operand(moment)),
            expression.ops,
          ),
      }
    }
    case 'logic': {
      const [left, right] = [compileState(expression.left), compileState(expression.right)]
      if (expression.op === 'and') return { read: (moment) => isTrue(left(moment)) && isTrue(right(moment)) }
      return { read: (moment) => isTrue(left(moment)) || isTrue(right(moment)) }
    }
    case 'not': {
      const of = compileState(expression.of)
      return { read: (moment) => !isTrue(of(moment)) }
    }
  }
}

/** Neighbours in `a < b < c` must all compare. */
export function compareChain(values: readonly Value[], ops: Extract<Expression, { type: 'compare' }>['ops']): boolean {
  return ops.every((op, i) => compare(values[i], op, values[i + 1]))
}

/** One step of arithmetic; what is not a number gives none. */
export function calculate(op: '+' | '-' | '*' | '/', left: Value, right: Value): number {
  const [a, b] = [toNumber(left), toNumber(right)]
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
  }
}

function compileCall({ name, args, filters }: Extract<Expression, { type: 'call' }>): Compiled {
  const ofCluster = Object.hasOwn(OF_CLUSTER, name) ? OF_CLUSTER[name] : undefined
  if (ofCluster !== undefined) {
    if (args.length + filters.length > 0) throw new ExpressionError(`${name}() takes nothing`)
    return { read: ofCluster }
  }
  const set = SETS.get(name)
  if (set !== undefined) return { view: set, read: compileSet(set, args, filters) }
  const one = ONE.get(name)
  const [argument] = args
  if (argument === undefined || args.length > 1 || filters.length > 0) {
    throw new ExpressionError(`${name}(…) takes ${one === undefined ? 'one value' : 'a name'}`)
  }
  const of = compileState(argument)
  if (one !== undefined) {
    const nameField = fieldOf(one, 'name')
    const read: StateReader = (moment) => {
      const wanted = of(moment)
      const row = one.rows(moment).find((each) => nameField(moment, each) === wanted)
      return row === undefined ? undefined : { view: one, row }
    }
    return { view: one, read }
  }
  const apply = FUNCTIONS[name]
  if (apply === undefined) throw new ExpressionError(`there is no ${name}(…)${suggest(name, STATE_CALLS)}`)
  return { read: (moment) => apply(of(moment)) }
}

function compileSet(view: View, args: readonly Expression[], filters: readonly Filter[]): StateReader {
  const keeps = [...filters, ...args.map(flagOf)].map(({ field, negated, value }) => {
    const read = fieldOf(view, field)
    const wanted = value === undefined ? undefined : compileState(value)
    return (moment: Moment, row: number): boolean => {
      const found = read(moment, row)
      return (wanted === undefined ? isTrue(found) : compare(found, '==', wanted(moment))) !== negated
    }
  })
  return (moment) =>
    view
      .rows(moment)
      .filter((row) => keeps.every((keep) => keep(moment, row)))
      .map((row) => ({ view, row }))
}

/** `ready` or `not ready` among the restrictions of a set. */
function flagOf(argument: Expression): Filter {
  if (argument.type === 'text') return { field: argument.value, negated: false, value: undefined }
  if (argument.type === 'not' && argument.of.type === 'text')
    return { field: argument.of.value, negated: true, value: undefined }
  throw new ExpressionError('a set is restricted by field=value, field!=value, field or not field')
}

function compileField({ of, name }: Extract<Expression, { type: 'field' }>): Compiled {
  const { read, view } = compiled(of)
  if (view === undefined) throw new ExpressionError(`.${name} is a field of objects, and this is none`)
  const field = fieldOf(view, name)
  const ofOne = (moment: Moment, object: Value): Value =>
    typeof object === 'object' && !isList(object) ? field(moment, object.row) : undefined
  return {
    read(moment) {
      const found = read(moment)
      return isList(found) ? found.map((object) => ofOne(moment, object)) : ofOne(moment, found)
    },
  }
}

function fieldOf(view: View, name: string): (moment: Moment, row: number) => Value {
  const field = Object.hasOwn(view.fields, name) ? view.fields[name] : undefined
  if (field !== undefined) return field
  const known = Object.keys(view.fields)
  throw new ExpressionError(`a ${view.name} has no field ${name}${suggest(name, known)}; it has ${known.join(', ')}`)
}
