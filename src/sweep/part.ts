// The results of one batch as bytes: the message from a worker and the file on the disk are the same.
// Layout: length of the header, header (JSON), rows (Float64), sampled availability (pairs of Uint32), sha256 of it all.

import { createHash } from 'node:crypto'
import { assert } from '../base/assert.ts'
import { RESPONSES } from '../metrics/types.ts'

/** Numbers per row: the code of the outcome, then the responses in the order of runs.csv. */
export const ROW_NUMBERS = 1 + RESPONSES.length

const DIGEST_BYTES = 32
const ALIGNMENT = 8

/** What the runs of one batch gave. */
export interface Part {
  readonly arm: string
  readonly firstSeed: number
  readonly count: number
  readonly workloads: readonly string[]
  /** Events of all runs: a measure of work that does not depend on the machine. */
  readonly events: number
  /** By seed, then workload: the code of the outcome and the responses. */
  readonly rows: Float64Array
  /** Cells of the availability histogram that are not empty: cell, count, cell, count, … */
  readonly availability: Uint32Array
}

type Header = Omit<Part, 'rows' | 'availability'> & { readonly availabilityLength: number }

/** Writes a part as bytes, in memory of its own that can be transferred. */
export function encodePart(part: Part): Uint8Array<ArrayBuffer> {
  const { rows, availability, arm, firstSeed, count, workloads, events } = part
  assert(rows.length === count * workloads.length * ROW_NUMBERS, 'a part has one row per run and workload')
  const header: Header = { arm, firstSeed, count, workloads, events, availabilityLength: availability.length }
  const headerBytes = Buffer.from(JSON.stringify(header))
  const rowsAt = align(4 + headerBytes.length)
  const availabilityAt = rowsAt + rows.byteLength
  const digestAt = availabilityAt + availability.byteLength
  const bytes = new Uint8Array(digestAt + DIGEST_BYTES)
  new DataView(bytes.buffer).setUint32(0, headerBytes.length, true)
  bytes.set(headerBytes, 4)
  bytes.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength), rowsAt)
  bytes.set(new Uint8Array(availability.buffer, availability.byteOffset, availability.byteLength), availabilityAt)
  bytes.set(digest(bytes.subarray(0, digestAt)), digestAt)
  return bytes
}

/** Reads a part. Undefined if the bytes are not whole: the batch has to be run again. */
export function decodePart(bytes: Uint8Array): Part | undefined {
  const digestAt = bytes.length - DIGEST_BYTES
  if (digestAt < 4 || !digest(bytes.subarray(0, digestAt)).equals(bytes.subarray(digestAt))) return undefined
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(Buffer.from(bytes.subarray(4, 4 + headerLength)).toString('utf8')) as Header
  const { availabilityLength, ...rest } = header
  const rowsAt = align(4 + headerLength)
  const rowsLength = header.count * header.workloads.length * ROW_NUMBERS
  // A buffer of the file system may start at any address, typed arrays may not: copy what they view (slice of a Buffer does not).
  const body = new Uint8Array(bytes.subarray(rowsAt, digestAt))
  return {
    ...rest,
    rows: new Float64Array(body.buffer, 0, rowsLength),
    availability: new Uint32Array(body.buffer, rowsLength * Float64Array.BYTES_PER_ELEMENT, availabilityLength),
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
