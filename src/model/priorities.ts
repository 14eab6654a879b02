// Priority classes of the manifests, after plugin/pkg/admission/priority, Kubernetes v1.36.

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

/** Classes that every cluster has. */
const SYSTEM_CLASSES: readonly (readonly [string, PriorityClass])[] = [
  ['system-cluster-critical', { value: 2_000_000_000, preempts: true }],
  ['system-node-critical', { value: 2_000_001_000, preempts: true }],
]

interface RawPriorityClass {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly value: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}

/** The classes of an arm; of several global defaults the least counts, as in the admission plugin. */
export function compilePriorities(objects: readonly KubeObject[]): Priorities {
  const byName = new Map<string, PriorityClass>(SYSTEM_CLASSES)
  let otherwise: PriorityClass | undefined
  for (const object of objects as unknown as readonly RawPriorityClass[]) {
    if (object.kind !== 'PriorityClass') continue
    const own = { value: object.value, preempts: object.preemptionPolicy !== 'Never' }
    byName.set(object.metadata.name, own)
    if (object.globalDefault === true && (otherwise === undefined || own.value < otherwise.value)) otherwise = own
  }
  return { byName, otherwise: otherwise ?? { value: 0, preempts: true } }
}
