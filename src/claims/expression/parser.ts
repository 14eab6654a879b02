// Reads an assertion. The grammar, from the outside in:
//
//   assertion  = [ PREFIX ":" ] condition
//   PREFIX     = ( "at" | "always" | "ever" | "never" ) [ TIME ] [ "from" TIME ] [ "to" TIME ]
//   condition  = conjunction { "or" conjunction }
//   conjunction = negation { "and" negation }
//   negation   = [ "not" ] comparison
//   comparison = sum { [ STATISTIC ] OP sum }              STATISTIC = mean | max | p50 … p99.9
//   sum        = term { ( "+" | "-" ) term }
//   term       = factor { ( "*" | "/" ) factor }
//   factor     = NUMBER | "text" | WORD | list | "(" condition ")" | WORD "(" arguments ")" { "." FIELD }

import { MEASURE_TYPES } from '../measures.ts'
import { type Token, tokenize } from './lexer.ts'
import { type Comparison, COMPARISONS, type Expression, ExpressionError, type Filter, type Statistic } from './types.ts'

/** Calls about whole runs. */
const OF_RUNS: readonly string[] = [...MEASURE_TYPES, 'on']

const EVERY: Statistic = { type: 'every' }

/** Reads a condition. */
export function parseAssertion(text: string): Expression {
  const parser = new Parser(tokenize(text))
  const assertion = parser.assertion()
  parser.expectEnd()
  return assertion
}

/** Reads something with a value: a number to report. */
export function parseQuantity(text: string): Expression {
  const parser = new Parser(tokenize(text))
  const quantity = parser.sum()
  parser.expectEnd()
  return quantity
}

class Parser {
  private readonly tokens: readonly Token[]
  private position = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  assertion(): Expression {
    const prefix = this.peekText()
    if (!['at', 'always', 'ever', 'never'].includes(prefix) || this.tokens[this.position + 1]?.text === '(')
      return this.condition()
    this.position++
    const moment = prefix === 'at' ? this.moment() : undefined
    const from = this.takes('from') ? this.moment() : undefined
    const to = this.takes('to') ? this.moment() : undefined
    this.expect(':')
    const condition = this.condition()
    if (moment !== undefined) return atMoment(condition, moment)
    const bounds = [from ?? { type: 'text', value: 'start' }, to ?? { type: 'text', value: 'end' }] as const
    return { type: 'call', name: prefix, args: [condition, ...bounds], filters: [] }
  }

  condition(): Expression {
    let left = this.conjunction()
    while (this.takes('or')) left = { type: 'logic', op: 'or', left, right: this.conjunction() }
    return left
  }

  sum(): Expression {
    let left = this.term()
    for (let op = this.peekText(); op === '+' || op === '-'; op = this.peekText()) {
      this.position++
      left = { type: 'arithmetic', op, left, right: this.term() }
    }
    return left
  }

  expectEnd(): void {
    if (this.peek().type !== 'end') throw new ExpressionError(`"${this.peekText()}" was not expected here`)
  }

  private conjunction(): Expression {
    let left = this.negation()
    while (this.takes('and')) left = { type: 'logic', op: 'and', left, right: this.negation() }
    return left
  }

  private negation(): Expression {
    return this.takes('not') ? { type: 'not', of: this.negation() } : this.comparison()
  }

  private comparison(): Expression {
    const operands = [this.sum()]
    const ops: Comparison[] = []
    const statistic = this.statistic()
    for (let op = comparisonOf(this.peekText()); op !== undefined; op = comparisonOf(this.peekText())) {
      this.position++
      ops.push(op)
      operands.push(this.sum())
    }
    if (ops.length > 0) return { type: 'compare', operands, ops, statistic: statistic ?? EVERY }
    if (statistic === undefined) return operands[0]
    throw new ExpressionError('a statistic is followed by a comparison, for example "lostRequests p99 <= 5"')
  }

  private statistic(): Statistic | undefined {
    const { type, text } = this.peek()
    if (type !== 'word' || comparisonOf(this.tokens[this.position + 1]?.text ?? '') === undefined) return undefined
    this.position++
    if (text === 'mean' || text === 'max') return { type: text }
    const q = Number(/^p([0-9]+(?:\.[0-9]+)?)$/.exec(text)?.[1] ?? NaN) / 100
    if (q > 0 && q < 1) return { type: 'quantile', q }
    throw new ExpressionError(`"${text}" is not a statistic: use mean, max, or p50 … p99.9`)
  }

