// The first difference between two traces, side by side.

import { canonical, type Instant, type State } from './trace.ts'

const COLUMN_WIDTH = 44

/** Undefined if the traces agree; else the first instant that differs as a readable table. */
export function describeDivergence(recorded: readonly Instant[], ours: readonly Instant[]): string | undefined {
  const length = Math.max(recorded.length, ours.length)
  for (let i = 0; i < length; i++) {
    const theirs = recorded[i]
    const mine = ours[i]
    if (theirs?.t === mine?.t && canonical(theirs?.state) === canonical(mine?.state)) continue
    return sideBySide(theirs, mine, recorded[i - 1])
  }
  return undefined
}

function sideBySide(theirs: Instant | undefined, mine: Instant | undefined, before: Instant | undefined): string {
  const head = [
    row('', theirs === undefined ? 'recorded: nothing more' : `recorded at ${theirs.t}s`, whenOf(mine)),
    before === undefined ? '' : `  (the last instant that agrees is ${before.t}s)\n`,
  ].join('\n')
  const left = flatten(theirs?.state ?? {})
  const right = flatten(mine?.state ?? {})
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => (a < b ? -1 : 1))
  const rows = keys
    .filter((key) => left.get(key) !== right.get(key))
    .map((key) => row(key, left.get(key) ?? '-', right.get(key) ?? '-'))
  return [head.trimEnd(), ...(rows.length > 0 ? rows : ['  the states are equal, the times are not'])].join('\n')
}

function whenOf(mine: Instant | undefined): string {
  return mine === undefined ? 'rollbench: nothing more' : `rollbench at ${mine.t}s`
}

function row(key: string, left: string, right: string): string {
  return `  ${key.padEnd(COLUMN_WIDTH)}  ${left.padEnd(COLUMN_WIDTH)}  ${right}`.trimEnd()
}

function flatten(state: State, prefix = '', into = new Map<string, string>()): Map<string, string> {
  for (const [key, value] of Object.entries(state)) {
    const path = prefix === '' ? key : `${prefix} ${key}`
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) flatten(value as State, path, into)
    else into.set(path, Array.isArray(value) ? JSON.stringify(value) : String(value))
  }
  return into
}
