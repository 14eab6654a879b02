// Rules of PersistentVolumeClaim, PersistentVolume and StorageClass, after pkg/apis/core/validation/validation.go and
// pkg/apis/storage/validation/validation.go (v1.36).

import { canonicalQuantity, parseQuantity } from '../quantity.ts'
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, StorageClass } from '../types.ts'
import { checkQuantity } from './container.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { checkMetadata, nameRules } from './metadata.ts'
import { dnsSubdomainFaults, labelKeyFaults } from './names.ts'
import { checkNodeSelectorTerm } from './scheduling.ts'

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const volumeModes = ['Block', 'Filesystem']

/** ValidatePersistentVolumeClaim. */
export function checkPersistentVolumeClaim({ metadata, spec }: PersistentVolumeClaim, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  checkClaimSpec(spec, ['spec'], errors)
}

/** ValidatePersistentVolumeClaimSpec. */
export function checkClaimSpec(spec: PersistentVolumeClaimSpec, path: Path, errors: FieldErrors): void {
  const modes = spec.accessModes ?? []
  if (modes.length === 0) errors.required([...path, 'accessModes'], 'at least 1 access mode is required')
  for (const mode of modes) errors.oneOf([...path, 'accessModes'], mode, accessModes)
  checkAlone(modes, path, errors)
  const storage = spec.resources.requests?.['storage']
  if (storage === undefined) errors.required([...path, 'resources', 'requests', 'storage'])
  else if ((parseQuantity(storage)?.nano ?? 0n) <= 0n) {
    errors.invalid(
      [...path, 'resources', 'requests', 'storage'],
      canonicalQuantity(storage),
      'must be greater than zero',
    )
  }
  errors.oneOf([...path, 'volumeMode'], spec.volumeMode, volumeModes)
}

/** A volume for one pod is for nothing else. */
function checkAlone(modes: readonly string[], path: Path, errors: FieldErrors): void {
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    errors.forbidden([...path, 'accessModes'], 'may not use ReadWriteOncePod with other access modes')
  }
}

/** Fields of a PersistentVolume's spec that say how it is used; every other one is a source. */
const volumeFields = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
])

/** Where the disk of a PersistentVolume is: the name of the only field that says so, or undefined. */
export function volumeSource(spec: PersistentVolume['spec']): string | undefined {
  return Object.keys(spec).find((field) => !volumeFields.has(field))
}

/** ValidatePersistentVolume. */
export function checkPersistentVolume({ metadata, spec }: PersistentVolume, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  if (metadata.namespace !== '') errors.forbidden(['metadata', 'namespace'], 'not allowed on this type', 'remove it')
  const at = ['spec']
  const modes = spec.accessModes ?? []
  if (modes.length === 0) errors.required([...at, 'accessModes'])
  for (const mode of modes) errors.oneOf([...at, 'accessModes'], mode, accessModes)
  checkAlone(modes, at, errors)
  const { storage, ...others } = spec.capacity ?? {}
  if (spec.capacity === undefined) errors.required([...at, 'capacity'])
  else if (storage === undefined || Object.keys(others).length > 0) {
    errors.unsupported([...at, 'capacity'], spec.capacity, ['storage'])
  }
  if (storage !== undefined) {
    checkQuantity(storage, [...at, 'capacity', 'storage'], errors)
    if ((parseQuantity(storage)?.nano ?? 0n) <= 0n)
      errors.invalid([...at, 'capacity', 'storage'], canonicalQuantity(storage), 'must be greater than zero')
  }
  errors.oneOf([...at, 'persistentVolumeReclaimPolicy'], spec.persistentVolumeReclaimPolicy, [
    'Delete',
    'Recycle',
    'Retain',
  ])
  checkVolumeAffinity(spec, [...at, 'nodeAffinity'], errors)
  const [source, ...more] = Object.keys(spec).filter((field) => !volumeFields.has(field))
  if (source === undefined) errors.required(at, 'must specify a volume type')
  for (const field of more) errors.forbidden([...at, field], 'may not specify more than 1 volume type')
  errors.oneOf([...at, 'volumeMode'], spec.volumeMode, volumeModes)
}

/** validateVolumeNodeAffinity: a local volume must say on which node it is. */
function checkVolumeAffinity({ local, nodeAffinity }: PersistentVolume['spec'], at: Path, errors: FieldErrors): void {
  if (nodeAffinity === undefined) {
    if (local !== undefined) errors.required(at, 'Local volume requires node affinity')
    return
  }
  if (nodeAffinity.required === undefined) {
    errors.required([...at, 'required'], 'must specify required node constraints')
    return
  }
  const terms = nodeAffinity.required.nodeSelectorTerms
  const path = [...at, 'required', 'nodeSelectorTerms']
  if (terms.length === 0) errors.required(path, 'must have at least one node selector term')
  for (const [index, term] of terms.entries()) checkNodeSelectorTerm(term, [...path, index], errors)
}

/** ValidateStorageClass. */
export function checkStorageClass(object: StorageClass, errors: FieldErrors): void {
  checkMetadata(object.metadata, nameRules.subdomain, errors)
  if (object.provisioner === '') errors.required(['provisioner'])
  else if (!object.provisioner.includes('/'))
    for (const fault of dnsSubdomainFaults(object.provisioner))
      errors.invalid(['provisioner'], object.provisioner, fault)
  else
    for (const fault of labelKeyFaults(object.provisioner)) errors.invalid(['provisioner'], object.provisioner, fault)
  errors.oneOf(['reclaimPolicy'], object.reclaimPolicy, ['Delete', 'Retain'])
  errors.oneOf(['volumeBindingMode'], object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'])
}
