// Rules of Deployment, ReplicaSet, ReplicationController, StatefulSet and DaemonSet, after
// pkg/apis/apps/validation/validation.go and pkg/apis/core/validation/validation.go (v1.36).

import { matchesLabels } from '../labels.ts'
import type { DaemonSet, Deployment, ReplicaSet, ReplicationController, StatefulSet } from '../types.ts'
import type { FieldErrors } from './fieldErrors.ts'
import { checkAtMost100Percent, checkIntOrPercent, isZero } from './intOrPercent.ts'
import { checkMetadata, checkOwnSelector, nameRules, selectorMismatch } from './metadata.ts'
import { dnsLabelFaults } from './names.ts'
import { checkRunningTemplate } from './pod.ts'
import { checkClaimSpec } from './storage.ts'

/** ValidateDeployment. */
export function checkDeployment({ metadata, spec }: Deployment, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  errors.nonNegative(['spec', 'replicas'], spec.replicas)
  checkOwnSelector(spec.selector, spec.template.metadata.labels, 'deployment', errors)
  checkRunningTemplate(spec.template, 'ReplicaSet', errors)
  checkDeploymentStrategy(spec.strategy, errors)
  errors.nonNegative(['spec', 'minReadySeconds'], spec.minReadySeconds)
  errors.nonNegative(['spec', 'revisionHistoryLimit'], spec.revisionHistoryLimit)
  const deadline = spec.progressDeadlineSeconds
  errors.nonNegative(['spec', 'progressDeadlineSeconds'], deadline)
  if (deadline <= spec.minReadySeconds) {
    const remedy = `write at least ${spec.minReadySeconds + 1}, or lower minReadySeconds`
    errors.invalid(['spec', 'progressDeadlineSeconds'], deadline, 'must be greater than minReadySeconds', remedy)
  }
}

/** ValidateDeploymentStrategy and ValidateRollingUpdateDeployment. */
function checkDeploymentStrategy(strategy: Deployment['spec']['strategy'], errors: FieldErrors): void {
  const path = ['spec', 'strategy']
  if (strategy.type === 'Recreate') {
    if (!('rollingUpdate' in strategy)) return
    const rule = "may not be specified when strategy `type` is 'Recreate'"
    return errors.forbidden([...path, 'rollingUpdate'], rule, 'remove it, or write type: RollingUpdate')
  }
  if (strategy.type !== 'RollingUpdate') {
    const { type } = strategy as { type: string }
    return errors.unsupported([...path, 'type'], type, ['Recreate', 'RollingUpdate'])
  }
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate
  const at = [...path, 'rollingUpdate']
  checkIntOrPercent(maxUnavailable, [...at, 'maxUnavailable'], errors)
  checkIntOrPercent(maxSurge, [...at, 'maxSurge'], errors)
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    const remedy = 'set maxSurge or maxUnavailable to 1 or more'
    errors.invalid([...at, 'maxUnavailable'], maxUnavailable, 'may not be 0 when `maxSurge` is 0', remedy)
  }
  // A surge may exceed 100%.
  checkAtMost100Percent(maxUnavailable, [...at, 'maxUnavailable'], errors)
}

/** ValidateReplicaSet. The server says "deployment" of its selector too. */
export function checkReplicaSet({ metadata, spec }: ReplicaSet, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  errors.nonNegative(['spec', 'replicas'], spec.replicas)
  errors.nonNegative(['spec', 'minReadySeconds'], spec.minReadySeconds)
  checkOwnSelector(spec.selector, spec.template.metadata.labels, 'deployment', errors)
  checkRunningTemplate(spec.template, 'ReplicaSet', errors)
}

/** ValidateReplicationController. */
export function checkReplicationController({ metadata, spec }: ReplicationController, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  errors.nonNegative(['spec', 'minReadySeconds'], spec.minReadySeconds)
  errors.nonNegative(['spec', 'replicas'], spec.replicas)
  const { labels } = spec.template.metadata
  if (Object.keys(spec.selector).length === 0) errors.required(['spec', 'selector'])
  else if (!matchesLabels(spec.selector, labels)) {
    selectorMismatch(['spec', 'template', 'metadata', 'labels'], labels, errors, { matchLabels: spec.selector })
  }
  checkRunningTemplate(spec.template, 'ReplicationController', errors)
}

