// Priority classes of the manifests, after plugin/pkg/admission/priority, Kubernetes v1.36.

import { SYSTEM_PRIORITIES } from '../manifest/rules/priorityClass.ts'
import type { KubeObject } from '../manifest/types.ts'

export interface PriorityClass {
  readonly value: number
  /** preemptionPolicy is not Never. */
  readonly preempts: boolean
}

export interface Priorities {
  readonly byName: ReadonlyMap<string, PriorityClass>
  /** Of pods that name no class: the global default, or 0. */
  readonly otherwise: PriorityClass
}

/** The classes of an arm; of several global defaults the least counts, as in the admission plugin. */
export function compilePriorities(objects: readonly KubeObject[]): Priorities {
  const byName = new Map<string, PriorityClass>()
  for (const [name, value] of SYSTEM_PRIORITIES) byName.set(name, { value, preempts: true })
  let otherwise: PriorityClass | undefined
  for (const object of objects) {
    if (object.kind !== 'PriorityClass') continue
    const own = { value: object.value, preempts: object.preemptionPolicy !== 'Never' }
    byName.set(object.metadata.name, own)
    if (object.globalDefault && (otherwise === undefined || own.value < otherwise.value)) otherwise = own
  }
  return { byName, otherwise: otherwise ?? { value: 0, preempts: true } }
}
