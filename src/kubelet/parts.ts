// The parts of the real kubelets, as they know each other. What a function does is said where it stands.

import type { Cluster } from '../cluster/cluster.ts'
import type { PodPhase } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ContainerRole } from '../model/containers.ts'
import type { NodeId } from '../model/types.ts'
import type { KubeletDraws } from './draws.ts'
import type { PodTable, Step } from './podTable.ts'
import type { PodVolumes } from './podVolumes.ts'

/** What becomes of a container whose image is asked for. */
export type ImageOutcome = 'present' | 'waiting' | 'failed'

/** imageManager.ts */
export interface ImagesPart {
  ensure(slot: number): ImageOutcome
  hangs(slot: number): boolean
  abandon(slot: number): void
  forgetSlot(slot: number): void
  forgetNode(node: NodeId): void
}

/** processes.ts */
export interface ProcessesPart {
  start(slot: number): void
  stop(slot: number, sigtermUs: number, endUs: number, succeeds: boolean): void
  answers(slot: number): boolean
}

/** prober.ts */
export interface ProberPart {
  addPod(pod: PodId, kubeletIsNew: boolean): void
  stopLivenessAndStartup(pod: PodId): void
  removePod(pod: PodId): void
  lookAtUnready(pod: PodId): void
  wake(slot: number): void
}

/** status.ts */
export interface StatusPart {
  update(pod: PodId): void
  writeNow(pod: PodId): void
  phaseOf(pod: PodId): PodPhase
  isRestarted(slot: number): boolean
  isInitialized(slot: number, role: ContainerRole): boolean
}

/** podWorkers.ts */
export interface WorkersPart {
  request(pod: PodId): void
  requestAt(pod: PodId, atUs: number): void
  wait(pod: PodId, step: Step, us: number): void
  stepWord(pod: PodId): number
  interrupt(pod: PodId): void
  imageKnown(slot: number, outcome: ImageOutcome): void
  processEnded(pod: PodId): void
  endSync(pod: PodId): void
}

export interface KubeletParts {
  readonly cluster: Cluster
  readonly table: PodTable
  readonly draws: KubeletDraws
  readonly volumes: PodVolumes
  readonly images: ImagesPart
  readonly processes: ProcessesPart
  readonly prober: ProberPart
  readonly status: StatusPart
  readonly workers: WorkersPart
}
