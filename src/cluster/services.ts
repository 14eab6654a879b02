// The table of Services.

import { type Column, fillColumn, NONE, int32Column, uint8Column } from '../base/columns.ts'
import type { Model, ServiceId, ServiceSpec } from '../model/types.ts'

export class Services {
  readonly count: number
  readonly exists: Column<ServiceId>
  /** Index of the spec in force; NONE before the first. */
  readonly spec: Column<ServiceId>
  private readonly model: Model

  constructor(model: Model) {
    this.model = model
    this.count = model.services.length
    this.exists = uint8Column(this.count)
    this.spec = int32Column(this.count)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.spec, NONE)
    this.model.services.forEach(({ isImplied }, row) => {
      if (!isImplied) return
      this.exists[row as ServiceId] = 1
      this.spec[row as ServiceId] = 0
    })
  }

  /** The spec in force; the Service must have had one. */
  specOf(service: ServiceId): ServiceSpec {
    return this.model.services[service].specs[this.spec[service]]
  }

  /** Whether pods of a template belong to the Service now. */
  selects(service: ServiceId, template: number): boolean {
    return this.exists[service] === 1 && this.model.services[service].selects[this.spec[service]][template] === 1
  }
}
