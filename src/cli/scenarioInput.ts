// From the flags to a loaded scenario: reads the files, counts the documents, keeps the digests for provenance.json.

import { createHash } from 'node:crypto'
import type { Problem } from '../base/errors.ts'
import { formatProblem, InputError } from '../base/errors.ts'
import { parseYaml } from '../manifest/parse.ts'
import { findScenario } from '../scenario/catalog.ts'
import type { Overrides } from '../scenario/resolve.ts'
import type { InputFiles } from '../scenario/inputs.ts'
import { loadInputs, loadScenario } from '../scenario/load.ts'
import type { Scenario } from '../scenario/types.ts'
import type { FileDigest } from '../sweep/types.ts'
import { DocumentsError, plural, usageError } from './failures.ts'
import type { InputText } from './input.ts'
import { readAll, readYaml, readYamlSync } from './input.ts'
import { printNote } from './terminal.ts'

/** A scenario that can be run, and where it came from. */
export interface ScenarioInput {
  readonly scenario: Scenario
  readonly warnings: readonly Problem[]
  /** Only manifests were given: what to do with them was assumed. */
  readonly assumed: boolean
  /** Every file that was read, those that the scenario names included. */
  readonly files: readonly FileDigest[]
  readonly documents: number
}

/** The files of `-f`. Throws the usage error where none is named. */
export function requireFiles(files: readonly string[] | undefined, command: string): readonly string[] {
  if (files !== undefined && files.length > 0) return files
  throw usageError('name a file with -f, or standard input with -f -', `rollbench ${command}`)
}

/** What flags change about what the files say. */
type LoadFlags = Overrides & Pick<InputFiles, 'profile'>

/** Loads what the files hold. Throws DocumentsError with every problem in every document. */
export async function loadFiles(files: readonly string[], overrides: LoadFlags): Promise<ScenarioInput> {
  const texts = await readAll(files, readYaml)
  const readTexts = [...texts]
  const readFile = (path: string): string => {
    const text = readYamlSync(path)
    readTexts.push({ file: path, text })
    return text
  }
  try {
    const { scenario, problems, assumed } = loadInputs({ ...overrides, files: texts, readFile })
    const digests = readTexts.map(({ file, text }) => ({ path: file, sha256: sha256(text) }))
    return { scenario, assumed, warnings: problems, files: digests, documents: countDocuments(readTexts) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new DocumentsError(error.problems, countErrors(error.problems, readTexts))
  }
}

/** Loads a scenario that ships with rollbench. */
export async function loadFromCatalog(name: string, overrides: LoadFlags): Promise<ScenarioInput> {
  return loadFiles([findScenario(name)], overrides)
}

/** Loads a scenario that is part of the program, such as those of the benchmarks. */
export function loadScenarioText(text: string): Scenario {
  return loadScenario({ file: 'built-in scenario', text, readFile: readYamlSync }).scenario
}

/** Prints warnings, one a line, on stderr. */
export function printWarnings({ warnings }: ScenarioInput, { quiet }: { readonly quiet: boolean | undefined }): void {
  if (quiet === true) return
  for (const warning of warnings) printNote(formatProblem(warning))
}

function countDocuments(texts: readonly InputText[]): number {
  return texts.reduce((sum, text) => sum + parseYaml(text).documents.length, 0)
}

/** `3 errors in 1 of 4 documents`. A text that is no YAML counts as one document. */
function countErrors(problems: readonly Problem[], texts: readonly InputText[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const wrong = new Set<string>()
  let total = 0
  for (const text of texts) {
    const starts = parseYaml(text).documents.map(({ locate }) => locate([]).line)
    const places = errors.filter(({ file }) => file === text.file).map(({ line = 1 }) => documentAt(starts, line))
    for (const place of places) wrong.add(`${text.file} ${place}`)
    total += Math.max(starts.length, new Set(places).size, 1)
  }
  return `${plural(errors.length, 'error')} in ${Math.max(wrong.size, 1)} of ${plural(Math.max(total, 1), 'document')}`
}

/** The index of the document that holds the line: the last one that starts before it. */
function documentAt(starts: readonly number[], line: number): number {
  return Math.max(
    0,
    starts.findLastIndex((start) => start <= line),
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
