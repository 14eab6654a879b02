// Rules of Job and CronJob, after pkg/apis/batch/validation/validation.go (v1.36).

import { parseSchedule } from '../cronSchedule.ts'
import { matchesSelector } from '../labels.ts'
import type { CronJob, Job, JobSpec, PodFailurePolicyRule, SuccessPolicyRule } from '../types.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { checkMetadata, checkSelector, nameRules, selectorMismatch } from './metadata.ts'
import { dnsLabelFaults, labelKeyFaults } from './names.ts'
import { checkTemplate } from './pod.ts'

const parallelismMaxIndexed = 100_000
const completionsSoftMax = 100_000
const highCompletionsMax = 10_000
const rulesMax = 20
const exitCodesMax = 255

/** ValidateJob. The selector and its labels are generated at creation, unless manualSelector is true. */
export function checkJob({ metadata, spec }: Job, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  if ((metadata.name ?? '').length > 63) {
    // The name becomes the value of the label job-name.
    errors.invalid(['metadata', 'name'], metadata.name, 'must be no more than 63 bytes')
  }
  checkJobSpec(spec, ['spec'], errors)
  checkSelector(spec.selector, ['spec', 'selector'], errors)
  if (spec.manualSelector) {
    const { labels } = spec.template.metadata
    if (spec.selector === undefined) errors.required(['spec', 'selector'])
    else if (!matchesSelector(spec.selector, labels)) {
      selectorMismatch(['spec', 'template', 'metadata', 'labels'], labels, errors, spec.selector)
    }
  } else if (spec.selector !== undefined) {
    errors.invalid(['spec', 'selector'], spec.selector, '`selector` not auto-generated', 'remove it')
  }
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) {
    const hostname = `${metadata.name}-${(spec.completions ?? 0) - 1}`
    if (dnsLabelFaults(hostname).length > 0) {
      const rule = `will not able to create pod with invalid DNS label: ${hostname}`
      errors.invalid(['metadata', 'name'], metadata.name, rule)
    }
  }
}

/** ValidateCronJobCreate. */
export function checkCronJob({ metadata, spec }: CronJob, errors: FieldErrors): void {
  checkMetadata(metadata, nameRules.subdomain, errors)
  if (spec.schedule === '') errors.required(['spec', 'schedule'])
  else {
    const parsed = parseSchedule(spec.schedule)
    if (parsed.state === 'malformed') errors.invalid(['spec', 'schedule'], spec.schedule, parsed.reason)
    if (spec.schedule.includes('TZ')) {
      errors.invalid(
        ['spec', 'schedule'],
        spec.schedule,
        'cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      )
    }
  }
  errors.nonNegative(['spec', 'startingDeadlineSeconds'], spec.startingDeadlineSeconds)
  checkTimeZone(spec.timeZone, errors)
  errors.oneOf(['spec', 'concurrencyPolicy'], spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'])
  const jobPath = ['spec', 'jobTemplate', 'spec']
  const job = spec.jobTemplate.spec
  checkJobSpec(job, jobPath, errors)
  if (job.selector !== undefined) {
    errors.invalid([...jobPath, 'selector'], job.selector, '`selector` will be auto-generated', 'remove it')
  }
  if (job.manualSelector) errors.unsupported([...jobPath, 'manualSelector'], true, ['nil', 'false'])
  errors.nonNegative(['spec', 'successfulJobsHistoryLimit'], spec.successfulJobsHistoryLimit)
  errors.nonNegative(['spec', 'failedJobsHistoryLimit'], spec.failedJobsHistoryLimit)
  if (metadata.name !== undefined && metadata.name.length > 52) {
    errors.invalid(['metadata', 'name'], metadata.name, 'must be no more than 52 characters')
  }
}

/** validateTimeZone. */
function checkTimeZone(timeZone: string | undefined, errors: FieldErrors): void {
  if (timeZone === undefined) return
  const path = ['spec', 'timeZone']
  if (timeZone === '') return errors.invalid(path, timeZone, 'timeZone must be nil or non-empty string')
  if (timeZone.toLowerCase() === 'local') {
    const rule = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
    return errors.invalid(path, timeZone, rule, 'write for example Etc/UTC')
  }
  try {
    // Offsets such as +01:00 are known to Node but not to Go.
    if (/^[+-]/.test(timeZone)) throw new RangeError('an offset')
    const known = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
    // Go reads a file of that name, so case counts.
    if (known !== timeZone && known.toLowerCase() === timeZone.toLowerCase()) throw new RangeError('another spelling')
  } catch {
    errors.invalid(path, timeZone, `unknown time zone ${timeZone}`, 'write an IANA name such as Europe/Berlin')
  }
}

/** validateJobSpec. */
function checkJobSpec(spec: JobSpec, path: Path, errors: FieldErrors): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const) {
    errors.nonNegative([...path, field], spec[field])
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.required([...path, 'backoffLimitPerIndex'], 'when maxFailedIndexes is specified')
  }
  errors.oneOf([...path, 'completionMode'], spec.completionMode, ['NonIndexed', 'Indexed'])
  if (spec.completionMode === 'Indexed') checkIndexed(spec, path, errors)
  else checkNotIndexed(spec, path, errors)
  if (spec.podFailurePolicy !== undefined) checkPodFailurePolicy(spec, [...path, 'podFailurePolicy', 'rules'], errors)
  const replacements = spec.podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  errors.oneOf([...path, 'podReplacementPolicy'], spec.podReplacementPolicy, replacements)
  checkTemplate(spec.template, [...path, 'template'], errors)
  checkRestartPolicy(spec, [...path, 'template', 'spec', 'restartPolicy'], errors)
}

