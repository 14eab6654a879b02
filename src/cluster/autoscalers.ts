// The table of HorizontalPodAutoscalers. Its writers stand in autoscalerWrites.ts.

import { NONE } from '../base/columns.ts'
import type { AutoscalerSpec } from '../model/autoscalerSpec.ts'

export class Autoscalers {
  /** By row; undefined: it does not exist. */
  readonly specs: (AutoscalerSpec | undefined)[] = []
  /** By Deployment: spec.replicas as its author last wrote it, where an autoscaler has changed it since; or NONE. */
  readonly writtenReplicas: Int32Array

  constructor(deployments: number) {
    this.writtenReplicas = new Int32Array(deployments)
  }

  reset(): void {
    this.specs.fill(undefined)
    this.writtenReplicas.fill(NONE)
  }
}
