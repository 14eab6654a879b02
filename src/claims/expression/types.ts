// The language of assertions, parsed: what parse.ts makes of a text, and what the rest of the room reads.

/** How a comparison of many runs is judged: in every run, or by a statistic of them. */
export type Statistic =
  | { readonly type: 'every' }
  | { readonly type: 'mean' }
  | { readonly type: 'max' }
  | { readonly type: 'quantile'; readonly q: number }

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** A restriction of a set: `node=node-1`, `image!=web:v1`, `ready`, `not ready`. */
export interface Filter {
  readonly field: string
  readonly negated: boolean
  /** Undefined: the field must be true. */
  readonly value: Expression | undefined
}

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | {
      readonly type: 'call'
      readonly name: string
      readonly args: readonly Expression[]
      readonly filters: readonly Filter[]
    }
  | { readonly type: 'field'; readonly of: Expression; readonly name: string }
  | {
      readonly type: 'arithmetic'
      readonly op: '+' | '-' | '*' | '/'
      readonly left: Expression
      readonly right: Expression
    }
  /** `a < b < c` holds if each of its neighbours does. */
  | {
      readonly type: 'compare'
      readonly operands: readonly Expression[]
      readonly ops: readonly Comparison[]
      readonly statistic: Statistic
    }
  | { readonly type: 'logic'; readonly op: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not'; readonly of: Expression }

/** The text is not an assertion; the message says where and what to write instead. */
export class ExpressionError extends Error {}
