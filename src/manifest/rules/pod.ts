// Rules of pods and pod templates, after ValidatePodSpec and ValidatePodTemplateSpec in
// pkg/apis/core/validation/validation.go (v1.36).

import type { PodSpec, PodTemplateSpec, Volume } from '../types.ts'
import { checkContainers } from './container.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { checkAnnotations, checkLabels } from './metadata.ts'
import { dnsLabelFaults, dnsSubdomainFaults, labelKeyFaults } from './names.ts'
import { checkAffinity, checkSpreading, checkTolerations } from './scheduling.ts'

const int32Max = 2 ** 31 - 1

/** ValidatePodSpec. `claimed` are the volumes that a StatefulSet adds to those of its template. */
export function checkPodSpec(spec: PodSpec, path: Path, errors: FieldErrors, claimed: readonly Volume[] = []): void {
  const volumes = spec.volumes ?? []
  checkVolumes(volumes, [...path, 'volumes'], errors)
  const graceSeconds = spec.terminationGracePeriodSeconds
  errors.nonNegative([...path, 'terminationGracePeriodSeconds'], graceSeconds)
  const { containers, initContainers = [] } = spec
  checkContainers({ containers, initContainers }, { graceSeconds, volumes: [...claimed, ...volumes] }, path, errors)
  errors.oneOf([...path, 'restartPolicy'], spec.restartPolicy, ['Always', 'OnFailure', 'Never'])
  checkLabels(spec.nodeSelector, [...path, 'nodeSelector'], errors)
  if (spec.affinity !== undefined) checkAffinity(spec.affinity, [...path, 'affinity'], errors)
  checkSpreading(spec.topologySpreadConstraints ?? [], [...path, 'topologySpreadConstraints'], errors)
  checkTolerations(spec.tolerations ?? [], [...path, 'tolerations'], errors)
  for (const field of ['nodeName', 'priorityClassName', 'serviceAccountName'] as const) {
    const name = spec[field] ?? ''
    if (name !== '') for (const fault of dnsSubdomainFaults(name)) errors.invalid([...path, field], name, fault)
  }
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    const at = [...path, 'readinessGates', index, 'conditionType']
    for (const fault of labelKeyFaults(conditionType)) errors.invalid(at, conditionType, fault)
  }
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > int32Max)) {
    errors.invalid([...path, 'activeDeadlineSeconds'], deadline, `must be between 1 and ${int32Max}, inclusive`)
  }
}

/** ValidateVolumes: one source each, names unique. */
function checkVolumes(volumes: readonly Volume[], path: Path, errors: FieldErrors): void {
  const names = new Set<string>()
  for (const [index, volume] of volumes.entries()) {
    const at = [...path, index]
    const [, ...others] = Object.keys(volume).filter((field) => field !== 'name')
    for (const source of others) errors.forbidden([...at, source], 'may not specify more than 1 volume type')
    if (volume.name === '') errors.required([...at, 'name'])
    else for (const fault of dnsLabelFaults(volume.name)) errors.invalid([...at, 'name'], volume.name, fault)
    if (names.has(volume.name)) errors.duplicate([...at, 'name'], volume.name)
    names.add(volume.name)
  }
}

/** ValidatePodTemplateSpec. */
export function checkTemplate(
  template: PodTemplateSpec,
  path: Path,
  errors: FieldErrors,
  claimed: readonly Volume[] = [],
): void {
  checkLabels(template.metadata.labels, [...path, 'metadata', 'labels'], errors)
  checkAnnotations(template.metadata.annotations, [...path, 'metadata', 'annotations'], errors)
  checkPodSpec(template.spec, [...path, 'spec'], errors, claimed)
  if ('ephemeralContainers' in template.spec) {
    errors.forbidden([...path, 'spec', 'ephemeralContainers'], 'ephemeral containers not allowed in pod template')
  }
}

/** What a controller that keeps its pods running asks of its template: restartPolicy Always and no deadline. */
export function checkRunningTemplate(
  template: PodTemplateSpec,
  kind: string,
  errors: FieldErrors,
  claimed: readonly Volume[] = [],
): void {
  const path = ['spec', 'template']
  checkTemplate(template, path, errors, claimed)
  const { restartPolicy, activeDeadlineSeconds } = template.spec
  if (restartPolicy !== 'Always') errors.unsupported([...path, 'spec', 'restartPolicy'], restartPolicy, ['Always'])
  if (activeDeadlineSeconds !== undefined) {
    errors.forbidden([...path, 'spec', 'activeDeadlineSeconds'], `activeDeadlineSeconds in ${kind} is not Supported`)
  }
}
