// Checks what a timeline makes of the objects: every state on the way must be one that Kubernetes accepts, in every arm.

import { mistakenKind } from '../manifest/load.ts'
import type { JsonObject } from '../manifest/types.ts'
import { hasSchema } from '../manifest/validate.ts'
import { admit } from './admission.ts'
import { Evolution } from './evolution.ts'
import { canonicalJson } from './hash.ts'
import { imagesOf, keyOf, member, textOf } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { PlacedStep } from './timeline.ts'
import type { ScenarioArm } from './types.ts'

/** What may be changed of the spec of a StatefulSet that exists, in the order of the API server's message. */
const STATEFUL_SET_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

/**
 * Plays the timeline on the objects of every arm and reports each step that Kubernetes would refuse, once.
 *
 * @returns every image that some container has at some time in some arm
 */
export function checkTimeline(
  arms: readonly ScenarioArm[],
  steps: readonly PlacedStep[],
  kubernetes: string,
  reporter: Reporter,
): ReadonlySet<string> {
  const images = new Set<string>()
  const reported = new Set<string>()
  for (const arm of arms) {
    const raws = arm.rawObjects as readonly JsonObject[]
    raws.flatMap(imagesOf).forEach((image) => images.add(image))
    const evolution = new Evolution(raws)
    for (const { step, index } of steps) {
      const ref = 'workload' in step ? step.workload : undefined
      const before = ref && evolution.get(ref)
      const effect = evolution.apply(step)
      const refusals: string[] = []
      if (effect.type === 'refused') refusals.push(effect.reason)
      if (effect.type === 'changed' && isForeign(effect.raw, kubernetes)) {
        const message = `${textOf(effect.raw['kind'])} is not modelled: no controller that is simulated looks at it`
        if (!reported.has(`${index} ${message}`)) reporter.warning([index, step.op], message)
        reported.add(`${index} ${message}`)
      } else if (effect.type === 'changed') {
        imagesOf(effect.raw).forEach((image) => images.add(image))
        const admission = admit(effect.raw, kubernetes)
        const frozen = before === undefined ? [] : immutableChanges(before, effect.raw)
        const invalid = admission.state === 'refused' ? admission.refusals : []
        refusals.push(...[...invalid, ...frozen].map((refusal) => `Kubernetes would refuse ${effect.key}: ${refusal}`))
      }
      for (const refusal of refusals) {
        const inArm = arms.length === 1 ? '' : ` (in arm ${arm.name})`
        if (!reported.has(`${index} ${refusal}`)) reporter.error([index, step.op], `${refusal}${inArm}`)
        reported.add(`${index} ${refusal}`)
      }
      // The first arm that a step does not fit says enough about it.
      if (refusals.length > 0) break
    }
  }
  return images
}

/** Whether a kind is none that is simulated, nor one of those misspelt: a ConfigMap, a Secret, a custom resource. */
function isForeign(raw: JsonObject, kubernetes: string): boolean {
  const [apiVersion, kind] = [textOf(raw['apiVersion']), textOf(raw['kind'])]
  return !hasSchema(apiVersion, kind, kubernetes) && mistakenKind(apiVersion, kind, kubernetes) === undefined
}

/** Changes of an existing object that the API server forbids, in its words. */
function immutableChanges(before: JsonObject, after: JsonObject): string[] {
  const [specBefore, specAfter] = [member(before, 'spec') ?? {}, member(after, 'spec') ?? {}]
  if (keyOf(before) !== keyOf(after)) return ['metadata.name: Invalid value: field is immutable']
  const changed = [...new Set([...Object.keys(specBefore), ...Object.keys(specAfter)])].filter(
    (field) => canonicalJson(specBefore[field] ?? null) !== canonicalJson(specAfter[field] ?? null),
  )
  if (before['kind'] === 'StatefulSet' && changed.some((field) => !STATEFUL_SET_MUTABLE.includes(field))) {
    const allowed = STATEFUL_SET_MUTABLE.map((field) => `'${field}'`)
    const list = `${allowed.slice(0, -1).join(', ')} and ${allowed.at(-1)}`
    return [`spec: Forbidden: updates to statefulset spec for fields other than ${list} are forbidden`]
  }
  if (before['kind'] === 'ReplicationController' || !changed.includes('selector')) return []
  return [`spec.selector: Invalid value: ${JSON.stringify(specAfter['selector'])}: field is immutable`]
}
