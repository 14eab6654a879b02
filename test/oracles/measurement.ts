// Every column of runs.csv once more, slowly, from a trace: the window is cut at every instant at which anything can change,
// and each piece is judged from the definitions alone. No state is carried from one piece to the next.

import { assert } from '../../src/base/assert.ts'
import type { Outcome } from '../../src/metrics/types.ts'
import type { DurationSpec } from '../../src/scenario/types.ts'
import type { DeploymentState, PodState, PodTrace, Trace } from './trace.ts'

export interface MeasuredRow {
  outcome: Outcome
  rolloutSeconds: number
  deadlinesMissed: number
  downtimeSeconds: number
  requests: number
  lostRequests: number
  minReadyPercent: number
  degradedSeconds: number
  versionOverlapSeconds: number
  peakPods: number
  extraPodSeconds: number
  terminatingPodSeconds: number
}

/** The state of a pod at a time; undefined before its creation and after its end. */
export function podAt(pod: PodTrace, atUs: number): PodState | undefined {
  const state = pod.states.findLast((each) => each.atUs <= atUs)
  return state?.gone === true ? undefined : state
}

/** The Deployment at a time; undefined if it is not there. */
export function deploymentAt(trace: Trace, atUs: number): DeploymentState | undefined {
  const state = trace.deployment.findLast((each) => each.atUs <= atUs)
  return state?.exists === true ? state : undefined
}

function isDown(trace: Trace, node: number, atUs: number): boolean {
  return trace.nodes.findLast((each) => each.node === node && each.atUs <= atUs)?.down === true
}

/** The first instant from `atUs` at which a machine is up; Infinity: never again. */
function upFrom(trace: Trace, node: number, atUs: number): number {
  if (!isDown(trace, node, atUs)) return atUs
  return trace.nodes.find((each) => each.node === node && each.atUs > atUs && !each.down)?.atUs ?? Infinity
}

/** When its kubelet was asked to start a pod: it is bound, and the machine is up. */
function orderedAtUs(trace: Trace, pod: PodTrace): number {
  const bound = pod.states.find((state) => state.node >= 0)
  return bound === undefined ? Infinity : upFrom(trace, bound.node, bound.atUs)
}

function drawn(spec: DurationSpec, index: number): number {
  if (spec.type === 'fixed') return spec.us
  if (spec.type === 'list') return spec.entriesUs[index % spec.entriesUs.length] ?? Infinity
  throw new Error('the oracle knows fixed timings and lists only')
}

/** When a pod's containers start: the image is pulled once per node, and is there already if the warm-up used it. */
export function startsAtUs(trace: Trace, pod: PodTrace): number {
  const { cachedImages, images } = trace.model
  const orderedUs = orderedAtUs(trace, pod)
  const { timings } = images[pod.image]
  const node = pod.states.at(-1)!.node
  const firstUs = Math.min(
    ...trace.pods
      .filter((other) => other.image === pod.image && other.states.at(-1)!.node === node)
      .map((other) => orderedAtUs(trace, other)),
  )
  const isCached = cachedImages.some((image) => image === pod.image)
  const pulledUs = isCached ? 0 : firstUs + drawn(timings.pull, 0)
  return Math.max(orderedUs, pulledUs) + drawn(timings.start, pod.index)
}

/** From when to when a pod's application answers, whatever its node does: start + ready, until SIGTERM or the end of its grace. */
function servingUs(trace: Trace, pod: PodTrace): [number, number] {
  const { images, templates } = trace.model
  const fromUs = startsAtUs(trace, pod) + drawn(images[pod.image].timings.ready, pod.index)
  const mark = pod.states.find((state) => state.marked)
  if (mark === undefined) return [fromUs, Infinity]
  const seenUs = upFrom(trace, mark.node, mark.atUs)
  return [fromUs, seenUs + Math.min(templates[pod.template].preStopUs, mark.graceSeconds * 1e6)]
}

/** `kubectl rollout status` says done. */
function isDone(it: DeploymentState): boolean {
  if (!it.exists || it.generation > it.observedGeneration || it.deadlineExceeded) return false
  return it.updated >= it.replicas && it.total <= it.updated && it.available >= it.updated
}

function measureRollout(trace: Trace): Pick<MeasuredRow, 'outcome' | 'rolloutSeconds' | 'deadlinesMissed'> {
  const { horizonUs, windowStartUs } = trace.model
  const changes = trace.deployment
    .filter((it, i) => i > 0 && it.exists && it.template !== trace.deployment[i - 1].template)
    .map(({ atUs }) => atUs)
  const firstUs = changes[0] ?? windowStartUs
  const lastUs = changes.at(-1) ?? windowStartUs
  const doneAtUs = [lastUs, ...trace.instants].find((atUs) => {
    const it = deploymentAt(trace, atUs)
    return atUs >= lastUs && it !== undefined && isDone(it)
  })
  const atEnd = deploymentAt(trace, horizonUs)
  const complete = doneAtUs !== undefined && atEnd !== undefined && isDone(atEnd)
  const exceeded = atEnd?.deadlineExceeded === true
  let deadlinesMissed = 0
  trace.deployment.forEach((it, i) => {
    if (it.atUs >= windowStartUs && it.deadlineExceeded && !trace.deployment[i - 1].deadlineExceeded) deadlinesMissed++
  })
  return {
    outcome: complete ? 'complete' : exceeded ? 'deadlineExceeded' : 'horizonReached',
    rolloutSeconds: complete ? (doneAtUs - firstUs) / 1e6 : NaN,
    deadlinesMissed,
  }
}

