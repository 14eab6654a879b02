// Defaulting of claims, volumes and storage classes, after pkg/apis/core/v1/defaults.go and pkg/apis/storage/v1/defaults.go
// (v1.36).

import { fill } from './defaultsPod.ts'
import type { JsonObject } from './types.ts'

/** SetDefaults_PersistentVolumeClaimSpec. */
export function defaultPersistentVolumeClaimSpec(spec: JsonObject): void {
  fill(spec, { volumeMode: 'Filesystem', resources: {} })
}

/** SetDefaults_PersistentVolume. */
export function defaultPersistentVolumeSpec(spec: JsonObject): void {
  fill(spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' })
}

/** SetDefaults_StorageClass; its fields stand beside its metadata, not in a spec. */
export function defaultStorageClass(object: JsonObject): void {
  fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })
}
