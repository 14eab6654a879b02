import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { engineDigest } from './engineDigest.ts'

const built = new URL('../../dist/sweep/engineDigest.js', import.meta.url).href

const digestOfBuilt = (): string =>
  execFileSync(process.execPath, ['-e', `import('${built}').then(({ engineDigest }) => console.log(engineDigest()))`])
    .toString()
    .trim()

test('is the same in each process, and not that of other code', () => {
  expect(digestOfBuilt()).toMatch(/^[0-9a-f]{64}$/)
  expect(digestOfBuilt()).toBe(digestOfBuilt())
  expect(engineDigest()).not.toBe(digestOfBuilt())
})
