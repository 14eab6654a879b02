// From the parts to the files of the results: runs.csv and availability.csv, streamed, in the order of the plan.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { format } from 'fast-csv'
import { RESPONSES } from '../metrics/types.ts'
import type { Scenario } from '../scenario/types.ts'
import { AvailabilityCounts, windowSecondsOf } from './availability.ts'
import type { Part } from './part.ts'
import { ROW_NUMBERS } from './part.ts'
import type { PartsFolder } from './parts.ts'
import type { Batch } from './plan.ts'
import type { FileDigest } from './types.ts'
import { AVAILABILITY_COLUMNS, AVAILABILITY_FILE, OUTCOMES, RUN_COLUMNS, RUNS_FILE } from './types.ts'
import { finishPartial, streamPartial, writeWhole } from './wholeFile.ts'

type CsvRow = readonly (string | number)[]

/** What was written; runs.csv is still partial: it gets its name last of all, as the sign that the results are whole. */
export interface WrittenResults {
  readonly digests: readonly FileDigest[]
  readonly rows: number
  readonly events: number
}

/**
 * Streams all parts into runs.csv (partial) and availability.csv. Memory does not grow with the number of runs.
 *
 * @throws OperatingError if a file cannot be written; AbortError if the signal said so
 */
export async function writeResultFiles(
  outDir: string,
  scenario: Scenario,
  plan: readonly Batch[],
  parts: PartsFolder,
  signal?: AbortSignal,
): Promise<WrittenResults> {
  const windowSeconds = windowSecondsOf(scenario)
  const availability: CsvRow[] = []
  let rows = 0
  let events = 0

  async function* rowsOfAllParts(): AsyncGenerator<CsvRow> {
    for (const [armIndex, arm] of scenario.arms.entries()) {
      const counts = new AvailabilityCounts()
      for (const batch of plan.filter((candidate) => candidate.armIndex === armIndex)) {
        const part = await parts.read(batch)
        counts.add(part.availability)
        rows += part.count * part.workloads.length
        events += part.events
        yield* rowsOf(scenario.name, part)
      }
      availability.push(...counts.rows(arm.name, windowSeconds))
    }
  }

  const runsPath = join(outDir, RUNS_FILE)
  const runsDigest = createHash('sha256')
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      runsDigest.update(chunk)
      done(null, chunk)
    },
  })
  await streamPartial(runsPath, rowsOfAllParts(), [csvFormat(RUN_COLUMNS), hashed], signal)
  const availabilityText = await csvText(AVAILABILITY_COLUMNS, availability)
  await writeWhole(join(outDir, AVAILABILITY_FILE), availabilityText)
  const digests = [
    { path: RUNS_FILE, sha256: runsDigest.digest('hex') },
    { path: AVAILABILITY_FILE, sha256: createHash('sha256').update(availabilityText).digest('hex') },
  ]
  return { digests, rows, events }
}

/** Gives runs.csv its name: from here on the results are whole. */
export function finishResultFiles(outDir: string): Promise<void> {
  return finishPartial(join(outDir, RUNS_FILE))
}

/** The rows of runs.csv that one part holds, by seed and then workload. */
export function* rowsOf(scenario: string, part: Part): Generator<CsvRow> {
  const { rows, workloads } = part
  for (let row = 0; row * ROW_NUMBERS < rows.length; row++) {
    const at = row * ROW_NUMBERS
    const outcome = OUTCOMES[rows[at] ?? -1] ?? ''
    const seed = part.firstSeed + Math.floor(row / workloads.length)
    const csvRow: (string | number)[] = [scenario, part.arm, seed, workloads[row % workloads.length] ?? '', outcome]
    for (let column = 0; column < RESPONSES.length; column++) csvRow.push(printNumber(rows[at + 1 + column] ?? NaN))
    // Without an end there is no duration; whatever the engine put there says nothing.
    if (outcome !== 'complete') csvRow[5] = ''
    yield csvRow
  }
}

/** The shortest text that reads back as the same number; nothing for NaN. */
export function printNumber(value: number): string {
  return Number.isNaN(value) ? '' : String(value === 0 ? 0 : value)
}

function csvFormat(columns: readonly string[]): ReturnType<typeof format> {
  return format({ headers: [...columns], alwaysWriteHeaders: true, includeEndRowDelimiter: true })
}

async function csvText(columns: readonly string[], rows: readonly CsvRow[]): Promise<string> {
  const stream = csvFormat(columns)
  for (const row of rows) stream.write(row)
  stream.end()
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
