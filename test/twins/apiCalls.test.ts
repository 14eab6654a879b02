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
  // The chain of the sync waits for its next call; a real queue would come back to it at that time.
  let waiting: { atUs: number; slot: number } | undefined
  const agenda = {
    push(atUs: number, rank: number, what: number, slot: number) {
      const kind = what & 0xff
      if (kind === EventKind.ApiSend && rank === Rank.Answer) waiting = { atUs, slot }
      else if (kind === EventKind.ApiWrite && rank === Rank.Write) {
        landed.push(`${what >>> 8} at ${atUs}`)
        api.release(slot)
      } else if (kind === EventKind.WorkerDone && rank === Rank.Answer) landed.push(`done ${slot} at ${atUs}`)
      else landed.push(`rank ${rank}, kind ${kind}`)
    },
  }
  const api = new ApiCalls(agenda as unknown as Agenda, 16)
  for (let sync = 0; sync < 100_000; sync++) {
    landed = []
    api.latencyUs = choices.pick([0, 1, 25_000])
    const nowUs = choices.integer(0, 1e9)
    const batches = Array.from({ length: choices.integer(0, 4) }, () => choices.integer(1, 4))
    const expected: string[] = []
    if (api.isDelayed()) expect('a write outside of syncs is delayed').toBe('')
    api.begin(0)
    batches.forEach((calls, batch) => {
      for (let call = 0; call < calls; call++) {
        // Without latency a write is not delayed: its verb plays it at once.
        if (api.isDelayed()) api.delay(nowUs, call)
        if (api.latencyUs > 0) expected.push(`${call} at ${nowUs + batch * api.latencyUs}`)
      }
      api.awaitAnswer()
      if (api.spentUs() !== (batch + 1) * api.latencyUs) expect(api.spentUs()).toBe((batch + 1) * api.latencyUs)
    })
    const doneUs = nowUs + batches.length * api.latencyUs
    if (api.end() !== doneUs - nowUs) expect(api.offsetUs).toBe(doneUs - nowUs)
    if (api.spentUs() !== 0) expect(api.spentUs()).toBe(0)
    if (doneUs > nowUs) {
      api.whenDone(doneUs, EventKind.WorkerDone, sync)
      if (batches.length > 0) expected.push(`done ${sync} at ${doneUs}`)
    }
    while (waiting !== undefined) {
      const { atUs, slot } = waiting
      waiting = undefined
      api.send(slot, atUs)
    }
    if (landed.join() !== expected.join()) expect(landed).toEqual(expected)
  }
})
