// Reads the strategy of an arm.

import { formatDuration } from '../base/units.ts'
import { applyDefaults } from '../manifest/defaults.ts'
import { setPath } from '../manifest/patch.ts'
import type { Json, JsonObject } from '../manifest/types.ts'
import { readDistribution, readDuration } from './distribution.ts'
import type { DurationSpec } from './durationSpec.ts'
import { formatRef, keyOf, member, refOf } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenStrategy } from './schemaStrategy.ts'
import type { CanaryStep, Detection, ErrorRateRule, Strategy } from './strategyTypes.ts'
import type { ScenarioArm, StrategySpec } from './types.ts'

/** scaleDownDelaySeconds of Argo Rollouts. */
const SCALE_DOWN_DELAY_US = 30_000_000

/** evaluation_interval as it is often set in Prometheus. */
const ALARM_INTERVAL_US = 15_000_000

/** How often an error rate is looked at where nothing else is said. */
const INTERVAL_US = 10_000_000

/**
 * Reads a strategy for the object `key` (`Kind/name`); undefined after reporting why it does not fit.
 */
export function readStrategy(written: WrittenStrategy, key: string, reporter: Reporter): StrategySpec | undefined {
  const workload = refOf(key)
  if (workload.kind !== 'Deployment') {
    reporter.error([], `a strategy carries out the releases of a Deployment, and ${formatRef(workload)} is none`)
    return undefined
  }
  const strategy = readType(written, reporter)
  return strategy && { ...strategy, workload }
}

function readType(written: WrittenStrategy, reporter: Reporter): Strategy | undefined {
  if (written.blueGreen) return readBlueGreen(written.blueGreen, reporter.within('blueGreen'))
  if (written.canary) return readCanary(written.canary, reporter.within('canary'))
  if (written.byHand) {
    const { interval, waitReady = interval === undefined } = written.byHand
    return { type: 'byHand', intervalUs: readOr(interval, 0, reporter.within('byHand'), 'interval'), waitReady }
  }
  if (written.deleteAllPods) {
    const intervalUs = readOr(written.deleteAllPods.interval, 0, reporter.within('deleteAllPods'), 'interval')
    return { type: 'deleteAllPods', intervalUs, waitReady: false }
  }
  return written.rollback && readRollback(written.rollback, reporter.within('rollback'))
}

function readRollback(written: NonNullable<WrittenStrategy['rollback']>, reporter: Reporter): Strategy {
  const read = (field: 'detect' | 'decide' | 'pipeline'): DurationSpec =>
    written[field] === undefined
      ? { type: 'fixed', us: 0 }
      : readDistribution(written[field], ({ path, message }) => reporter.error([field, ...path], message))
  const { when } = written
  let detection: Detection = { type: 'after', delay: read('detect') }
  if (when !== undefined && when.trim() === 'progressDeadline') detection = { type: 'progressDeadline' }
  else if (when !== undefined) {
    const intervalUs = readOr(written.interval, ALARM_INTERVAL_US, reporter, 'interval')
    if (intervalUs === 0)
      reporter.error(['interval'], 'an alarm needs some time between two looks: write for example 15s')
    const rule = readErrorRate(when.replace(/^\s*errorRate/, ''))
    detection = { type: 'errorRate', rule, forUs: readOr(written.for, 0, reporter, 'for'), intervalUs }
  }
  return { type: 'rollback', detection, decide: read('decide'), by: written.by, pipeline: read('pipeline') }
}

function readBlueGreen(written: NonNullable<WrittenStrategy['blueGreen']>, reporter: Reporter): Strategy {
  const { previewReplicas, promote, scaleDownDelay } = written
  const after = typeof promote === 'object' ? promote.after : undefined
  return {
    type: 'blueGreen',
    scaleDownDelayUs: readOr(scaleDownDelay, SCALE_DOWN_DELAY_US, reporter, 'scaleDownDelay'),
    promoteAfterUs: readOr(after, 0, reporter, 'promote', 'after'),
    previewReplicas,
  }
}

function readCanary(written: NonNullable<WrittenStrategy['canary']>, reporter: Reporter): Strategy {
  const steps = written.steps.map((step, index) => readCanaryStep(step, reporter.within('steps', index)))
  return { type: 'canary', steps, maxSurge: written.maxSurge, maxUnavailable: written.maxUnavailable }
}

