import { describe, expect, it } from 'vitest'
import { preStopSeconds } from './preStop.ts'
import type { LifecycleHandler } from './types.ts'

describe('preStop hooks', () => {
  it.each([
    [{ sleep: { seconds: 5 } }, 5],
    [{ exec: { command: ['sleep', '10'] } }, 10],
    [{ exec: { command: ['/bin/sleep', '10'] } }, 10],
    [{ exec: { command: ['/bin/sh', '-c', 'sleep 10'] } }, 10],
    [{ exec: { command: ['bash', '-ec', 'exec sleep 2.5s;'] } }, 2.5],
    [{ exec: { command: ['sh', '-c', 'sleep 10 && nginx -s quit'] } }, undefined],
    [{ exec: { command: ['/drain.sh'] } }, undefined],
    [{ httpGet: { port: 80, path: '/', scheme: 'HTTP' } }, undefined],
  ] as [LifecycleHandler, number | undefined][])('%j lasts %s seconds', (preStop, seconds) => {
    expect(preStopSeconds({ lifecycle: { preStop } })).toBe(seconds)
  })

  it('lasts no time where there is none', () => {
    expect(preStopSeconds({})).toBe(0)
  })
})
