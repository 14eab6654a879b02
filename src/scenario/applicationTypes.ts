// How the application of an image behaves, resolved. What is absent does not happen.

import type { DurationSpec } from './durationSpec.ts'

/** Something that befalls a part of the containers, some time after a start. */
export interface MishapSpec {
  readonly probability: number
  readonly after: DurationSpec
}

export interface ApplicationSpec {
  /** Requests that a container answers well before it fails for ever. */
  readonly failsAfter?: number
  /** Share of the requests that is answered with an error. */
  readonly errorShare?: number
  /** Millicores that one request a second takes. */
  readonly cpuPerRequest?: number
  /** Requests per second that one pod can answer. */
  readonly capacity?: number
  /** Time that a request takes once it is served. */
  readonly serviceTime?: DurationSpec
  /** Requests that one pod serves at the same time, and that may wait in it. */
  readonly concurrency?: number
  readonly queue?: number
  readonly warmUp?: { readonly fromShare: number; readonly overUs: number }
  readonly memoryLeak?: {
    readonly baseBytes: number
    readonly bytesPerRequest: number
    readonly bytesPerSecond: number
    /** Absent: the container's own memory limit. */
    readonly limitBytes?: number
  }
  readonly crash?: MishapSpec
  readonly hang?: MishapSpec
  readonly migration?: { readonly duration: DurationSpec; readonly lock: boolean; readonly once: boolean }
  readonly clone?: { readonly bytes: number; readonly bytesPerSecond: number; readonly peerLoadShare: number }
}
