// The profiles that ship with rollbench: the YAML files in profiles/, by their names.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Source } from '../../manifest/parse.ts'

/** The folder of the profiles, seen from src/scenario/profiles as from dist/scenario/profiles. */
const FOLDER = new URL('../../../profiles/', import.meta.url)

/** The names of the profiles that ship, sorted. */
export const SHIPPED_PROFILES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .toSorted()

/** The profile without anything else said. */
export const DEFAULT_PROFILE = 'typical'

/** The file of a profile that ships. */
export function shippedProfile(name: string): Source {
  return { file: `profiles/${name}.yaml`, text: readFileSync(fileURLToPath(new URL(`${name}.yaml`, FOLDER)), 'utf8') }
}
