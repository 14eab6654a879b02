// 100,000 random states each of what decides about the pods of nodes: tolerations, own taints, token buckets and zones,
// against plain twins that follow upstream's steps.

import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { changeTaints, ownTaintsOf } from '../../src/cluster/taints.ts'
import { TokenBucket } from '../../src/controllers/nodelifecycle/tokenBucket.ts'
import { ZoneState, zoneStateOf } from '../../src/controllers/nodelifecycle/zoneState.ts'
import { tolerationSeconds } from '../../src/controllers/tainteviction/tolerationTime.ts'
import type { TolerationModel } from '../../src/model/types.ts'
import type { Taint } from '../../src/scenario/types.ts'
import { Choices } from './random.ts'

const STATES = 100_000
const KEYS = ['a', 'b', 'c']
const VALUES = ['', 'x', 'y']
const NODE = 'node.kubernetes.io/'

function randomTaint(choices: Choices): Taint {
  return { key: choices.pick(KEYS), value: choices.pick(VALUES), effect: 'NoExecute' }
}

function randomToleration(choices: Choices): TolerationModel {
  const key = choices.pick(['', ...KEYS])
  return {
    key,
    operator: key === '' || choices.chance(0.5) ? 'Exists' : 'Equal',
    value: choices.pick(VALUES),
    effect: choices.pick(['', 'NoExecute', 'NoExecute', 'NoSchedule']),
    tolerationSeconds: choices.pick([NONE, NONE, -3, 0, 10, 300]),
  }
}

function list<T>(choices: Choices, most: number, make: (choices: Choices) => T): T[] {
  return Array.from({ length: choices.integer(0, most) }, () => make(choices))
}

/** GetMatchingTolerations, then getMinTolerationTime. */
function twinSeconds(tolerations: readonly TolerationModel[], taints: readonly Taint[]): number {
  const matching: TolerationModel[] = []
  for (const taint of taints) {
    const fitting = tolerations.filter(({ key, operator, value, effect }) => {
      const keyFits = key === '' ? operator === 'Exists' : key === taint.key
      return keyFits && ['', taint.effect].includes(effect) && (operator === 'Exists' || value === taint.value)
    })
    if (fitting.length === 0) return -1
    matching.push(fitting[0])
  }
  const limits = matching.filter((toleration) => toleration.tolerationSeconds !== NONE)
  if (limits.some((toleration) => toleration.tolerationSeconds <= 0)) return 0
  return Math.min(Infinity, ...limits.map((toleration) => toleration.tolerationSeconds))
}

test(`toleration times agree with the twin on ${STATES} states`, () => {
  const choices = new Choices(1)
  const broken: unknown[] = []
  for (let i = 0; i < STATES; i++) {
    const tolerations = list(choices, 4, randomToleration)
    const taints = list(choices, 3, randomTaint)
    if (tolerationSeconds(tolerations, taints) !== twinSeconds(tolerations, taints)) broken.push([tolerations, taints])
  }
  expect(broken.slice(0, 1)).toEqual([])
})

test(`own taints are put on and taken off as the twin does on ${STATES} states`, () => {
  const choices = new Choices(2)
  const pool: Taint[] = ['not-ready', 'unreachable', 'unschedulable', 'disk-pressure', 'out-of-service'].flatMap(
    (key) =>
      (['NoExecute', 'NoSchedule', 'PreferNoSchedule'] as const).map((effect) => ({
        key: NODE + key,
        value: '',
        effect,
      })),
  )
  const broken: unknown[] = []
  for (let i = 0; i < STATES; i++) {
    const taints = list(choices, 4, () => choices.pick(pool))
    const add = ownTaintsOf(list(choices, 2, () => choices.pick(pool)))
    const remove = ownTaintsOf(list(choices, 2, () => choices.pick(pool))) & ~add
    const text = ({ key, effect }: Taint): string => `${key}:${effect}`
    const wanted = new Set(taints.map(text))
    for (const taint of pool) if ((ownTaintsOf([taint]) & add) !== 0) wanted.add(text(taint))
    for (const taint of pool) if ((ownTaintsOf([taint]) & remove) !== 0) wanted.delete(text(taint))
    const ours = new Set(changeTaints(taints, add, remove).map(text))
    if ([...ours].sort().join() !== [...wanted].sort().join()) broken.push([taints, add, remove])
  }
  expect(broken.slice(0, 1)).toEqual([])
})

describe('a token bucket', () => {
  test(`accepts as the twin does in ${STATES} tries`, () => {
    const choices = new Choices(3)
    const bucket = new TokenBucket()
    const rates = [0.1, 0.01]
    let broken = 0
    for (let run = 0; run < STATES / 50; run++) {
      const rate = choices.pick(rates)
      bucket.start(rate)
      // The twin keeps the nanosecond from which on the next token is there.
      const intervalNs = 1e9 / Math.fround(rate)
      let freeAtNs = -Infinity
      let nowUs = 0
      for (let i = 0; i < 50; i++) {
        nowUs += choices.pick([0, 1, 100_000, 9_999_999, 10_000_000, 100_000_001, 100_000_003])
        const free = nowUs * 1000 >= freeAtNs - 1
        const expectedAtUs = bucket.nextTokenUs(nowUs)
        if (bucket.tryAccept(nowUs) !== free) broken++
        if (free !== expectedAtUs <= nowUs) broken += Math.abs(freeAtNs - nowUs * 1000) < 2000 ? 0 : 1
        if (free) freeAtNs = nowUs * 1000 + intervalNs
      }
    }
    expect(broken).toBe(0)
  })

  test('from "never" to any rate starts empty', () => {
    const bucket = new TokenBucket()
    bucket.start(0.1)
    bucket.swap(0, 1_000_000)
    expect(bucket.tryAccept(2_000_000)).toBe(false)
    bucket.swap(0.1, 3_000_000)
    expect(bucket.tryAccept(12_000_000)).toBe(false)
    expect(bucket.tryAccept(13_000_000)).toBe(true)
  })
})

test(`zones are in the twin's state for all numbers of nodes up to 330`, () => {
  const broken: string[] = []
  for (let ready = 0; ready <= 330; ready++)
    for (let notReady = 0; notReady <= 330 - ready; notReady++) {
      const partial = notReady > 2 && 100 * notReady >= 55 * (notReady + ready)
      const full = ready === 0 && notReady > 0
      const wanted = full ? ZoneState.FullDisruption : partial ? ZoneState.PartialDisruption : ZoneState.Normal
      if (zoneStateOf(ready, notReady) !== wanted) broken.push(`${ready} ready, ${notReady} not`)
    }
  expect(broken).toEqual([])
})
