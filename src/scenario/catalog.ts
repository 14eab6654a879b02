// The scenarios that ship with rollbench: every YAML file in a folder of scenarios/, by its name. Spaces of scenarios, which
// `sweep` draws from, have a folder of their own.

import { readdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../base/errors.ts'
import { suggest } from '../base/suggestion.ts'
import { parseYaml } from '../manifest/parse.ts'
import { isJsonObject } from '../manifest/types.ts'

/** The folder of the scenarios, seen from src/scenario as from dist/scenario. */
const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url))

/** The folders of what is not a scenario: spaces of them, and claims that they decide. */
const OTHERS: readonly string[] = ['spaces', 'claims']

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
  return [...scenarioFiles()].map(([name, file]) => {
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
 * The file of a scenario by its name.
 *
 * @throws InputError naming the nearest scenario if there is none of that name
 */
export function findScenario(name: string): string {
  const files = scenarioFiles()
  const file = files.get(name)
  if (file !== undefined) return file
  const names = [...files.keys()]
  const message = `there is no scenario "${name}"${suggest(name, names)}; there are ${names.join(', ')}`
  throw new InputError([{ severity: 'error', message }])
}

/** Files by the names of the scenarios, sorted by name. */
function scenarioFiles(): Map<string, string> {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !OTHERS.includes(entry.name),
  )
  const files = folders.flatMap((folder) =>
    readdirSync(`${FOLDER}${folder.name}`)
      .filter((file) => file.endsWith('.yaml'))
      .map((file): [string, string] => [file.slice(0, -'.yaml'.length), nameFile(`${FOLDER}${folder.name}/${file}`)]),
  )
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Results name this path, and should not name a machine's folders where they can do without. */
function nameFile(file: string): string {
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') ? file : fromHere
}

/** The claims that ship: the files of scenarios/claims/ by the names of the claims, sorted. */
export function claimFiles(): ReadonlyMap<string, string> {
  const folder = `${FOLDER}claims`
  const names = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return new Map(names.toSorted().map((file) => [file.slice(0, -'.yaml'.length), nameFile(`${folder}/${file}`)]))
}

/** The claims that ship, with what they say, sorted by name. */
export function listClaims(): { readonly name: string; readonly claim: string }[] {
  return [...claimFiles()].map(([name, file]) => {
    const spec = parseYaml({ file, text: readFileSync(file, 'utf8') }).documents[0]?.value['spec']
    const claim = isJsonObject(spec) ? spec['claim'] : undefined
    return { name, claim: typeof claim === 'string' ? claim : '' }
  })
}