  private term(): Expression {
    let left = this.factor()
    for (let op = this.peekText(); op === '*' || op === '/'; op = this.peekText()) {
      this.position++
      left = { type: 'arithmetic', op, left, right: this.factor() }
    }
    return left
  }

  private factor(): Expression {
    const token = this.peek()
    this.position++
    if (token.type === 'number') return { type: 'number', value: token.value }
    if (token.type === 'quoted') return { type: 'text', value: token.text }
    if (token.text === '(') {
      const inner = this.condition()
      this.expect(')')
      return this.fieldsOf(inner)
    }
    if (token.text === '[') return this.list()
    if (token.text === '-') return negative(this.factor())
    if (token.type !== 'word') {
      throw new ExpressionError(
        token.type === 'end' ? 'something is missing at its end' : `"${token.text}" was not expected here`,
      )
    }
    if (this.peekText() !== '(') return { type: 'text', value: token.text }
    return this.fieldsOf(this.call(token.text))
  }

  private call(name: string): Expression {
    this.expect('(')
    const args: Expression[] = []
    const filters: Filter[] = []
    while (!this.takes(')')) {
      if (args.length + filters.length > 0) this.expect(',')
      const filter = this.filter()
      if (filter === undefined) args.push(this.condition())
      else filters.push(filter)
    }
    return { type: 'call', name, args, filters }
  }

  /** `field=value`, `field!=value`; without an operator it is an argument like others. */
  private filter(): Filter | undefined {
    const field = this.peek()
    const op = this.tokens[this.position + 1]?.text
    if (field.type !== 'word' || (op !== '=' && op !== '!=')) return undefined
    this.position += 2
    return { field: field.text, negated: op === '!=', value: this.sum() }
  }

  private fieldsOf(of: Expression): Expression {
    let found = of
    while (this.takes('.')) {
      const { type, text } = this.peek()
      if (type !== 'word') throw new ExpressionError('after "." the name of a field was expected')
      this.position++
      for (const name of text.split('.')) found = { type: 'field', of: found, name }
    }
    return found
  }

  private list(): Expression {
    const items: Expression[] = []
    while (!this.takes(']')) {
      if (items.length > 0) this.expect(',')
      items.push(this.sum())
    }
    return { type: 'list', items }
  }

  /** A time, `start` or `end`. */
  private moment(): Expression {
    const token = this.peek()
    this.position++
    if (token.type === 'number') return { type: 'number', value: token.value }
    if (token.text === 'start' || token.text === 'end') return { type: 'text', value: token.text }
    throw new ExpressionError(`"${token.text}" is not a time: write 30s, 5m, start or end`)
  }

  private peek(): Token {
    return this.tokens[this.position]
  }

  private peekText(): string {
    const token = this.peek()
    return token.type === 'quoted' ? '' : token.text
  }

  private takes(text: string): boolean {
    if (this.peekText() !== text) return false
    this.position++
    return true
  }

  private expect(text: string): void {
    if (this.takes(text)) return
    const found = this.peek().type === 'end' ? 'the end' : `"${this.peekText()}"`
    throw new ExpressionError(`"${text}" was expected, and ${found} found`)
  }
}

function comparisonOf(text: string): Comparison | undefined {
  return COMPARISONS.find((op) => op === text)
}

function negative(of: Expression): Expression {
  return { type: 'arithmetic', op: '-', left: { type: 'number', value: 0 }, right: of }
}

/** Looks at each side of each comparison at that moment, so that what is compared can be reported as a number. */
function atMoment(condition: Expression, moment: Expression): Expression {
  const look = (part: Expression): Expression => atMoment(part, moment)
  switch (condition.type) {
    case 'compare':
      return { ...condition, operands: condition.operands.map(look) }
    case 'logic':
      return { ...condition, left: look(condition.left), right: look(condition.right) }
    case 'not':
      return { ...condition, of: look(condition.of) }
    case 'number':
    case 'text':
    case 'list':
      return condition
    default:
      // What looks over time, or elsewhere, says itself when.
      if (condition.type === 'call' && OF_RUNS.includes(condition.name)) return condition
      return { type: 'call', name: 'at', args: [condition, moment], filters: [] }
  }
}
