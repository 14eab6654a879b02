// Claims, volumes and storage classes as integers.

import type { StorageTimings } from '../scenario/types.ts'
import type { TemplateId } from './ids.ts'
import type { NodeTerm } from './nodeAffinity.ts'
import type { ClaimSpec, ObjectModel } from './specTypes.ts'

/** Access modes as bits of a set. */
export const AccessMode = { ReadWriteOnce: 1, ReadOnlyMany: 2, ReadWriteMany: 4, ReadWriteOncePod: 8 } as const

/** Where a disk that a provisioner makes can be used: in the zone of a node, on that node alone, or anywhere. */
export type DiskTopology = 'zone' | 'node' | 'none'

export interface StorageClassModel {
  readonly name: string
  /** False: kubernetes.io/no-provisioner, or no class of that name: only volumes of the manifests can be bound. */
  readonly provisions: boolean
  /** volumeBindingMode WaitForFirstConsumer; Immediate otherwise. */
  readonly waitsForConsumer: boolean
  /** The driver must attach its volumes to a node (CSIDriver attachRequired). */
  readonly attachable: boolean
  readonly topology: DiskTopology
  /** Nodes that its disks may be made for; undefined: any. */
  readonly allowed: readonly NodeTerm[] | undefined
  readonly timings: StorageTimings
}

/** A PersistentVolume of the manifests. */
export interface VolumeSpec {
  readonly template: TemplateId
  readonly className: string
  readonly accessModes: number
  readonly bytes: number
  /** Nodes that can use it: node affinity and zone labels; undefined: any. */
  readonly nodes: readonly NodeTerm[] | undefined
  readonly labels: Readonly<Record<string, string>>
  /** Empty: whoever comes. */
  readonly claimName: string
  readonly attachable: boolean
}

/** Storage of an arm; a model without it has no claims that pods use. */
export interface StorageModel {
  readonly classes: readonly StorageClassModel[]
  /** Index of the class of each name that some claim or volume has. */
  readonly classOf: ReadonlyMap<string, number>
  /** The class of claims that name none. */
  readonly defaultClass: number
  readonly claims: readonly ObjectModel<ClaimSpec>[]
  readonly volumes: readonly ObjectModel<VolumeSpec>[]
  readonly jitter: boolean
  /** Most claims that one pod uses. */
  readonly claimsMax: number
}