function checkRestartPolicy(spec: JobSpec, path: Path, errors: FieldErrors): void {
  const policy = spec.template.spec.restartPolicy
  if (policy === 'Always')
    errors.required(path, 'valid values: "OnFailure", "Never"', 'the default, Always, is not for Jobs')
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.unsupported(path, policy, ['OnFailure', 'Never'])
  else if (policy === 'OnFailure' && spec.podFailurePolicy !== undefined) {
    errors.invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')
  }
}

function checkIndexed(spec: JobSpec, path: Path, errors: FieldErrors): void {
  const { completions, parallelism, maxFailedIndexes } = spec
  if (completions === undefined) errors.required([...path, 'completions'], 'when completion mode is Indexed')
  if (parallelism > parallelismMaxIndexed) {
    const rule = `must be less than or equal to ${parallelismMaxIndexed} when completion mode is Indexed`
    errors.invalid([...path, 'parallelism'], parallelism, rule)
  }
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    errors.invalid([...path, 'maxFailedIndexes'], maxFailedIndexes, 'must be less than or equal to completions')
  }
  if (maxFailedIndexes !== undefined && maxFailedIndexes > completionsSoftMax) {
    errors.invalid(
      [...path, 'maxFailedIndexes'],
      maxFailedIndexes,
      `must be less than or equal to ${completionsSoftMax}`,
    )
  }
  if (completions !== undefined && completions > completionsSoftMax && spec.backoffLimitPerIndex !== undefined) {
    const when = `when completions are above ${completionsSoftMax} and used with backoff limit per index`
    if (maxFailedIndexes === undefined) {
      errors.required(
        [...path, 'maxFailedIndexes'],
        `must be specified when completions is above ${completionsSoftMax}`,
      )
    }
    for (const [field, value] of Object.entries({ parallelism, maxFailedIndexes })) {
      if (value === undefined || value <= highCompletionsMax) continue
      errors.invalid([...path, field], value, `must be less than or equal to ${highCompletionsMax} ${when}`)
    }
  }
  if (spec.successPolicy !== undefined) checkSuccessPolicy(spec, [...path, 'successPolicy', 'rules'], errors)
}

function checkNotIndexed(spec: JobSpec, path: Path, errors: FieldErrors): void {
  for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const) {
    if (spec[field] === undefined) continue
    errors.invalid([...path, field], spec[field], 'requires indexed completion mode', 'write completionMode: Indexed')
  }
}

/** validatePodFailurePolicy. */
function checkPodFailurePolicy(spec: JobSpec, path: Path, errors: FieldErrors): void {
  const rules = spec.podFailurePolicy?.rules ?? []
  if (rules.length > rulesMax) errors.tooMany(path, rules.length, rulesMax)
  const { containers, initContainers = [] } = spec.template.spec
  const names = new Set([...containers, ...initContainers].map(({ name }) => name))
  for (const [index, rule] of rules.entries()) {
    const at = [...path, index]
    if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
      errors.invalid([...at, 'action'], rule.action, 'requires the backoffLimitPerIndex to be set')
    }
    errors.oneOf([...at, 'action'], rule.action, ['Count', 'FailIndex', 'FailJob', 'Ignore'])
    checkFailureRule(rule, names, at, errors)
  }
}

