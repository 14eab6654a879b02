// Measures benchmarks with tinybench and compares them with a stored measurement.
// Every round measures the yardstick and then each benchmark; of each the best round counts, because whatever disturbs a
// measurement makes it slower, never faster.

import { Bench } from 'tinybench'
import { InputError } from '../base/errors.ts'
import type { Benchmark } from './benchmarks.ts'

const ROUNDS = 5
const CALIBRATION = 'calibration'

/** One measured benchmark. */
export interface Measured {
  readonly name: string
  readonly text: string
  /** Median time of one call, of the best round. */
  readonly medianMs: number
  /** Calls in the time that the yardstick takes for a thousand: comparable between machines of one kind. */
  readonly score: number
  readonly events: number
}

/** Measures every benchmark for `timeMs` milliseconds in each round. */
export async function measure(
  benchmarks: readonly Benchmark[],
  calibrate: () => void,
  timeMs: number,
): Promise<Measured[]> {
  const best = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round++) {
    // A task that throws would otherwise only be marked; tinybench throws on request.
    const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5, throws: true })
    bench.add(CALIBRATION, calibrate)
    for (const { name, run } of benchmarks) bench.add(name, run)
    await bench.run()
    for (const { name } of bench.tasks) best.set(name, Math.min(best.get(name) ?? Infinity, medianOf(bench, name)))
  }
  const yardstickMs = best.get(CALIBRATION) ?? NaN
  return benchmarks.map(({ name, text, events }) => {
    const medianMs = best.get(name) ?? NaN
    return { name, text, medianMs, score: (1000 * yardstickMs) / medianMs, events }
  })
}

function medianOf(bench: Bench, name: string): number {
  const result = bench.getTask(name)?.result
  if (result?.state !== 'completed')
    throw new Error(`benchmark ${name} did not complete: ${result?.state ?? 'no result'}`)
  return result.latency.p50
}

const FORMAT = 'rollbench-bench/1'

interface StoredMeasurement {
  readonly score: number
  readonly events: number
}

/** A stored measurement, by the benchmark's name. */
export type BenchBaseline = ReadonlyMap<string, StoredMeasurement>

/** The text of the file that `bench --write-baseline` stores. */
export function writeBenchBaseline(measured: readonly Measured[]): string {
  const benchmarks = measured.map(({ name, score, events }) => [name, { score: Number(score.toPrecision(4)), events }])
  return `${JSON.stringify({ format: FORMAT, benchmarks: Object.fromEntries(benchmarks) }, null, 2)}\n`
}

/** Reads a stored measurement. Throws InputError where the text is none. */
export function parseBenchBaseline(file: string, text: string): BenchBaseline {
  const hint = 'write one with: rollbench bench --write-baseline FILE'
  const refuse = (message: string) => new InputError([{ file, severity: 'error', message: `${message}; ${hint}` }])
  let value: { format?: unknown; benchmarks?: Record<string, StoredMeasurement | null> } | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    throw refuse('is not JSON')
  }
  if (value?.format !== FORMAT) throw refuse(`is not a bench baseline: its format is not "${FORMAT}"`)
  const entries = Object.entries(value.benchmarks ?? {})
  const whole = entries.every(([, stored]) => Number.isFinite(stored?.score) && Number.isFinite(stored?.events))
  if (!whole || entries.length === 0) throw refuse('is a damaged bench baseline')
  return new Map(entries as [string, StoredMeasurement][])
}

/** A measured benchmark against its stored one. */
export type BenchComparison = { readonly name: string } & (
  | { readonly state: 'new' }
  /** Other events: the simulated behaviour is another one, so the speeds do not compare. */
  | { readonly state: 'changed'; readonly eventsBefore: number }
  | { readonly state: 'holds' | 'slower'; readonly ratio: number }
)

/** Compares each measured benchmark; slower by more than `tolerance` (a share) is a regression. */
export function compareBench(
  measured: readonly Measured[],
  baseline: BenchBaseline,
  tolerance: number,
): BenchComparison[] {
  return measured.map(({ name, score, events }) => {
    const stored = baseline.get(name)
    if (stored === undefined) return { name, state: 'new' }
    if (stored.events !== events) return { name, state: 'changed', eventsBefore: stored.events }
    const ratio = score / stored.score
    return { name, state: ratio < 1 - tolerance ? 'slower' : 'holds', ratio }
  })
}
