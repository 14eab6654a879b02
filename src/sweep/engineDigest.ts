// What the simulation is made of, as a digest: two sweeps with the same one give the same bytes. The version alone would
// not do, since whoever changes a controller between an interruption and the next call would mix two simulations.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Everything that decides what a run gives: the simulated rooms, and what writes their rows. */
const ROOMS = [
  'base',
  'kernel',
  'model',
  'cluster',
  'controllers',
  'scheduler',
  'kubelet',
  'traffic',
  'metrics',
  'engine',
  'sweep',
]

let kept: string | undefined

/** sha256 (hex) of the code that runs; of the built files, or of the sources where those run. Read once. */
export function engineDigest(): string {
  kept ??= digestRooms()
  return kept
}

function digestRooms(): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const hash = createHash('sha256')
  for (const room of ROOMS) {
    const names = readdirSync(join(root, room), { recursive: true }).map(String)
    for (const name of names.filter(isCode).toSorted())
      hash.update(`${room}/${name}\n`).update(readFileSync(join(root, room, name)))
  }
  return hash.digest('hex')
}

function isCode(name: string): boolean {
  return /(?<![.]d|[.]test)[.](js|ts)$/.test(name)
}
