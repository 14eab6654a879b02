import type { Scenario } from '../scenario/types.ts'
import type { Problem } from '../base/errors.ts'
import type { FileDigest } from '../sweep/types.ts'
import { usageError } from './failures.ts'

export interface ScenarioInput {
  readonly scenario: Scenario
  readonly warnings: readonly Problem[]
  readonly files: readonly FileDigest[]
}
export function requireFiles(files: readonly string[] | undefined, command: string): readonly string[] {
  if (files === undefined || files.length === 0)
    throw usageError('name a file with -f, or standard input with -f -', `rollbench ${command}`)
  return files
}
export async function loadFromFlags(
  flags: { filename: readonly string[] | undefined },
  command: string,
): Promise<ScenarioInput> {
  requireFiles(flags.filename, command)
  throw new Error('stub')
}
export async function loadFromCatalog(name: string): Promise<ScenarioInput> {
  throw new Error(name)
}
export async function loadScenarioText(text: string): Promise<Scenario> {
  throw new Error(text)
}
export function printWarnings(_a: unknown, _b: unknown): void {}
