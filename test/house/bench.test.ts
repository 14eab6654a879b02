import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

// Runs against dist/, as the benchmark does: a speed means nothing if the contenders do not do the same work.
it('the queues of bench/ and the one in use pop the same events in the same order', () => {
  const script = fileURLToPath(new URL('../../bench/queueContenders.mjs', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--digests'], { encoding: 'utf8' })
  const digests = stdout.trim().split('\n')
  expect(stderr).toBe('')
  expect(digests.length).toBe(6)
  expect(new Set(digests).size).toBe(1)
})
