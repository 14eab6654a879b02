// What arms are compared by besides the time that they take, and the words for it.
//
// Requests where there are some. Without them what the pods are there for: a majority of a StatefulSet's ordinals, its
// primary; else that all of them are ready.

import type { Response } from '../metrics/types.ts'
import type { Estimate } from '../statistics/paired.ts'
import { formatEstimate } from './numbers.ts'
import type { Results } from './results.ts'

/** A response that is a cost: less of it is better. */
export interface Cost {
  readonly response: Response
  readonly unit: 'count' | 'seconds'
  /** Of an axis: `lost requests`. */
  readonly title: string
  /** `rolling LOSES 5 requests`, `all arms LOSE alike`. */
  readonly verb: readonly [one: string, many: string]
  /** False: there is nothing to compare but time. */
  readonly matters?: false
}

const REQUESTS: Cost = { response: 'lostRequests', unit: 'count', title: 'lost requests', verb: ['loses', 'lose'] }

/** Time alone counts. */
const NOTHING: Cost = { ...REQUESTS, matters: false }

const TIMES: readonly Cost[] = [
  {
    response: 'belowQuorumSeconds',
    unit: 'seconds',
    title: 'time below quorum',
    verb: ['is below quorum', 'are below quorum'],
  },
  {
    response: 'noPrimarySeconds',
    unit: 'seconds',
    title: 'time without a primary',
    verb: ['is without a primary', 'are without a primary'],
  },
  {
    response: 'degradedSeconds',
    unit: 'seconds',
    title: 'time with pods missing',
    verb: ['lacks pods', 'lack pods'],
  },
]

/** The first cost of the list that some run has; lost requests wherever requests are sent. */
export function chooseCost({ groups }: Results): Cost {
  const has = (response: Response): boolean => groups.some(({ responses }) => responses[response].some((x) => x > 0))
  if (has('requests')) return REQUESTS
  // The pods of a Job come and go with its work.
  if (groups.every(({ workload }) => workload.startsWith('Job/'))) return NOTHING
  return TIMES.find(({ response }) => has(response)) ?? NOTHING
}

/** What says how fast an arm is: the rollout, or the drains where nothing is rolled out. */
export function chooseTime({ groups }: Results): 'rolloutSeconds' | 'drainingSeconds' {
  const rolls = groups.some(({ responses }) => responses.rolloutSeconds.some((x) => x > 0))
  const drains = groups.some(({ responses }) => responses.drainingSeconds.some(Number.isFinite))
  return drains && !rolls ? 'drainingSeconds' : 'rolloutSeconds'
}

/** A cost at its 95th percentile: `no request at p95`, `5 requests at p95`, `for 8s at p95`. */
export function describeCost({ unit }: Cost, p95: Estimate): string {
  if (unit === 'count') return p95.estimate === 0 ? 'no request at p95' : `${formatEstimate(p95, unit)} requests at p95`
  return p95.estimate === 0 ? 'for no time at p95' : `for ${formatEstimate(p95, unit)} at p95`
}
