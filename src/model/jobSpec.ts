// A Job's defaulted spec as integers.

import { NONE } from '../base/columns.ts'
import type { Job, JobSpec as RawJobSpec, PodFailurePolicyRule, SuccessPolicyRule } from '../manifest/types.ts'
import { parseIntervals } from './indexIntervals.ts'
import type { JobFailureRule, JobSpec, JobSuccessRule } from './jobTypes.ts'
import type { TemplateIds } from './types.ts'

/** Name of the Job controller that Kubernetes brings along (JobControllerName). */
const OWN_CONTROLLER = 'kubernetes.io/job-controller'

/** The exit code of a container that fails: scenarios say that it fails, not how. */
export const FAILED_EXIT_CODE = 1

export function compileJobSpec({ spec }: Job, ids: TemplateIds): JobSpec {
  return jobSpecOf(spec, ids)
}

/** Also for the template of a CronJob. */
export function jobSpecOf(spec: RawJobSpec, ids: TemplateIds): JobSpec {
  const completions = spec.completions ?? NONE
  const container = spec.template.spec.containers[0]?.name ?? ''
  const failureRules = spec.podFailurePolicy?.rules.map((rule) => failureRule(rule, container))
  return {
    template: ids.templateId(spec.template),
    parallelism: spec.parallelism,
    completions,
    indexed: spec.completionMode === 'Indexed',
    backoffLimit: spec.backoffLimit,
    backoffLimitPerIndex: spec.backoffLimitPerIndex ?? NONE,
    maxFailedIndexes: spec.maxFailedIndexes ?? NONE,
    activeDeadlineSeconds: spec.activeDeadlineSeconds ?? NONE,
    ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? NONE,
    suspend: spec.suspend,
    restartsOnFailure: spec.template.spec.restartPolicy === 'OnFailure',
    onlyReplaceFailed: spec.podReplacementPolicy === 'Failed' || failureRules !== undefined,
    failureRules,
    successRules: spec.successPolicy?.rules.map((rule) => successRule(rule, completions)),
    managedElsewhere: spec.managedBy !== undefined && spec.managedBy !== OWN_CONTROLLER,
  }
}

/** Exit codes are matched once and for all, because failing containers have but one. */
function failureRule(rule: PodFailurePolicyRule, container: string): JobFailureRule {
  const codes = rule.onExitCodes
  if (codes === undefined) return { action: rule.action, matchesExit: false, conditions: rule.onPodConditions ?? [] }
  const isNamed = codes.containerName === undefined || codes.containerName === container
  const isListed = codes.values.includes(FAILED_EXIT_CODE)
  return { action: rule.action, matchesExit: isNamed && isListed === (codes.operator === 'In'), conditions: [] }
}

function successRule(rule: SuccessPolicyRule, completions: number): JobSuccessRule {
  return {
    indexes: rule.succeededIndexes === undefined ? undefined : parseIntervals(rule.succeededIndexes, completions),
    count: rule.succeededCount ?? NONE,
  }
}
