// Cuts the text of an assertion into tokens.

import { readDuration } from '../../scenario/distribution.ts'
import { ExpressionError } from './types.ts'

export type Token =
  | { readonly type: 'number'; readonly value: number; readonly text: string }
  | { readonly type: 'word' | 'quoted' | 'symbol'; readonly text: string }
  | { readonly type: 'end'; readonly text: '' }

/**
 * Words are names as Kubernetes and kubectl write them: `web-0`, `Deployment/web`, `shop.example/web:v2`, `3/3`, `25%`.
 * A colon or a dot belongs to a word only between two of its characters, so that `at 30s: …` ends at the colon.
 */
const WORD = /^[A-Za-z0-9_][\w%/-]*(?:[.:@][\w%/-]+)*/
const NUMBER = /^\d+(?:\.\d+)?$/
const SYMBOL = /^(?:==|!=|<=|>=|[-<>()[\],.:=+*/!])/

/** All tokens of a text, and the end. Durations become numbers of seconds. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const quoted = /^'([^']*)'|^"([^"]*)"/.exec(rest)
    const found = quoted?.[0] ?? WORD.exec(rest)?.[0] ?? SYMBOL.exec(rest)?.[0]
    if (found === undefined) throw new ExpressionError(`"${rest.slice(0, 12)}" cannot be read; put texts in quotes`)
    if (quoted) tokens.push({ type: 'quoted', text: quoted[1] ?? quoted[2] ?? '' })
    else tokens.push(WORD.test(found) ? toWord(found) : { type: 'symbol', text: found })
    rest = rest.slice(found.length).trimStart()
  }
  return [...tokens, { type: 'end', text: '' }]
}

function toWord(text: string): Token {
  if (NUMBER.test(text)) return { type: 'number', value: Number(text), text }
  const duration = /^\d/.test(text) ? readDuration(text) : { wrong: '' }
  return 'wrong' in duration ? { type: 'word', text } : { type: 'number', value: duration.value / 1e6, text }
}