/** ValidateStatefulSet. */
export function checkStatefulSet({ metadata, spec }: StatefulSet, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.label, errors)
  const policy = spec.podManagementPolicy
  if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    errors.invalid(['spec', 'podManagementPolicy'], policy, "must be 'OrderedReady' or 'Parallel'")
  }
  checkStatefulSetStrategy(spec.updateStrategy, errors)
  const retention = spec.persistentVolumeClaimRetentionPolicy
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    errors.oneOf(['spec', 'persistentVolumeClaimRetentionPolicy', field], retention[field], ['Retain', 'Delete'])
  }
  for (const [index, claim] of spec.volumeClaimTemplates.entries()) {
    checkClaimSpec(claim.spec, ['spec', 'volumeClaimTemplates', index, 'spec'], errors)
  }
  errors.nonNegative(['spec', 'replicas'], spec.replicas)
  errors.nonNegative(['spec', 'minReadySeconds'], spec.minReadySeconds)
  // revisionHistoryLimit may be negative here: keep every revision.
  errors.nonNegative(['spec', 'ordinals', 'start'], spec.ordinals?.start)
  if (spec.serviceName !== '') {
    for (const fault of dnsLabelFaults(spec.serviceName))
      errors.invalid(['spec', 'serviceName'], spec.serviceName, fault)
  }
  checkOwnSelector(spec.selector, spec.template.metadata.labels, 'statefulset', errors)
  const claimed = spec.volumeClaimTemplates.map(({ metadata: { name } }) => ({ name }))
  checkRunningTemplate(spec.template, 'StatefulSet', errors, claimed)
}

function checkStatefulSetStrategy(strategy: StatefulSet['spec']['updateStrategy'], errors: FieldErrors): void {
  const path = ['spec', 'updateStrategy']
  const at = [...path, 'rollingUpdate']
  if (strategy.type === 'OnDelete') {
    if (!('rollingUpdate' in strategy)) return
    return errors.invalid(at, strategy.rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'", 'remove it')
  }
  if (strategy.type !== 'RollingUpdate') {
    return errors.invalid(
      [...path, 'type'],
      (strategy as { type: string }).type,
      "must be 'RollingUpdate' or 'OnDelete'",
    )
  }
  if (strategy.rollingUpdate === undefined) return
  const { partition, maxUnavailable } = strategy.rollingUpdate
  errors.nonNegative([...at, 'partition'], partition)
  if (maxUnavailable === undefined) return
  checkIntOrPercent(maxUnavailable, [...at, 'maxUnavailable'], errors)
  if (isZero(maxUnavailable)) errors.invalid([...at, 'maxUnavailable'], maxUnavailable, 'cannot be 0')
  checkAtMost100Percent(maxUnavailable, [...at, 'maxUnavailable'], errors)
}

/** ValidateDaemonSet. */
export function checkDaemonSet({ metadata, spec }: DaemonSet, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  checkOwnSelector(spec.selector, spec.template.metadata.labels, 'daemonset', errors)
  checkRunningTemplate(spec.template, 'DaemonSet', errors)
  errors.nonNegative(['spec', 'minReadySeconds'], spec.minReadySeconds)
  errors.nonNegative(['spec', 'revisionHistoryLimit'], spec.revisionHistoryLimit)
  const { updateStrategy: strategy } = spec
  if (strategy.type === 'OnDelete') return
  if (strategy.type !== 'RollingUpdate') {
    const { type } = strategy as { type: string }
    return errors.unsupported(['spec', 'updateStrategy', 'type'], type, ['RollingUpdate', 'OnDelete'])
  }
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate
  const at = ['spec', 'updateStrategy', 'rollingUpdate']
  for (const [field, value] of Object.entries({ maxUnavailable, maxSurge })) {
    checkIntOrPercent(value, [...at, field], errors)
    checkAtMost100Percent(value, [...at, field], errors)
  }
  if (!isZero(maxUnavailable) && !isZero(maxSurge)) {
    const remedy = 'write maxUnavailable: 0 beside it (its default is 1)'
    errors.invalid([...at, 'maxSurge'], maxSurge, 'may not be set when maxUnavailable is non-zero', remedy)
  }
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.required([...at, 'maxUnavailable'], 'cannot be 0 when maxSurge is 0', 'set one of the two to 1 or more')
  }
}
