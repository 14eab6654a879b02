// The scenarios that ship with rollbench: a folder of scenarios/ each.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../base/errors.ts'
import { suggest } from '../base/suggestion.ts'
import { parseYaml } from '../manifest/parse.ts'
import { isJsonObject } from '../manifest/types.ts'

/** The folder of the scenarios, seen from src/scenario as from dist/scenario. */
const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url))

/** A scenario that ships. */
export interface CatalogEntry {
  readonly name: string
  /** Path of its file: relative inside the working directory, else absolute. */
  readonly file: string
  /** One or two sentences; empty if the scenario says nothing about itself. */
  readonly description: string
  readonly labels: readonly string[]
}

/** Every scenario that ships, sorted by name. */
export function listScenarios(): CatalogEntry[] {
  return scenarioNames().map((name) => {
    const file = fileOf(name)
    const spec = parseYaml({ file, text: readFileSync(file, 'utf8') }).documents[0]?.value['spec']
    const { description, labels } = isJsonObject(spec) ? spec : {}
    return {
      name,
      file,
      description: typeof description === 'string' ? description : '',
      labels: Array.isArray(labels) ? labels.map(String) : [],
    }
  })
}

/**
 * The file of a scenario by the name of its folder.
 *
 * @throws InputError naming the nearest scenario if there is none of that name
 */
export function findScenario(name: string): string {
  const names = scenarioNames()
  if (names.includes(name)) return fileOf(name)
  const message = `there is no scenario "${name}"${suggest(name, names)}; there are ${names.join(', ')}`
  throw new InputError([{ severity: 'error', message }])
}

function scenarioNames(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(fileOf(entry.name)))
    .map(({ name }) => name)
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/** Results name this path, and should not name a machine's folders where they can do without. */
function fileOf(name: string): string {
  const file = `${FOLDER}${name}/${name}.yaml`
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') ? file : fromHere
}
