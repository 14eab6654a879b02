// The claims that ship, their README and their page: all hold, and the page is what the program says today.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkClaim } from '../src/claims/claims.ts'
import type { ClaimResult } from '../src/claims/types.ts'
import { readYamlSync } from '../src/cli/input.ts'
import { renderClaimsMarkdown } from '../src/report/claims.ts'
import { claimFiles } from '../src/scenario/catalog.ts'
import { claimJsonSchema } from '../src/scenario/claimSchema.ts'

const results: ClaimResult[] = []

test.each([...claimFiles()])('%s', (name, file) => {
  const result = checkClaim({ file, text: readFileSync(file, 'utf8') }, readYamlSync)
  results.push(result)
  expect(result.reasons).toEqual([])
  expect(result.id).toBe(name)
})

test('docs/claims.md is what `rollbench claims -o markdown` prints', async () => {
  await expect(`${renderClaimsMarkdown(results)}\n`).toMatchFileSnapshot('../docs/claims.md')
})

describe('scenarios/claims/README.md', () => {
  test('its example is a claim that holds', () => {
    const readme = readFileSync('scenarios/claims/README.md', 'utf8')
    const text = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? ''
    expect(checkClaim({ file: 'README.md', text }, readYamlSync).reasons).toEqual([])
  })
})

test('scenarios/claim.schema.json is current: node scripts/update-schema.mjs', () => {
  expect(JSON.parse(readFileSync('scenarios/claim.schema.json', 'utf8'))).toEqual(claimJsonSchema())
})
