// When the writes of a sync reach the cluster: one latency after another, the calls of a batch side by side, and what is
// written outside of syncs at once. Against a plain list of sentences, on 100,000 random syncs.

import { expect, test } from 'vitest'
import type { Agenda } from '../../src/cluster/agenda.ts'
import { ApiCalls } from '../../src/cluster/apiCalls.ts'
import { EventKind, Rank } from '../../src/cluster/codes.ts'
import { Choices } from './random.ts'

test('writes land as the client sends them, on 100,000 random syncs', () => {
  const choices = new Choices(3)
  let landed: string[] = []
  const agenda = {
    push(atUs: number, rank: number, what: number, slot: number) {
      if (rank !== Rank.Write || (what & 0xff) !== EventKind.ApiWrite) landed.push(`rank ${rank}, kind ${what & 0xff}`)
      landed.push(`${what >>> 8} at ${atUs}`)
      api.release(slot)
    },
  }
  const api = new ApiCalls(agenda as unknown as Agenda, 8)
  for (let sync = 0; sync < 100_000; sync++) {
    landed = []
    api.latencyUs = choices.pick([0, 1, 25_000])
    const nowUs = choices.integer(0, 1e9)
    const batches = Array.from({ length: choices.integer(0, 4) }, () => choices.integer(1, 4))
    const expected: string[] = []
    if (api.isDelayed()) expect('a write outside of syncs is delayed').toBe('')
    api.begin()
    batches.forEach((calls, batch) => {
      for (let call = 0; call < calls; call++) {
        // Without latency a write is not delayed: its verb plays it at once.
        if (api.isDelayed()) api.delay(nowUs, call)
        if (api.latencyUs > 0) expected.push(`${call} at ${nowUs + batch * api.latencyUs}`)
      }
      api.awaitAnswer()
      if (api.spentUs() !== (batch + 1) * api.latencyUs) expect(api.spentUs()).toBe((batch + 1) * api.latencyUs)
    })
    if (api.end() !== batches.length * api.latencyUs) expect(api.offsetUs).toBe(batches.length * api.latencyUs)
    if (api.spentUs() !== 0) expect(api.spentUs()).toBe(0)
    if (landed.join() !== expected.join()) expect(landed).toEqual(expected)
  }
})
