// `rollbench claims [ID…]`: runs the claims that ship, or those of files, and says which of them are true.

import { InputError, type Problem } from '../base/errors.ts'
import { suggest } from '../base/suggestion.ts'
import type { ClaimResult } from '../claims/types.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { readYaml, readYamlSync } from './input.ts'
import { FLAGS, outputFlag } from './options.ts'
import { printAnswer, printNote } from './terminal.ts'

interface ClaimsFlags {
  readonly id: readonly string[] | undefined
  readonly filename: readonly string[] | undefined
  readonly output: 'table' | 'wide' | 'json' | 'yaml' | 'markdown'
}

export const claimsCommand: Command<ClaimsFlags> = {
  usage: 'claims [id..]',
  describe: 'Check claims about Kubernetes workloads by simulation',
  declare: (yargs) =>
    yargs
      .positional('id', { type: 'string', array: true, describe: 'claims that ship (default: all of them)' })
      .option('filename', FLAGS.filename)
      .option('output', outputFlag('table', 'wide', 'json', 'yaml', 'markdown'))
      .example('$0 claims', 'exit 3 if a verdict is not as stated, or a twin changes nothing')
      .example('$0 claims deploy-never-five -o json', 'with every assertion and number')
      .example('$0 claims -f my-claim.yaml', 'a claim of your own'),
  async run(flags) {
    const { claimFiles } = await import('../scenario/catalog.ts')
    const files = chooseFiles(flags, claimFiles())
    const startedAt = performance.now()
    const results: ClaimResult[] = []
    const problems: Problem[] = []
    const { checkClaim } = await import('../claims/claims.ts')
    for (const file of files) {
      try {
        results.push(checkClaim(await readYaml(file), readYamlSync))
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        problems.push(...error.problems)
      }
    }
    if (problems.length > 0) throw new InputError(problems)
    printAnswer(await render(results, flags.output))
    printNote(`${results.length} claims in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    return results.every(({ passed }) => passed) ? EXIT.done : EXIT.gateFailed
  },
}

/** The files of the claims that are meant. */
function chooseFiles({ id = [], filename = [] }: ClaimsFlags, shipped: ReadonlyMap<string, string>): string[] {
  if (id.length === 0) return filename.length > 0 ? [...filename] : [...shipped.values()]
  const named = id.map((name) => {
    const file = shipped.get(name)
    if (file !== undefined) return file
    const message = `there is no claim "${name}"${suggest(name, [...shipped.keys()])}; see rollbench list claims`
    throw new InputError([{ severity: 'error', message }])
  })
  return [...named, ...filename]
}

async function render(results: readonly ClaimResult[], output: ClaimsFlags['output']): Promise<string> {
  const { claimsToPlain, renderClaims, renderClaimsMarkdown } = await import('../report/claims.ts')
  if (output === 'table' || output === 'wide') return renderClaims(results, output === 'wide')
  if (output === 'markdown') return renderClaimsMarkdown(results)
  if (output === 'json') return JSON.stringify(claimsToPlain(results), null, 2)
  const { formatYaml } = await import('../manifest/formatYaml.ts')
  return formatYaml(claimsToPlain(results))
}