function checkFailureRule(rule: PodFailurePolicyRule, names: ReadonlySet<string>, at: Path, errors: FieldErrors): void {
  const { onExitCodes, onPodConditions = [] } = rule
  if (onExitCodes !== undefined) {
    const { operator, containerName, values } = onExitCodes
    const place = [...at, 'onExitCodes']
    errors.oneOf([...place, 'operator'], operator, ['In', 'NotIn'])
    if (containerName !== undefined && !names.has(containerName)) {
      const known = 'must be one of the container or initContainer names in the pod template'
      errors.invalid([...place, 'containerName'], containerName, known)
    }
    checkExitCodes(values, operator, [...place, 'values'], errors)
  }
  if (onPodConditions.length > rulesMax) errors.tooMany([...at, 'onPodConditions'], onPodConditions.length, rulesMax)
  for (const [index, { type, status }] of onPodConditions.entries()) {
    const place = [...at, 'onPodConditions', index]
    for (const fault of labelKeyFaults(type)) errors.invalid([...place, 'type'], type, fault)
    errors.oneOf([...place, 'status'], status, ['False', 'True', 'Unknown'])
  }
  const [codes, conditions] = [onExitCodes !== undefined, onPodConditions.length > 0]
  if (codes && conditions) errors.invalid(at, rule, 'specifying both OnExitCodes and OnPodConditions is not supported')
  if (!codes && !conditions) errors.invalid(at, rule, 'specifying one of OnExitCodes and OnPodConditions is required')
}

function checkExitCodes(values: readonly number[], operator: string, path: Path, errors: FieldErrors): void {
  if (values.length === 0) errors.invalid(path, values, 'at least one value is required')
  if (values.length > exitCodesMax) errors.tooMany(path, values.length, exitCodesMax)
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) errors.invalid([...path, index], value, 'must not be 0 for the In operator')
    if (values.indexOf(value) < index) errors.duplicate([...path, index], value)
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)) {
    errors.invalid(path, values, 'must be ordered')
  }
}

/** validateSuccessPolicy. */
function checkSuccessPolicy(spec: JobSpec, path: Path, errors: FieldErrors): void {
  const rules = spec.successPolicy?.rules ?? []
  if (rules.length === 0) {
    errors.required(path, 'at least one rules must be specified when the successPolicy is specified')
  }
  if (rules.length > rulesMax) errors.tooMany(path, rules.length, rulesMax)
  for (const [index, rule] of rules.entries()) checkSuccessRule(rule, spec.completions ?? 0, [...path, index], errors)
}

function checkSuccessRule(rule: SuccessPolicyRule, completions: number, at: Path, errors: FieldErrors): void {
  const { succeededIndexes, succeededCount } = rule
  if (succeededIndexes === undefined && succeededCount === undefined) {
    errors.required(at, 'at least one of succeededCount or succeededIndexes must be specified')
  }
  const listed = succeededIndexes === undefined ? undefined : countIndexes(succeededIndexes, completions)
  if (typeof listed === 'string') {
    errors.invalid([...at, 'succeededIndexes'], succeededIndexes, `error parsing succeededIndexes: ${listed}`)
  }
  errors.nonNegative([...at, 'succeededCount'], succeededCount)
  if (succeededCount === undefined) return
  const limits: [number, string][] = [[completions, 'the number of specified completions']]
  if (typeof listed === 'number') limits.push([listed, 'the number of indexes in the specified succeededIndexes field'])
  for (const [limit, what] of limits) {
    if (succeededCount <= limit) continue
    errors.invalid([...at, 'succeededCount'], succeededCount, `must be less than or equal to ${limit} (${what})`)
  }
}

/** validateIndexesFormat: how many indexes `0,2-4` lists, or what is wrong with it. */
function countIndexes(text: string, completions: number): number | string {
  let total = 0
  let previous = -1
  for (const interval of text === '' ? [] : text.split(',')) {
    const parts = /^(\d+)(?:-(\d+))?$/.exec(interval)
    if (parts === null) return `cannot convert string to integer for index: ${JSON.stringify(interval)}`
    const first = Number(parts[1])
    const last = Number(parts[2] ?? parts[1])
    if (last >= completions) return `too large index: ${JSON.stringify(String(last))}`
    if (previous >= first) return `non-increasing order, previous: ${previous}, current: ${first}`
    if (parts[2] !== undefined && first >= last) return `non-increasing order, previous: ${first}, current: ${last}`
    total += last - first + 1
    previous = last
  }
  return total
}
