// Asks the manifest room whether Kubernetes would take an object, and what it would make of it.

import { textOf } from './objects.ts'
import { validateObject, hasSchema } from '../manifest/validate.ts'
import type { JsonObject, KubeObject } from '../manifest/types.ts'

/** The verdict of the API server on an object as written. */
export type Admission =
  | { readonly state: 'admitted'; readonly object: KubeObject }
  /** In the API server's words, with the field in front: `spec.replicas: Invalid value: -1: …`. */
  | { readonly state: 'refused'; readonly refusals: readonly string[] }

/** Pods of one workload that can be simulated; far more than one workload has in any cluster. */
const PODS_MAX = 20_000

/** Says so if an object asks for more pods than can be simulated. */
export function tooManyPods(object: KubeObject): string | undefined {
  if (!('spec' in object)) return undefined
  const { kind, spec } = object
  const [field, pods] =
    'replicas' in spec ? ['replicas', spec.replicas] : ['parallelism', 'parallelism' in spec ? spec.parallelism : 0]
  if (pods <= PODS_MAX) return undefined
  return `spec.${field}: ${pods} pods of a ${kind} are more than can be simulated; at most ${PODS_MAX}`
}

/** Checks and defaults an object that a patch, a grid or a step has made. */
export function admit(raw: JsonObject, kubernetes: string): Admission {
  const apiVersion = textOf(raw['apiVersion'])
  const kind = textOf(raw['kind'])
  if (!hasSchema(apiVersion, kind, kubernetes)) {
    return { state: 'refused', refusals: [`no matches for kind "${kind}" in version "${apiVersion}"`] }
  }
  const { object, problems } = validateObject(raw, { kubernetes })
  if (object !== undefined) {
    const excess = tooManyPods(object)
    return excess === undefined ? { state: 'admitted', object } : { state: 'refused', refusals: [excess] }
  }
  if (problems.length === 0) return { state: 'refused', refusals: [`${kind} is not modelled`] }
  return {
    state: 'refused',
    refusals: problems.map(({ path, message }) => (path === undefined ? message : `${path}: ${message}`)),
  }
}
