// Every recording of the real controllers in test/data/conformance agrees with ours, instant by instant.

import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { replayText } from '../../src/conform/conform.ts'

const folder = new URL('../data/conformance/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl.gz'))

describe('recordings of the real controllers', () => {
  test('are there', () => {
    expect(files.length).toBeGreaterThanOrEqual(7)
  })

  test.each(files)('%s agrees', (file) => {
    const text = gunzipSync(readFileSync(new URL(file, folder))).toString()
    const diverging = replayText(file, text).filter(({ agreed }) => !agreed)
    expect(diverging.map(({ id, divergence }) => `${id}\n${divergence}`).join('\n\n')).toBe('')
  })

  test('may begin with the empty cluster', () => {
    const [line] = gunzipSync(readFileSync(new URL('rolling.jsonl.gz', folder)))
      .toString()
      .split('\n')
    const recording = JSON.parse(line) as { trace: unknown[] }
    recording.trace.unshift({ t: 0.005, state: { workloads: {} } })
    expect(replayText('rolling', JSON.stringify(recording))).toEqual([
      { family: 'rolling', id: 'rolling-0', agreed: true },
    ])
  })
})
