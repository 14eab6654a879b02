// Rules of metadata, labels and selectors, after apimachinery/pkg/api/validation/objectmeta.go and
// apimachinery/pkg/apis/meta/v1/validation (v0.36).

import { isEmptySelector, matchesSelector } from '../labels.ts'
import type { LabelMap, LabelSelector, ObjectMeta } from '../types.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { dnsLabelFaults, dnsSubdomainFaults, labelKeyFaults, labelValueFaults, pathSegmentFaults } from './names.ts'

const annotationsMaxBytes = 256 * 1024

/** ValidateObjectMeta: name, namespace, labels and annotations. */
export function checkMetadata(metadata: ObjectMeta, nameFaults: (name: string) => string[], errors: FieldErrors): void {
  const { name, namespace, labels, annotations } = metadata
  if (name === undefined || name === '') {
    const generated = 'generateName' in metadata ? 'write a name; generateName cannot be used with apply' : undefined
    errors.required(['metadata', 'name'], 'name or generateName is required', generated)
  } else {
    for (const fault of nameFaults(name)) errors.invalid(['metadata', 'name'], name, fault)
  }
  if (namespace !== '') {
    for (const fault of dnsLabelFaults(namespace)) errors.invalid(['metadata', 'namespace'], namespace, fault)
  }
  checkLabels(labels, ['metadata', 'labels'], errors)
  checkAnnotations(annotations, ['metadata', 'annotations'], errors)
}

/** What names of a kind have to be. */
export const nameRules = {
  label: dnsLabelFaults,
  subdomain: dnsSubdomainFaults,
  pathSegment: pathSegmentFaults,
} as const

export function checkLabels(labels: LabelMap | undefined, path: Path, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const fault of labelKeyFaults(key)) errors.invalid([...path, key], key, fault)
    for (const fault of labelValueFaults(value)) errors.invalid([...path, key], value, fault)
  }
}

export function checkAnnotations(annotations: LabelMap | undefined, path: Path, errors: FieldErrors): void {
  let size = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    size += key.length + value.length
    for (const fault of labelKeyFaults(key.toLowerCase())) errors.invalid([...path, key], key, fault)
  }
  if (size > annotationsMaxBytes)
    errors.invalid(path, '<value omitted>', `may not be more than ${annotationsMaxBytes} bytes`)
}

/** ValidateLabelSelector. */
export function checkSelector(selector: LabelSelector | undefined, path: Path, errors: FieldErrors): void {
  if (selector === undefined) return
  checkLabels(selector.matchLabels, [...path, 'matchLabels'], errors)
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries()) {
    const { key, operator, values = [] } = requirement
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
      default:
        errors.invalid(
          [...at, 'operator'],
          operator,
          'not a valid selector operator',
          'write In, NotIn, Exists or DoesNotExist',
        )
    }
    for (const fault of labelKeyFaults(key)) errors.invalid([...at, 'key'], key, fault)
    for (const [place, value] of values.entries()) {
      for (const fault of labelValueFaults(value)) errors.invalid([...at, 'values', place], value, fault)
    }
  }
}

/** A workload's selector: present, not empty, and true of the template's labels. */
export function checkOwnSelector(
  selector: LabelSelector | undefined,
  labels: LabelMap,
  kind: string,
  errors: FieldErrors,
): void {
  const path = ['spec', 'selector']
  const before = errors.found.length
  checkSelector(selector, path, errors)
  // A selector that is no selector has nothing to say about labels.
  if (errors.found.length > before) return
  if (selector === undefined) return errors.required(path, '', `write matchLabels: ${JSON.stringify(labels)}`)
  if (isEmptySelector(selector)) {
    return errors.invalid(path, selector, `empty selector is invalid for ${kind}`, 'write matchLabels')
  }
  if (!matchesSelector(selector, labels))
    selectorMismatch(['spec', 'template', 'metadata', 'labels'], labels, errors, selector)
}

/** The message for a template that its own selector does not match. */
export function selectorMismatch(path: Path, labels: LabelMap, errors: FieldErrors, selector?: LabelSelector): void {
  const wanted = selector?.matchLabels
  const remedy = wanted === undefined ? undefined : `give the template the labels ${JSON.stringify(wanted)}`
  errors.invalid(path, labels, '`selector` does not match template `labels`', remedy)
}
