// From the parts to the files of the results: runs.csv, ordinals.csv and availability.csv, streamed, in the order of the plan.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeToBuffer } from 'fast-csv'
import type { Scenario } from '../scenario/types.ts'
import { AvailabilityCounts, windowSecondsOf } from './availability.ts'
import type { Part } from './part.ts'
import type { PartsFolder } from './parts.ts'
import type { Batch } from './plan.ts'
import type { FileDigest } from './types.ts'
import {
  AVAILABILITY_COLUMNS,
  AVAILABILITY_FILE,
  ORDINAL_COLUMNS,
  ORDINALS_FILE,
  RUN_COLUMNS,
  RUNS_FILE,
} from './types.ts'
import { finishPartial, streamPartial, writeWhole } from './wholeFile.ts'

type CsvRow = readonly (string | number)[]

/** What was written; runs.csv is still partial: it gets its name last of all, as the sign that the results are whole. */
export interface WrittenResults {
  readonly digests: readonly FileDigest[]
  readonly rows: number
  readonly events: number
}

/**
 * Streams all parts into runs.csv (partial), ordinals.csv and availability.csv. Memory does not grow with the number of runs.
 *
 * @throws OperatingError if a file cannot be written; AbortError if the signal said so
 */
export async function writeResultFiles(
  outDir: string,
  scenario: Scenario,
  plan: readonly Batch[],
  parts: PartsFolder<Batch, Part>,
  signal?: AbortSignal,
): Promise<WrittenResults> {
  const windowSeconds = windowSecondsOf(scenario)
  const availability: CsvRow[] = []
  let ordinalBytes = 0
  let rows = 0
  let events = 0

  async function* textOfAllParts(): AsyncGenerator<Uint8Array> {
    yield await formatCsv([RUN_COLUMNS])
    for (const [armIndex, arm] of scenario.arms.entries()) {
      const counts = new AvailabilityCounts()
      for (const batch of plan.filter((candidate) => candidate.armIndex === armIndex)) {
        const part = await parts.read(batch)
        counts.add(part.availability)
        rows += part.rowCount
        ordinalBytes += part.ordinals.length
        events += part.events
        yield part.csv
      }
      availability.push(...counts.rows(arm.name, windowSeconds))
    }
  }
  async function* ordinalsOfAllParts(): AsyncGenerator<Uint8Array> {
    yield await formatCsv([ORDINAL_COLUMNS])
    for (const batch of plan) yield (await parts.read(batch)).ordinals
  }

  const digests = [await streamHashed(outDir, RUNS_FILE, textOfAllParts(), signal)]
  const availabilityText = await formatCsv([AVAILABILITY_COLUMNS, ...availability])
  await writeWhole(join(outDir, AVAILABILITY_FILE), availabilityText)
  digests.push({ path: AVAILABILITY_FILE, sha256: createHash('sha256').update(availabilityText).digest('hex') })
  if (ordinalBytes > 0) {
    digests.push(await streamHashed(outDir, ORDINALS_FILE, ordinalsOfAllParts(), signal))
    await finishPartial(join(outDir, ORDINALS_FILE))
  }
  return { digests, rows, events }
}

/** Streams a file that is still partial, and its digest. */
async function streamHashed(
  outDir: string,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<FileDigest> {
  const digest = createHash('sha256')
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      digest.update(chunk)
      yield chunk
    }
  }
  await streamPartial(join(outDir, path), hashed(), signal)
  return { path, sha256: digest.digest('hex') }
}

/** Gives runs.csv its name: from here on the results are whole. */
export function finishResultFiles(outDir: string): Promise<void> {
  return finishPartial(join(outDir, RUNS_FILE))
}

/** Rows as the text of a CSV file. */
export function formatCsv(rows: readonly CsvRow[]): Promise<Buffer> {
  return writeToBuffer(
    rows.map((row) => [...row]),
    { headers: false, includeEndRowDelimiter: true },
  )
}
