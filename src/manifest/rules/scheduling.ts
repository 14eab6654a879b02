// Rules of tolerations, taints, node affinity and spreading, after pkg/apis/core/validation/validation.go (v1.36).

import type {
  Affinity,
  NodeSelectorTerm,
  NodeTaint,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from '../types.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { checkSelector } from './metadata.ts'
import { labelKeyFaults, labelValueFaults } from './names.ts'

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** ValidateTolerations. */
export function checkTolerations(tolerations: readonly Toleration[], path: Path, errors: FieldErrors): void {
  for (const [index, toleration] of tolerations.entries()) {
    const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration
    const at = [...path, index]
    if (key !== '') for (const fault of labelKeyFaults(key)) errors.invalid([...at, 'key'], key, fault)
    if (key === '' && operator !== 'Exists') {
      const rule = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      errors.invalid([...at, 'operator'], operator, rule)
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.invalid([...at, 'effect'], effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
    }
    if (operator === '' || operator === 'Equal') {
      for (const fault of labelValueFaults(value)) errors.invalid([...at, 'operator'], value, fault)
    } else if (operator !== 'Exists') errors.unsupported([...at, 'operator'], operator, ['Equal', 'Exists'])
    else if (value !== '') errors.invalid([...at, 'operator'], value, "value must be empty when `operator` is 'Exists'")
    if (effect !== '') errors.oneOf([...at, 'effect'], effect, taintEffects)
  }
}

/** validateNodeTaints. */
export function checkTaints(taints: readonly NodeTaint[], path: Path, errors: FieldErrors): void {
  const seen = new Set<string>()
  for (const [index, { key, value = '', effect }] of taints.entries()) {
    const at = [...path, index]
    for (const fault of labelKeyFaults(key)) errors.invalid([...at, 'key'], key, fault)
    for (const fault of labelValueFaults(value)) errors.invalid([...at, 'value'], value, fault)
    errors.oneOf([...at, 'effect'], effect, taintEffects)
    const identity = `${key}:${effect}`
    if (seen.has(identity)) errors.duplicate(at, identity, 'taints must be unique by key and effect pair')
    seen.add(identity)
  }
}

/** validateAffinity: selectors, operators, weights, topology keys. */
export function checkAffinity(affinity: Affinity, path: Path, errors: FieldErrors): void {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution'
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
  const node = affinity.nodeAffinity
  if (node !== undefined) {
    const at = [...path, 'nodeAffinity']
    const terms = node[required]?.nodeSelectorTerms
    if (terms?.length === 0) {
      errors.required([...at, required, 'nodeSelectorTerms'], 'must have at least one node selector term')
    }
    for (const [index, term] of (terms ?? []).entries()) {
      checkNodeSelectorTerm(term, [...at, required, 'nodeSelectorTerms', index], errors)
    }
    for (const [index, { weight, preference }] of (node[preferred] ?? []).entries()) {
      checkWeight(weight, [...at, preferred, index, 'weight'], errors)
      checkNodeSelectorTerm(preference, [...at, preferred, index, 'preference'], errors)
    }
  }
  for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods: PodAffinity = affinity[name] ?? {}
    for (const [index, term] of (pods[required] ?? []).entries()) {
      checkPodAffinityTerm(term, [...path, name, required, index], errors)
    }
    for (const [index, { weight, podAffinityTerm }] of (pods[preferred] ?? []).entries()) {
      checkWeight(weight, [...path, name, preferred, index, 'weight'], errors)
      checkPodAffinityTerm(podAffinityTerm, [...path, name, preferred, index, 'podAffinityTerm'], errors)
    }
  }
}

function checkWeight(weight: number, path: Path, errors: FieldErrors): void {
  if (weight < 1 || weight > 100) errors.invalid(path, weight, 'must be in the range 1-100')
}

function checkPodAffinityTerm(term: PodAffinityTerm, path: Path, errors: FieldErrors): void {
  checkSelector(term.labelSelector, [...path, 'labelSelector'], errors)
  if (term.topologyKey === '') errors.required([...path, 'topologyKey'], 'can not be empty')
  else {
    for (const fault of labelKeyFaults(term.topologyKey))
      errors.invalid([...path, 'topologyKey'], term.topologyKey, fault)
  }
}

/** ValidateNodeSelectorRequirement, for each requirement on labels. */
export function checkNodeSelectorTerm(term: NodeSelectorTerm, path: Path, errors: FieldErrors): void {
  for (const [index, { key, operator, values = [] }] of (term.matchExpressions ?? []).entries()) {
    const at = [...path, 'matchExpressions', index]
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0)
          errors.required([...at, 'values'], "must be specified when `operator` is 'In' or 'NotIn'")
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) {
          errors.forbidden([...at, 'values'], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        }
        break
      case 'Gt':
      case 'Lt':
        if (values.length !== 1) {
          errors.required([...at, 'values'], "must be specified single value when `operator` is 'Lt' or 'Gt'")
        }
        break
      default:
        errors.invalid([...at, 'operator'], operator, 'not a valid selector operator')
    }
    for (const fault of labelKeyFaults(key)) errors.invalid([...at, 'key'], key, fault)
  }
}

/** validateTopologySpreadConstraints. */
export function checkSpreading(
  constraints: readonly TopologySpreadConstraint[],
  path: Path,
  errors: FieldErrors,
): void {
  for (const [index, constraint] of constraints.entries()) {
    const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector, minDomains } = constraint
    const at = [...path, index]
    if (maxSkew <= 0) errors.invalid([...at, 'maxSkew'], maxSkew, 'must be greater than zero')
    if (topologyKey === '') errors.required([...at, 'topologyKey'], 'can not be empty')
    errors.oneOf([...at, 'whenUnsatisfiable'], whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'])
    const repeated = constraints.findIndex(
      (other, place) =>
        place > index && other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable,
    )
    if (repeated >= 0) {
      errors.duplicate([...at, '{topologyKey, whenUnsatisfiable}'], `{${topologyKey}, ${whenUnsatisfiable}}`)
    }
    if (minDomains !== undefined && minDomains <= 0) {
      errors.invalid([...at, 'minDomains'], minDomains, 'must be greater than zero')
    }
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      const rule = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
      errors.invalid([...at, 'minDomains'], minDomains, rule)
    }
    checkSelector(labelSelector, [...at, 'labelSelector'], errors)
  }
}
