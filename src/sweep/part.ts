// The results of one batch as bytes: the message from a worker and the file on the disk are the same.
// Layout: length of the header, header (JSON), availability (pairs of Uint32), rows of runs.csv and of ordinals.csv (text),
// sha256 of it all.

import { createHash } from 'node:crypto'

const DIGEST_BYTES = 32
const ALIGNMENT = 4

/** What the runs of one batch gave. */
export interface Part {
  readonly rowCount: number
  /** Events of all runs: a measure of work that does not depend on the machine. */
  readonly events: number
  /** Cells of the availability histogram that are not empty: cell, count, cell, count, … */
  readonly availability: Uint32Array
  /** The rows of runs.csv, by seed and then workload, as text: formatting costs time, and workers have it. */
  readonly csv: Uint8Array
  /** The rows of ordinals.csv, by seed, workload and ordinal; empty where no StatefulSet is measured. */
  readonly ordinals: Uint8Array
}

interface Header {
  readonly rowCount: number
  readonly events: number
  readonly availabilityLength: number
  readonly csvLength: number
}

/** Writes a part as bytes, in memory of its own that can be transferred. */
export function encodePart({ rowCount, events, availability, csv, ordinals }: Part): Uint8Array<ArrayBuffer> {
  const header: Header = { rowCount, events, availabilityLength: availability.length, csvLength: csv.length }
  const headerBytes = Buffer.from(JSON.stringify(header))
  const availabilityAt = align(4 + headerBytes.length)
  const csvAt = availabilityAt + availability.byteLength
  const ordinalsAt = csvAt + csv.length
  const digestAt = ordinalsAt + ordinals.length
  const bytes = new Uint8Array(digestAt + DIGEST_BYTES)
  new DataView(bytes.buffer).setUint32(0, headerBytes.length, true)
  bytes.set(headerBytes, 4)
  bytes.set(new Uint8Array(availability.buffer, availability.byteOffset, availability.byteLength), availabilityAt)
  bytes.set(csv, csvAt)
  bytes.set(ordinals, ordinalsAt)
  bytes.set(digest(bytes.subarray(0, digestAt)), digestAt)
  return bytes
}

/** Reads a part. Undefined if the bytes are not whole: the batch has to be run again. */
export function decodePart(bytes: Uint8Array): Part | undefined {
  const digestAt = bytes.length - DIGEST_BYTES
  if (digestAt < 4 || !digest(bytes.subarray(0, digestAt)).equals(bytes.subarray(digestAt))) return undefined
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(Buffer.from(bytes.subarray(4, 4 + headerLength)).toString('utf8')) as Header
  const { rowCount, events, availabilityLength, csvLength } = header
  const availabilityAt = align(4 + headerLength)
  const csvAt = availabilityAt + availabilityLength * Uint32Array.BYTES_PER_ELEMENT
  // The bytes may start at any address, numbers may not: copy them (slice of a Buffer would not).
  const availability = new Uint32Array(new Uint8Array(bytes.subarray(availabilityAt, csvAt)).buffer)
  const ordinalsAt = csvAt + csvLength
  const [csv, ordinals] = [bytes.subarray(csvAt, ordinalsAt), bytes.subarray(ordinalsAt, digestAt)]
  return { rowCount, events, availability, csv, ordinals }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
