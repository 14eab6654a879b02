// Whether a scenario needs storage at all, and how its disks behave: the profile, under `"*"`, under the class's entry.

import { isJsonObject, type KubeObject } from '../manifest/types.ts'
import { readDistribution, type PartProblem } from './distribution.ts'
import type { WrittenStorage, WrittenStorageTimings } from './schemaStorage.ts'
import type { ScenarioArm, Step, StorageSpec, StorageTimings } from './types.ts'

type Report = (problem: PartProblem) => void

/** Lays what is written over complete storage, class by class: under a class's entry lies what is said of all. */
export function mergeStorage(under: StorageSpec, written: WrittenStorage, report: Report): StorageSpec {
  const entries = written.classes ?? {}
  const at =
    (name: string): Report =>
    ({ path, message }) =>
      report({ path: ['classes', name, ...path], message })
  const every = overlay(under.classes['*']!, entries['*'] ?? {}, at('*'))
  const classes: Record<string, StorageTimings> = { ...under.classes, '*': every }
  for (const [name, entry] of Object.entries(entries))
    if (name !== '*') classes[name] = overlay(under.classes[name] ?? every, entry, at(name))
  return { volumes: written.volumes ?? under.volumes, jitter: written.jitter ?? under.jitter, classes }
}

function overlay(under: StorageTimings, entry: WrittenStorageTimings, report: Report): StorageTimings {
  const read = (field: 'provision' | 'attach' | 'detach' | 'mount' | 'format' | 'unmount') =>
    entry[field] === undefined
      ? under[field]
      : readDistribution(entry[field], ({ path, message }) => report({ path: [field, ...path], message }))
  const attachRequired = entry.attachRequired ?? under.attachRequired
  const topology = entry.topology ?? under.topology
  return {
    provision: read('provision'),
    attach: read('attach'),
    detach: read('detach'),
    mount: read('mount'),
    format: read('format'),
    unmount: read('unmount'),
    attachFails: entry.attachFails ?? under.attachFails,
    ...(attachRequired === undefined ? {} : { attachRequired }),
    ...(topology === undefined ? {} : { topology }),
  }
}

/** Whether any pod of an arm or of a step uses a claim: without one there is nothing to attach. */
export function usesClaims(arms: readonly ScenarioArm[], steps: readonly Step[]): boolean {
  return arms.some(({ objects }) => objects.some(mentionsClaim)) || steps.some(mentionsClaim)
}

/** A volume of a pod that is a claim, or a claim template. */
function mentionsClaim(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentionsClaim)
  if (!isJsonObject(value)) return false
  return Object.entries(value).some(([field, child]) => {
    if (field === 'persistentVolumeClaim') return true
    if (field === 'volumeClaimTemplates') return Array.isArray(child) && child.length > 0
    return mentionsClaim(child)
  })
}

/** The annotation of the class that claims without a class get. */
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'

/**
 * Classes that claims name and neither a StorageClass nor a PersistentVolume has; empty for claims without a class where
 * no class is the default one.
 */
export function assumedClasses(objects: readonly KubeObject[]): string[] {
  const known = new Set<string>()
  let hasDefault = false
  for (const object of objects) {
    if (object.kind === 'StorageClass') {
      known.add(object.metadata.name)
      if (object.metadata.annotations[DEFAULT_CLASS] === 'true') hasDefault = true
    }
    if (object.kind !== 'PersistentVolume') continue
    known.add(object.spec.storageClassName ?? '')
  }
  const wanted = objects.flatMap((object) => {
    if (object.kind === 'PersistentVolumeClaim') return [object.spec]
    return object.kind === 'StatefulSet' ? object.spec.volumeClaimTemplates.map(({ spec }) => spec) : []
  })
  const missing = wanted.flatMap(({ storageClassName }) => {
    if (storageClassName === undefined) return hasDefault || known.has('') ? [] : ['']
    return storageClassName === '' || known.has(storageClassName) ? [] : [storageClassName]
  })
  return [...new Set(missing)]
}
