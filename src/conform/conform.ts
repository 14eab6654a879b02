// Replays recordings of the real controllers and compares every instant and every field of state. It drives the same
// engine as `run`; only the observer differs.

import { InputError, type Problem } from '../base/errors.ts'
import { Player } from '../engine/engine.ts'
import { compileModel } from '../model/compile.ts'
import { describeDivergence } from './divergence.ts'
import { snapshot } from './snapshot.ts'
import { canonical, type Instant, type Recording } from './trace.ts'
import { type RecordedScenario, translate } from './translate.ts'

/** How one recording compares. */
export interface Comparison {
  readonly family: string
  readonly id: string
  readonly agreed: boolean
  /** The first instant that differs, both sides, readable. */
  readonly divergence?: string
}

/**
 * Replays every line of a .jsonl text. What cannot be played counts as diverging.
 *
 * @throws InputError if a line is not a recording
 */
export function replayText(file: string, text: string): Comparison[] {
  return parseRecordings(file, text).map(compareRecording)
}

/** Replays one recording against our engine. */
export function compareRecording(recording: Recording): Comparison {
  const { id } = recording.scenario
  const family = id.includes('-') ? id.slice(0, id.lastIndexOf('-')) : id
  try {
    const divergence = describeDivergence(withoutEmptyStart(recording.trace), replay(recording.scenario))
    return divergence === undefined ? { family, id, agreed: true } : { family, id, agreed: false, divergence }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { family, id, agreed: false, divergence: `cannot be played: ${reason}` }
  }
}

/** A recorder may list the empty cluster that it begins with; nothing has changed there yet. */
function withoutEmptyStart(trace: readonly Instant[]): readonly Instant[] {
  return canonical(trace[0]?.state) === EMPTY ? trace.slice(1) : trace
}

/** The recorder looks at its cluster for the first time 5 ms after its start. */
const FIRST_LOOK_US = 5_000

/** The state of a cluster without objects, which is not recorded. */
const EMPTY = canonical({ workloads: {} })

/** Our trace of a recorded scenario: every instant (millisecond) at which the state changed. */
export function replay(recorded: RecordedScenario): Instant[] {
  const { scenario, arm } = translate(recorded)
  const trace: Instant[] = []
  const texts = [EMPTY]
  const player: Player = new Player(compileModel(scenario, arm), (nowUs) => {
    const state = snapshot(player.machine.cluster, recorded.placements ?? false)
    const text = canonical(state)
    if (text === texts.at(-1)) return
    const t = Math.round(Math.max(nowUs, FIRST_LOOK_US) / 1000) / 1000
    if (trace.at(-1)?.t === t) {
      trace.pop()
      texts.pop()
      if (texts.at(-1) === text) return
    }
    trace.push({ t, state })
    texts.push(text)
  })
  player.run(scenario.seed)
  return trace
}

function parseRecordings(file: string, text: string): Recording[] {
  const recordings: Recording[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return
    const fault = (message: string): number => problems.push({ file, line: i + 1, severity: 'error', message })
    try {
      const value = JSON.parse(line) as Partial<Recording>
      if (isRecording(value)) recordings.push(value)
      else fault('not a recording: it needs "scenario" with id, objects, timings, steps, untilSeconds, and "trace"')
    } catch {
      fault('not a line of JSON; recordings are one JSON object a line')
    }
  })
  if (recordings.length === 0 && problems.length === 0)
    problems.push({ file, severity: 'error', message: 'holds no recordings' })
  if (problems.length > 0) throw new InputError(problems)
  return recordings
}

function isRecording(value: unknown): value is Recording {
  if (typeof value !== 'object' || value === null) return false
  const { scenario, trace } = value as { scenario?: Partial<RecordedScenario>; trace?: unknown }
  return (
    Array.isArray(trace) &&
    trace.every((instant: Partial<Instant> | null) => typeof instant?.t === 'number' && instant.state !== undefined) &&
    typeof scenario === 'object' &&
    scenario !== null &&
    typeof scenario.id === 'string' &&
    Array.isArray(scenario.objects) &&
    Array.isArray(scenario.steps) &&
    typeof scenario.timings === 'object' &&
    typeof scenario.untilSeconds === 'number'
  )
}
