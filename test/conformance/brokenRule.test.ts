// The alarm works: one rule of a controller is broken, and both what conform replays and what run measures change.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type * as fenceposts from '../../src/model/fenceposts.ts'
import { afterEach, describe, expect, test, vi } from 'vitest'

const file = new URL('../data/conformance/rolling.jsonl.gz', import.meta.url)
const line = gunzipSync(readFileSync(file)).toString().split('\n')[0]

/** Loads the engine, with maxSurge one pod too large if `broken`. */
async function load(broken: boolean) {
  vi.resetModules()
  if (broken) {
    vi.doMock('../../src/model/fenceposts.ts', async (original) => {
      const real = await original<typeof fenceposts>()
      return {
        ...real,
        resolveFenceposts: (spec: Parameters<typeof real.resolveFenceposts>[0]) => {
          const resolved = real.resolveFenceposts(spec)
          return { ...resolved, maxSurge: resolved.maxSurge + 1 }
        },
      }
    })
  }
  const { replayText } = await import('../../src/conform/conform.ts')
  const { createEngine } = await import('../../src/engine/engine.ts')
  const { seconds, simpleScenario } = await import('../scenarios.ts')
  return { replayText, createEngine, seconds, simpleScenario }
}

afterEach(() => {
  vi.doUnmock('../../src/model/fenceposts.ts')
  vi.resetModules()
})

describe('a broken rule of a controller', () => {
  test('is seen by conform and by run', async () => {
    const right = await load(false)
    const scenario = right.simpleScenario({
      maxSurge: 1,
      maxUnavailable: 0,
      timings: { '*': { start: right.seconds(5) } },
    })
    const peak = right.createEngine(scenario, scenario.arms[0]).run(1).rows[0].peakPods
    expect(right.replayText('rolling', line)[0].agreed).toBe(true)

    const broken = await load(true)
    const brokenPeak = broken.createEngine(scenario, scenario.arms[0]).run(1).rows[0].peakPods
    expect(broken.replayText('rolling', line)[0].agreed).toBe(false)
    expect(brokenPeak).toBeGreaterThan(peak)
  })
})
