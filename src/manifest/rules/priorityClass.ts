// Rules of PriorityClass, after pkg/apis/scheduling/validation/validation.go (v1.36), and what the admission plugin
// plugin/pkg/admission/priority asks of classes and pods together.

import type { KubeObject, PriorityClass } from '../types.ts'
import type { FieldErrors } from './fieldErrors.ts'
import { checkMetadata, nameRules } from './metadata.ts'

const SYSTEM_PREFIX = 'system-'
const USER_VALUE_MAX = 1_000_000_000

/** Values of the classes that every cluster has (pkg/apis/scheduling/v1/helpers.go). */
export const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
])

/** ValidatePriorityClass. */
export function checkPriorityClass(object: PriorityClass, errors: FieldErrors): void {
  const { metadata, preemptionPolicy, value } = object
  checkMetadata(metadata, nameRules.subdomain, errors)
  if (metadata.name.startsWith(SYSTEM_PREFIX)) {
    const fault = systemClassFault(object)
    const words = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: `
    if (fault !== undefined) errors.forbidden(['metadata', 'name'], words + fault)
  } else if (value > USER_VALUE_MAX) {
    errors.forbidden(['value'], `maximum allowed value of a user defined priority is ${USER_VALUE_MAX}`)
  }
  errors.oneOf(['preemptionPolicy'], preemptionPolicy, ['Never', 'PreemptLowerPriority'])
}

/** IsKnownSystemPriorityClass. */
function systemClassFault({ globalDefault, metadata: { name }, value }: PriorityClass): string | undefined {
  const known = SYSTEM_PRIORITIES.get(name)
  if (known === undefined) return `${name} is not a known system priority class`
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

/** A second global default is refused (validatePriorityClass of the admission plugin); undefined if it is not one. */
export function secondDefaultFault(object: KubeObject, earlier: readonly KubeObject[]): string | undefined {
  if (object.kind !== 'PriorityClass' || !object.globalDefault) return undefined
  const first = earlier.find((each) => each.kind === 'PriorityClass' && each.globalDefault)
  if (first === undefined) return undefined
  return `PriorityClass ${first.metadata.name} is already marked as default. Only one default can exist`
}

/** A PriorityClass that a pod template names and nobody gives; undefined: there is none. */
export function missingClass(object: KubeObject, given: ReadonlySet<string>): string | undefined {
  const name = podSpecOf(object)?.priorityClassName ?? ''
  return name === '' || SYSTEM_PRIORITIES.has(name) || given.has(name) ? undefined : name
}

function podSpecOf(object: KubeObject): { readonly priorityClassName?: string } | undefined {
  if (object.kind === 'Pod') return object.spec
  if (object.kind === 'CronJob') return object.spec.jobTemplate.spec.template.spec
  return 'spec' in object && 'template' in object.spec ? object.spec.template.spec : undefined
}
