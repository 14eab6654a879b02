// `rollbench list`: what there is to name: scenarios of the catalog, profiles, columns, charts.

import type { ChartType } from '../report/charts.ts'
import type { Response } from '../metrics/types.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { outputFlag } from './options.ts'
import { printAnswer } from './terminal.ts'

interface ListFlags {
  readonly what: 'scenarios' | 'profiles' | 'metrics' | 'charts' | 'claims'
  readonly output: string
}

/** What each measured column says, for `list metrics`. */
export const COLUMN_TEXTS: Readonly<Record<Response, readonly [unit: string, text: string]>> = {
  rolloutSeconds: ['s', 'first template change until `kubectl rollout status` says done; empty unless complete'],
  deadlinesMissed: ['count', 'times that the progress deadline passed, also when the rollout completed later'],
  downtimeSeconds: ['s', 'time during which every request is lost'],
  requests: ['count', 'requests in the window: rate × time'],
  answeredRequests: ['count', 'requests that were answered well; requests = answered + lost, exactly'],
  retriedRequests: ['count', 'requests among the answered ones that needed another try'],
  lostRequests: ['count', 'requests that were not: the sum of the causes below'],
  lostRefusedAfterTermination: ['count', 'sent to a pod that was deleted and takes no new requests, or is gone'],
  lostStaleEndpoint: ['count', 'sent to a pod that nobody deleted and that does not answer: crashed, hung, dead node'],
  lostNotListening: ['count', 'sent to a pod that counts as ready before its application listens'],
  lostNotYetRegistered: ['count', 'the sender knew no usable endpoint although a ready pod existed'],
  lostNoEndpoint: ['count', 'there was no usable endpoint'],
  lostKilledInFlight: ['count', 'under way when the container was killed'],
  lostBadVersion: ['count', 'answered with an error by a bad version'],
  lostOverload: ['count', 'above the capacity of the pods'],
  lostConnectionReset: ['count', 'sent on a connection that the pod was closing'],
  minReadyPercent: ['%', 'fewest ready pods, in percent of spec.replicas'],
  degradedSeconds: ['s', 'time with fewer ready pods than spec.replicas'],
  versionOverlapSeconds: ['s', 'time in which pods of two template revisions serve together'],
  peakPods: ['pods', 'most pods at once, terminating ones counted'],
  extraPodSeconds: ['pod·s', 'pods above spec.replicas, over time'],
  terminatingPodSeconds: ['pod·s', 'terminating pods, over time'],
  stuck: ['0 or 1', 'something is left to do at the end, and no pod has moved for 10 minutes'],
  fullStrengthSeconds: ['s', 'first node failure until all replicas are ready on living nodes'],
  drainingSeconds: ['s', 'time with pods on cordoned nodes'],
  ordinalAwayMeanSeconds: ['s', 'StatefulSet: time that an ordinal does not serve, mean of its ordinals'],
  ordinalAwayMaxSeconds: ['s', 'the same of the ordinal that is away longest'],
  noPrimarySeconds: ['s', 'StatefulSet: time without the primary (ordinal 0, or a lease)'],
  belowQuorumSeconds: ['s', 'StatefulSet: time with fewer serving ordinals than a majority'],
  volumeWaitSeconds: ['s', 'time that pods on their nodes waited for persistent volumes, summed up; only with claims'],
  recoverySeconds: ['s', 'from the release until the former version is alone again; empty where it never is'],
  lostWrites: ['count', 'writes without a primary or quorum, and those that died with a primary; see `primaries`'],
  latencyP50Ms: ['ms', 'latency that half of the answered requests do not exceed; only with requests.mode: requests'],
  latencyP99Ms: ['ms', 'the same of 99 % of them'],
}

/** What each chart shows, for `list charts`. */
const CHART_TEXTS: Readonly<Record<ChartType, string>> = {
  tradeoff: 'rollout time against lost requests, one point for each arm, with intervals',
  downtime: 'downtime of each arm',
  availability: 'ready pods over time, the median and the band from p5 to p95',
  rollout: 'distribution of the rollout time of each arm',
}

export const listCommand: Command<ListFlags> = {
  usage: 'list <what>',
  describe: 'List scenarios, profiles, metrics (the columns of runs.csv), charts or claims',
  declare: (yargs) =>
    yargs
      .positional('what', {
        choices: ['scenarios', 'profiles', 'metrics', 'charts', 'claims'] as const,
        demandOption: true,
        describe: 'what to list',
      })
      .option('output', outputFlag('table', 'name'))
      .example('$0 list scenarios', 'names for: rollbench start NAME'),
  async run({ what, output }) {
    const rows = await rowsOf(what)
    if (output === 'name') printAnswer(rows.map((row) => row[0] ?? '').join('\n'))
    else printAnswer((await import('../report/columns.ts')).columns([HEADERS[what], ...rows]))
    return EXIT.done
  },
}

const HEADERS: Readonly<Record<ListFlags['what'], readonly string[]>> = {
  scenarios: ['NAME', 'DESCRIPTION'],
  profiles: ['NAME', 'DESCRIPTION'],
  metrics: ['COLUMN', 'UNIT', 'MEANING'],
  charts: ['CHART', 'SHOWS'],
  claims: ['NAME', 'SAYS'],
}

async function rowsOf(what: ListFlags['what']): Promise<readonly (readonly string[])[]> {
  if (what === 'metrics') return Object.entries(COLUMN_TEXTS).map(([name, [unit, text]]) => [name, unit, text])
  if (what === 'scenarios') {
    const { listScenarios } = await import('../scenario/catalog.ts')
    return listScenarios().map(({ name, description }) => [name, description])
  }
  if (what === 'profiles') {
    const { listProfiles } = await import('../scenario/profiles/readProfile.ts')
    return listProfiles().map(({ name, description }) => [name, description])
  }
  if (what === 'claims') {
    const { listClaims } = await import('../scenario/catalog.ts')
    return listClaims().map(({ name, claim }) => [name, claim])
  }
  return Object.entries(CHART_TEXTS)
}
