// What a profile is once it is read: every delay and failure that a scenario leaves unsaid.

import { IDEAL_KUBELET, layKubelets } from '../kubeletSettings.ts'
import type { KubeletSettings } from '../kubeletTypes.ts'
import type { Reporter } from '../reporter.ts'
import type { WrittenFault } from '../schema.ts'
import type { WrittenProfile, WrittenSections } from '../schemaProfile.ts'
import { mergeScheduler } from '../schedulerSpec.ts'
import { mergeStorage } from '../storage.ts'
import { mergeSurroundings, mergeTimings } from '../timings.ts'
import type { DurationSpec, ImageTimings, SchedulerSpec, StorageSpec, Surroundings } from '../types.ts'

/** The sections, complete; schemaProfile.ts says how to add one. */
export interface ProfileSections {
  /** By image; `"*"` is present and complete. */
  readonly timings: Readonly<Record<string, ImageTimings>>
  readonly surroundings: Surroundings
  readonly kubelets: KubeletSettings
  readonly scheduler: SchedulerSpec
  readonly storage: StorageSpec
  /** Resolved against the nodes of a scenario later. */
  readonly faults: readonly WrittenFault[]
}

/** A profile that was read. */
export interface Profile {
  readonly name: string
  /** How a scenario says it that can read no file: its name if it ships, else what stands in its file. */
  readonly written: string | WrittenProfile
  readonly sections: ProfileSections
  /** Reports what is wrong with its `spec` in the light of a scenario. */
  readonly at: Reporter
}

const atOnce: DurationSpec = { type: 'fixed', us: 0 }

/** Nothing takes time and nothing fails; containers run until they are told to stop. */
export const NO_DELAYS: ProfileSections = {
  timings: { '*': { pull: atOnce, start: atOnce, ready: atOnce, terminate: atOnce, run: { type: 'never' }, fail: 0 } },
  surroundings: { apiWriteUs: 0, bind: atOnce, endpointDelayUs: 0 },
  kubelets: IDEAL_KUBELET,
  scheduler: { tieBreak: 'random', cycle: atOnce, bindsPerSecond: 0, bindBurst: 100 },
  storage: {
    volumes: 'real',
    jitter: false,
    classes: {
      '*': {
        provision: atOnce,
        attach: atOnce,
        detach: atOnce,
        mount: atOnce,
        format: atOnce,
        unmount: atOnce,
        attachFails: 0,
      },
    },
  },
  faults: [],
}

/** Lays what is written, in a profile or in a scenario, over complete sections, field by field. */
export function laySections(under: ProfileSections, written: WrittenSections, at: Reporter): ProfileSections {
  return {
    timings: mergeTimings(under.timings, written.timings ?? {}, at.within('timings').part),
    surroundings: mergeSurroundings(under.surroundings, written.surroundings ?? {}, at.within('surroundings').part),
    kubelets: layKubelets(under.kubelets, written, at),
    scheduler: mergeScheduler(under.scheduler, written.scheduler ?? {}, at.within('scheduler').part),
    storage: mergeStorage(under.storage, written.storage ?? {}, at.within('storage').part),
    faults: written.faults ?? under.faults,
  }
}