type WrittenCanaryStep = NonNullable<WrittenStrategy['canary']>['steps'][number]

function readCanaryStep({ analysis, pause, setWeight }: WrittenCanaryStep, reporter: Reporter): CanaryStep {
  if (setWeight !== undefined) return { type: 'setWeight', weight: setWeight }
  if (analysis === undefined) return { type: 'pause', us: readOr(pause, 0, reporter, 'pause') }
  const at = reporter.within('analysis')
  const intervalUs = readOr(analysis.interval, INTERVAL_US, at, 'interval')
  const forUs = readOr(analysis.for, 0, at, 'for')
  if (intervalUs === 0) at.error(['interval'], 'a measurement needs some time: write for example 10s')
  else if (forUs < intervalUs)
    at.error(['for'], `shorter than one interval, ${formatDuration(intervalUs)}: nothing would be measured`)
  const { failureLimit = 0 } = analysis
  return {
    type: 'analysis',
    rule: readErrorRate(analysis.errorRate),
    intervalUs,
    count: Math.floor(forUs / Math.max(1, intervalUs)),
    failureLimit,
  }
}

/** Reads a comparison such as "<= 1%", whose form the schema has checked. */
export function readErrorRate(text: string): ErrorRateRule {
  const match = /^\s*(<=|<|>=|>)\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)
  return { op: (match?.[1] ?? '<=') as ErrorRateRule['op'], share: Number(match?.[2] ?? 0) / 100 }
}

function readOr(written: unknown, otherwiseUs: number, reporter: Reporter, ...path: string[]): number {
  if (written === undefined) return otherwiseUs
  return reporter.take(readDuration(written), path) ?? otherwiseUs
}

/** The label of an arm that nothing changes. */
export const UNCHANGED_LABEL = 'as in the manifest'

/** A strategy in words, for the label of its arm: `canary 20 %, 50 %`. */
export function describeStrategy(strategy: Strategy): string {
  if (strategy.type === 'blueGreen') {
    const { promoteAfterUs } = strategy
    return promoteAfterUs === 0 ? 'blue-green' : `blue-green, promoted after ${formatDuration(promoteAfterUs)}`
  }
  if (strategy.type === 'byHand') return 'pods deleted by hand'
  if (strategy.type === 'deleteAllPods') return strategy.intervalUs === 0 ? 'all pods deleted' : 'pods deleted in turn'
  if (strategy.type === 'rollback') return `rolled back by ${strategy.by}`
  const weights = strategy.steps.flatMap((step) => (step.type === 'setWeight' ? [`${step.weight} %`] : []))
  return `canary ${weights.join(', ')}`
}

/**
 * An arm whose releases a strategy carries out. The limits of a canary take the place of those of the Deployment; what
 * neither names is 25 %, as Argo Rollouts and Kubernetes have it.
 *
 * @param label the author's words for the arm, if there are any
 */
export function carryOut(arm: ScenarioArm, strategy: StrategySpec, label: string | undefined): ScenarioArm {
  const words = describeStrategy(strategy)
  const named = {
    ...arm,
    label: label ?? (arm.label === UNCHANGED_LABEL ? words : `${words}, ${arm.label}`),
    strategy,
  }
  if (strategy.type !== 'canary') return named
  const rawObjects = arm.rawObjects.map((object) => {
    const raw = object as JsonObject
    if (keyOf(raw) !== formatRef(strategy.workload)) return raw
    const own = member(member(raw, 'spec') ?? {}, 'strategy')
    const rolling = { ...(own && member(own, 'rollingUpdate')) } as Record<string, Json>
    if (strategy.maxSurge !== undefined) rolling['maxSurge'] = strategy.maxSurge
    if (strategy.maxUnavailable !== undefined) rolling['maxUnavailable'] = strategy.maxUnavailable
    return setPath(raw, ['spec', 'strategy'], { type: 'RollingUpdate', rollingUpdate: rolling })
  })
  const objects = arm.objects.map((object, index) =>
    object.kind === 'Deployment' && object.metadata.name === strategy.workload.name
      ? applyDefaults(structuredClone(rawObjects[index] as JsonObject))
      : object,
  )
  return { ...named, objects, rawObjects }
}
