// Why a request is lost, and the columns in which the books are kept: requests = answered + the sum over all causes.

/** Causes of lost requests, by number: the index into all sums by cause. */
export const LossCause = {
  /** Sent to a pod that was deleted and takes no new requests any more, or is gone. */
  RefusedAfterTermination: 0,
  /** Sent to a pod that nobody deleted and that does not answer: crashed, hung, or on a dead node. */
  StaleEndpoint: 1,
  /** Sent to a pod that is called Ready, or published without, before its application has listened. */
  NotListening: 2,
  /** The sender knows no usable endpoint although a ready pod exists. */
  NotYetRegistered: 3,
  /** There is no usable endpoint for this sender. */
  NoEndpoint: 4,
  /** Under way when the container was killed. */
  KilledInFlight: 5,
  /** Answered with an error by a bad version. */
  BadVersion: 6,
  /** Above what the pod can answer. */
  Overload: 7,
  /** Sent on a connection that the pod was closing. */
  ConnectionReset: 8,
} as const
export type LossCause = (typeof LossCause)[keyof typeof LossCause]

type CauseName = keyof typeof LossCause

/** Names of the causes, by number. */
export const LOSS_CAUSES = Object.keys(LossCause) as readonly CauseName[]

/** The column of each cause in runs.csv, by number. */
export const LOSS_COLUMNS = [
  'lostRefusedAfterTermination',
  'lostStaleEndpoint',
  'lostNotListening',
  'lostNotYetRegistered',
  'lostNoEndpoint',
  'lostKilledInFlight',
  'lostBadVersion',
  'lostOverload',
  'lostConnectionReset',
] as const satisfies readonly `lost${CauseName}`[]

/** Causes in the words of a sentence, by number: "1,900 refused after termination". */
export const LOSS_WORDS: readonly string[] = [
  'refused after termination',
  'sent to an endpoint that no longer answers',
  'sent before the application listened',
  'sent while the new endpoints were not yet registered',
  'sent without any endpoint',
  'killed in flight',
  'answered with an error by a bad version',
  'above the capacity of the pods',
  'on a connection that was reset',
]

/** Where requests went, in the order of runs.csv. */
export const REQUEST_COLUMNS = [
  'requests',
  'answeredRequests',
  'retriedRequests',
  'lostRequests',
  ...LOSS_COLUMNS,
] as const

/** What became of the requests of one run, in requests, to the millionth. */
export type RequestBooks = Record<(typeof REQUEST_COLUMNS)[number], number>

/** The books of a run without requests. */
export const NO_REQUESTS = Object.fromEntries(REQUEST_COLUMNS.map((column) => [column, 0])) as RequestBooks