/** All columns of a run's row. The Deployment's pods are all there are, and are what the traffic goes to. */
export function measure(trace: Trace): MeasuredRow {
  const { horizonUs, measured, routes, traffic, windowStartUs } = trace.model
  const { requestsPerSecond, retries, route } = traffic[measured[0].traffic]
  assert(retries === undefined || retries.attempts <= retries.budget, 'the oracle knows no budgets that cap')
  const { follow } = routes[route]
  assert(follow.type === 'fixed', 'the oracle knows only fixed endpoint delays')
  const endpointDelayUs = follow.delayUs
  const serving = trace.pods.map((pod) => servingUs(trace, pod))
  const cuts = new Set([windowStartUs, horizonUs])
  const cut = (atUs: number): void => {
    if (atUs > windowStartUs && atUs < horizonUs) cuts.add(atUs)
  }
  for (const { states } of trace.pods)
    for (const { atUs } of states) {
      cut(atUs)
      cut(atUs + endpointDelayUs)
    }
  for (const [fromUs, untilUs] of serving) {
    cut(fromUs)
    cut(untilUs)
  }
  for (const { atUs } of [...trace.deployment, ...trace.nodes]) cut(atUs)
  const times = [...cuts].sort((a, b) => a - b)

  const row: MeasuredRow = {
    ...measureRollout(trace),
    downtimeSeconds: 0,
    requests: (requestsPerSecond * (horizonUs - windowStartUs)) / 1e6,
    lostRequests: 0,
    minReadyPercent: 100,
    degradedSeconds: 0,
    versionOverlapSeconds: 0,
    peakPods: 0,
    extraPodSeconds: 0,
    terminatingPodSeconds: 0,
  }
  const servingOf = new Map(trace.pods.map((pod, i) => [pod, serving[i]]))
  times.slice(0, -1).forEach((atUs, i) => {
    const length = (times[i + 1] - atUs) / 1e6
    const replicas = deploymentAt(trace, atUs)?.replicas ?? 0
    const pods = livingBetween(trace.pods, atUs - endpointDelayUs, atUs)
    const states = pods.map((pod) => podAt(pod, atUs)).filter((state) => state !== undefined)
    const unfinished = states.filter((state) => !state.terminal)
    const active = unfinished.filter((state) => !state.marked)
    const ready = active.filter((state) => state.ready).length
    row.minReadyPercent = Math.min(row.minReadyPercent, replicas === 0 ? 100 : (100 * ready) / replicas)
    if (ready < replicas) row.degradedSeconds += length
    row.peakPods = Math.max(row.peakPods, unfinished.length)
    row.extraPodSeconds += Math.max(0, active.length - replicas) * length
    row.terminatingPodSeconds += states.filter((state) => state.marked).length * length

    const answers = (pod: PodTrace): boolean => {
      const state = podAt(pod, atUs)
      const [fromUs, untilUs] = servingOf.get(pod)!
      if (state === undefined || state.terminal || isDown(trace, state.node, atUs)) return false
      return fromUs <= atUs && atUs < untilUs
    }
    const view = viewAt(pods, atUs - endpointDelayUs)
    const servers = view.filter(answers)
    const lost = view.length === 0 ? 1 : 1 - servers.length / view.length
    // Each try makes another choice.
    let lostInTheEnd = lost
    for (let attempt = 0; attempt < (retries?.attempts ?? 0); attempt++) lostInTheEnd *= lost
    row.lostRequests += requestsPerSecond * lostInTheEnd * length
    if (servers.length === 0) row.downtimeSeconds += length
    if (new Set(servers.map(({ template }) => template)).size > 1) row.versionOverlapSeconds += length
  })
  return row
}

/** The endpoints as they were at a time: Ready ones without a deletion mark; if there are none, Ready ones with it. */
function viewAt(pods: readonly PodTrace[], atUs: number): PodTrace[] {
  const is = (pod: PodTrace, marked: boolean): boolean => {
    const state = podAt(pod, atUs)
    return state !== undefined && !state.terminal && state.ready && state.marked === marked
  }
  const ready = pods.filter((pod) => is(pod, false))
  return ready.length > 0 ? ready : pods.filter((pod) => is(pod, true))
}

/** Pods that are in the store at some time of the span. */
function livingBetween(pods: readonly PodTrace[], fromUs: number, toUs: number): PodTrace[] {
  return pods.filter(({ states }) => {
    const last = states.at(-1)!
    return states[0].atUs <= toUs && !(last.gone && last.atUs <= fromUs)
  })
}

/** Ready pods in percent of the replicas in force, at most 100, rounded down, at equally spaced instants of the window. */
export function availabilityCurve(trace: Trace, points: number): number[] {
  const { horizonUs, windowStartUs } = trace.model
  return Array.from({ length: points }, (_, i) => {
    const atUs = windowStartUs + (i * (horizonUs - windowStartUs)) / (points - 1)
    const replicas = deploymentAt(trace, atUs)?.replicas ?? 0
    const pods = livingBetween(trace.pods, atUs, atUs)
    const states = pods.map((pod) => podAt(pod, atUs)).filter((state) => state !== undefined)
    const ready = states.filter((state) => !state.terminal && !state.marked && state.ready).length
    return replicas === 0 ? 100 : Math.min(100, Math.floor((100 * ready) / replicas))
  })
}
