// What a recording is: a scenario, and the state at every instant at which it changed.

import type { RecordedScenario } from './translate.ts'

/** State as a recording has it: nested mappings of texts and numbers. */
export type State = Record<string, unknown>

export interface Instant {
  /** Seconds, rounded to the millisecond. */
  readonly t: number
  readonly state: State
}

export interface Recording {
  readonly scenario: RecordedScenario
  readonly trace: readonly Instant[]
}

/** JSON with sorted keys, so that equal states have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}
