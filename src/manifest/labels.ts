// Label selectors, after apimachinery/pkg/apis/meta/v1 LabelSelectorAsSelector (v0.36).

import type { LabelMap, LabelSelector, LabelSelectorRequirement } from './types.ts'

/** Whether every label of `wanted` is among `labels`. This is the selector of a Service or ReplicationController. */
export function matchesLabels(wanted: LabelMap, labels: LabelMap): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

function matchesRequirement({ key, operator, values = [] }: LabelSelectorRequirement, labels: LabelMap): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      // An absent label is in no set, so it satisfies NotIn.
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}

/** Whether a selector matches: all of matchLabels and all of matchExpressions. An absent selector matches nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: LabelMap): boolean {
  if (selector === undefined) return false
  return (
    matchesLabels(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels))
  )
}

/** Whether a selector is `{}`, which matches every object. */
export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
}
