// Required node affinity, after component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go, Kubernetes v1.36.

import type { Affinity } from '../manifest/types.ts'

/** One expression over a label or, for match fields, over the node's name. */
export interface NodeRequirement {
  readonly key: string
  readonly operator: string
  readonly values: readonly string[]
}

/** All requirements of a term must hold; a term without any matches no node. */
export interface NodeTerm {
  readonly labels: readonly NodeRequirement[]
  readonly fields: readonly NodeRequirement[]
}

interface RawTerm {
  readonly matchExpressions?: readonly RawRequirement[]
  readonly matchFields?: readonly RawRequirement[]
}

interface RawRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** The terms of which one must match; undefined without required node affinity: every node matches. */
export function compileNodeAffinity(affinity: Affinity | undefined): readonly NodeTerm[] | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution as
    { readonly nodeSelectorTerms: readonly RawTerm[] } | undefined
  return required?.nodeSelectorTerms.map(compileNodeTerm)
}

/** One term of required or preferred node affinity. */
export function compileNodeTerm(term: RawTerm): NodeTerm {
  return {
    labels: (term.matchExpressions ?? []).map(compileRequirement),
    fields: (term.matchFields ?? []).map(compileRequirement),
  }
}

function compileRequirement(raw: RawRequirement): NodeRequirement {
  return { key: raw.key, operator: raw.operator, values: raw.values ?? [] }
}

/** Whether a node of that name with these labels matches one of the terms. */
export function matchesNodeAffinity(
  terms: readonly NodeTerm[] | undefined,
  name: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (terms === undefined) return true
  return terms.some((term) => matchesNodeTerm(term, name, labels))
}

/** Whether a node matches one term; a term without requirements matches none. */
export function matchesNodeTerm(term: NodeTerm, name: string, labels: Readonly<Record<string, string>>): boolean {
  if (term.labels.length + term.fields.length === 0) return false
  const fields = term.fields.every((field) => holds(field, field.key === 'metadata.name' ? name : undefined))
  return fields && term.labels.every((requirement) => holds(requirement, labels[requirement.key]))
}

/** One expression on the value of its key; undefined: the node has no such label. */
function holds({ operator, values }: NodeRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0])
    default:
      return false
  }
}
