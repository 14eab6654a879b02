// The finished batches of a sweep on the disk: what an interrupted sweep leaves, and resumes from.

import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatingError } from '../base/errors.ts'
import { PARTS_FOLDER } from './types.ts'
import { makeFolder, PARTIAL_SUFFIX, writeWhole } from './wholeFile.ts'

/** How the parts of one kind of sweep are called and read. */
export interface PartFormat<Batch, Part> {
  /** The name of a batch's part: it says all that decides its content, so that a part found is a part done. */
  readonly nameOf: (batch: Batch) => string
  /** Undefined if the bytes are not whole. */
  readonly decode: (bytes: Uint8Array) => Part | undefined
}

/** The parts folder of one sweep. */
export interface PartsFolder<Batch, Part> {
  /** The batches whose parts are not there, in the order of the plan. */
  missing(): Promise<Batch[]>
  write(batch: Batch, bytes: Uint8Array): Promise<void>
  /** @throws OperatingError if the part is not there or damaged: running the command again repairs it */
  read(batch: Batch): Promise<Part>
  /** Removes the parts of this sweep, and the folder if no other sweep left something there. */
  remove(): Promise<void>
}

/**
 * Opens the parts folder inside a results folder, and makes it if need be.
 *
 * @throws OperatingError if the folder cannot be made
 */
export async function openParts<Batch, Part>(
  outDir: string,
  { nameOf, decode }: PartFormat<Batch, Part>,
  plan: readonly Batch[],
): Promise<PartsFolder<Batch, Part>> {
  const folder = join(outDir, PARTS_FOLDER)
  await makeFolder(folder)
  const pathOf = (batch: Batch): string => join(folder, nameOf(batch))
  const load = async (batch: Batch): Promise<Part | undefined> => {
    const bytes = await readFile(pathOf(batch)).catch(() => undefined)
    return bytes === undefined ? undefined : decode(bytes)
  }
  return {
    async missing() {
      const present = new Set(await readdir(folder))
      const missing: Batch[] = []
      for (const batch of plan) {
        if (!present.has(nameOf(batch)) || (await load(batch)) === undefined) missing.push(batch)
      }
      return missing
    },
    write: (batch, bytes) => writeWhole(pathOf(batch), bytes),
    async read(batch) {
      const part = await load(batch)
      if (part === undefined) throw new OperatingError(`${pathOf(batch)} is damaged; run the same command again`)
      return part
    },
    async remove() {
      for (const batch of plan) {
        await rm(pathOf(batch), { force: true })
        await rm(pathOf(batch) + PARTIAL_SUFFIX, { force: true })
      }
      await rmdir(folder).catch(() => undefined)
    },
  }
}
