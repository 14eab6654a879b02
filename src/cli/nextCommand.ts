// The exact command for the next step, in words that work where the user is: inside a checkout through npm, else installed.

import { chooseCost } from '../report/cost.ts'
import type { Scenario } from '../scenario/types.ts'
import type { Finished } from './experiment.ts'

/** How the user calls the program: npm says in variables which of its scripts runs. */
export function programWords(environment: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: script, npm_package_name: checkout } = environment
  if (script === 'npx') return 'npx rollbench'
  return script !== undefined && checkout === 'rollbench' ? 'npm run -s rollbench --' : 'rollbench'
}

/**
 * What to do with these results next: where a threshold of the scenario can be a gate, keep them as a baseline; else ask for
 * a threshold on the arm that the verdict recommends.
 */
export function nextCommand({ outDir, results }: Finished, scenario: Scenario, best: string | undefined): string {
  const check = `${programWords()} check ${quoteWord(outDir)}`
  if (scenario.thresholds.length > 0 || best === undefined) return `${check} --write-baseline baseline.json`
  return `${check} --threshold '${best}: ${chooseCost(results).response} p95 == 0'`
}

/** Quotes a word for a POSIX shell where it needs it. */
function quoteWord(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
