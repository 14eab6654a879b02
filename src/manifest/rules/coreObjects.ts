// Rules of Pod, Node, Service and PodDisruptionBudget, after
// pkg/apis/core/validation/validation.go and pkg/apis/policy/validation/validation.go (v1.36).

import { canonicalQuantity, parseQuantity } from '../quantity.ts'
import type { Node, Pod, PodDisruptionBudget, Service } from '../types.ts'
import { checkPort, checkQuantity } from './container.ts'
import type { FieldErrors } from './fieldErrors.ts'
import { checkAtMost100Percent, checkIntOrPercent } from './intOrPercent.ts'
import { checkLabels, checkMetadata, checkSelector, nameRules } from './metadata.ts'
import { dnsLabelFaults, portNumberFaults } from './names.ts'
import { checkPodSpec } from './pod.ts'
import { checkTaints } from './scheduling.ts'

/** ValidatePodCreate. */
export function checkPod({ metadata, spec }: Pod, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  checkPodSpec(spec, ['spec'], errors)
}

/** ValidateNode. */
export function checkNode({ metadata, spec, status }: Node, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  if (metadata.namespace !== '') errors.forbidden(['metadata', 'namespace'], 'not allowed on this type', 'remove it')
  checkTaints(spec.taints ?? [], ['spec', 'taints'], errors)
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, quantity] of Object.entries(status[list] ?? {})) {
      const at = ['status', list, name]
      checkQuantity(quantity, at, errors)
      if (name === 'pods' && (parseQuantity(quantity)?.nano ?? 0n) % 1_000_000_000n !== 0n) {
        errors.invalid(at, canonicalQuantity(quantity), 'must be an integer')
      }
    }
  }
}

/** ValidateServiceCreate; names of Services are labels since RelaxedServiceNameValidation is on by default. */
export function checkService({ metadata, spec }: Service, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.label, errors)
  const ports = spec.ports ?? []
  const headless = spec.clusterIP === 'None'
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') {
    errors.required(['spec', 'ports'], '', 'list at least one port, or write clusterIP: None')
  }
  if (headless && (spec.type === 'LoadBalancer' || spec.type === 'NodePort')) {
    errors.invalid(['spec', 'clusterIP'], 'None', `may not be set to 'None' for ${spec.type} services`)
  }
  if (spec.type === 'ExternalName' && (spec.externalName ?? '') === '') errors.required(['spec', 'externalName'])
  errors.oneOf(['spec', 'type'], spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])
  errors.oneOf(['spec', 'sessionAffinity'], spec.sessionAffinity, ['ClientIP', 'None'])
  errors.oneOf(['spec', 'externalTrafficPolicy'], spec.externalTrafficPolicy, ['Cluster', 'Local'])
  errors.oneOf(['spec', 'internalTrafficPolicy'], spec.internalTrafficPolicy, ['Cluster', 'Local'])
  checkLabels(spec.selector, ['spec', 'selector'], errors)
  const names = new Set<string>()
  const numbers = new Set<string>()
  for (const [index, { name = '', port, protocol, targetPort }] of ports.entries()) {
    const at = ['spec', 'ports', index]
    if (name === '') {
      if (ports.length > 1) errors.required([...at, 'name'], '', 'a Service of several ports names each')
    } else {
      for (const fault of dnsLabelFaults(name)) errors.invalid([...at, 'name'], name, fault)
      if (names.has(name)) errors.duplicate([...at, 'name'], name)
      names.add(name)
    }
    for (const fault of portNumberFaults(port)) errors.invalid([...at, 'port'], port, fault)
    errors.oneOf([...at, 'protocol'], protocol, ['SCTP', 'TCP', 'UDP'])
    checkPort(targetPort, [...at, 'targetPort'], errors)
    const identity = `${protocol} ${port}`
    if (numbers.has(identity)) errors.duplicate(at, { port, protocol })
    numbers.add(identity)
  }
}

/** ValidatePodDisruptionBudgetSpec. */
export function checkPodDisruptionBudget({ metadata, spec }: PodDisruptionBudget, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.pathSegment, errors)
  const { minAvailable, maxUnavailable } = spec
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const both = { minAvailable, maxUnavailable }
    errors.invalid(['spec'], both, 'minAvailable and maxUnavailable cannot be both set', 'keep one of them')
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue
    checkIntOrPercent(value, ['spec', field], errors)
    checkAtMost100Percent(value, ['spec', field], errors)
  }
  checkSelector(spec.selector, ['spec', 'selector'], errors)
  const policies = ['AlwaysAllow', 'IfHealthyBudget']
  errors.oneOf(['spec', 'unhealthyPodEvictionPolicy'], spec.unhealthyPodEvictionPolicy, policies)
}
