// What a scenario says of images, the registry and the kubelets, resolved.

import type { DurationSpec } from './durationSpec.ts'

/** What an application does on SIGTERM. */
export type SigtermBehaviour = 'drains' | 'exits' | 'ignores'

/** Settings of one image; those of `"*"` merged in. */
export interface ImageSettings {
  /** Compressed size; NONE (-1): not known. */
  readonly sizeBytes: number
  /** True: `pull` was not written where the size was, so the size decides how long a pull takes. */
  readonly pulledBySize: boolean
  /** Share of the bytes that a node has already, 0 to 1. */
  readonly layersShared: number
  readonly exists: boolean
  readonly pullFailure: number
  readonly onSigterm: SigtermBehaviour
  readonly preStop: DurationSpec
  readonly postStart: DurationSpec
}

/** Where images come from. */
export interface RegistrySettings {
  /** Bytes per second of one node, drawn per node; a median of Infinity costs no time. */
  readonly bandwidth: { readonly median: number; readonly p95: number }
  readonly request: DurationSpec
  readonly pullFailure: number
  /** When every pull fails; counts from 0 of the timeline. */
  readonly outages: readonly { readonly fromUs: number; readonly untilUs: number }[]
}

/** Everything about kubelets that is not a timing of one image. */
export interface KubeletSettings {
  /** Phases of loops, and jitter of retries, are drawn; false (profile `ideal`): all are 0. */
  readonly hasPhases: boolean
  /** From the end of a sync that started or killed a container until the runtime has been asked again. */
  readonly relist: DurationSpec
  /** Creation and start of one container beside the application. */
  readonly create: DurationSpec
  /** Pulls at a time on one node: 1 is serial, 0 is without limit. */
  readonly pullsMax: number
  readonly restartPeriodUsMax: number
  readonly registry: RegistrySettings
  /** By condition type: from ready containers until the condition is True; a type that is not here stays False. */
  readonly readinessGates: Readonly<Record<string, number>>
  /** By image; `"*"` is present. */
  readonly images: Readonly<Record<string, ImageSettings>>
}
