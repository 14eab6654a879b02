// What clients do, resolved.

import type { DurationSpec } from './durationSpec.ts'

/** What is the same for all requests of a stream. */
export interface ClientSpec {
  readonly duration?: DurationSpec
  readonly timeoutUs?: number
  readonly keepAlive?: KeepAliveSpec
  readonly retries?: RetriesSpec
}

/** Connections that clients keep. */
export interface KeepAliveSpec {
  /** Share of the requests that go over them. */
  readonly share: number
  /** Mean of an exponential lifetime; Infinity: clients close none by themselves. */
  readonly lifetimeUs: number
  /** Mean time between two requests on one connection. */
  readonly intervalUs: number
  /** From the server's closing until the client knows. */
  readonly noticeUs: number
}

/** Tries after a loss: how many for one request, and how many for all, as a share of the requests. */
export interface RetriesSpec {
  readonly attempts: number
  readonly budget: number
}
