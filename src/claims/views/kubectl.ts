// After pkg/printers/internalversion/printers.go and apimachinery/pkg/util/duration/duration.go, Kubernetes v1.36: what
// `kubectl get` prints in its columns. In views they are fields in capitals, as in the headings: `pod(web-0).STATUS`.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus, nameOf, PodPhase } from '../../cluster/codes.ts'
import { ContainerReason, isWaiting } from '../../cluster/containerStatuses.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import { ContainerRole } from '../../model/containers.ts'
import type { Kind, NodeId } from '../../model/types.ts'
import type { Moment } from './view.ts'

/** `3/5`. */
export function outOf(part: number, whole: number): string {
  return `${part}/${whole}`
}

/** The column AGE of what was created at a time. */
export function ageSince({ nowUs }: Moment, createdUs: number): string {
  return humanDuration((nowUs - createdUs) / 1e6)
}

/** When an object of the manifests was created last, according to the timeline. */
export function createdUs({ cluster, nowUs }: Moment, kind: Kind, row: number): number {
  let foundUs = 0
  let exists = false
  for (const action of cluster.model.actions) {
    if (action.atUs > nowUs) break
    if (!('kind' in action) || action.kind !== kind || action.row !== row) continue
    if (action.type === 'delete') exists = false
    else if (!exists && (action.type === 'create' || action.type === 'applySpec')) {
      exists = true
      foundUs = action.atUs
    }
  }
  return foundUs
}

/**
 * HumanDuration: two digits that matter, or three. 119 s is `119s`, 120 s `2m`, 150 s `2m30s`, 10 min `10m`, 3 h 5 min
 * `3h5m`, 8 h `8h`, 50 h `2d2h`.
 */
export function humanDuration(seconds: number): string {
  const whole = Math.trunc(seconds)
  if (whole < -1) return '<invalid>'
  if (whole < 0) return '0s'
  if (whole < 120) return `${whole}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 10) return withRest(minutes, 'm', whole % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  return hours < 192 ? withRest(days, 'd', hours % 24, 'h') : `${days}d`
}

function withRest(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

/** printPod, READY: ready containers out of all; init containers do not count, sidecars do. */
export function podReady(cluster: Cluster, pod: PodId): string {
  const { containerStatuses, model, pods } = cluster
  const { list } = model.templates[pods.template[pod]].containers
  let all = 0
  let ready = 0
  list.forEach(({ role }, c) => {
    if (role === ContainerRole.Init) return
    all++
    if (containerStatuses.areKnown(pod) ? containerStatuses.isReady(pod, c) : pods.ready[pod] === 1) ready++
  })
  return outOf(ready, all)
}

/** printPod, STATUS: a word for people, which is no phase. */
export function podStatus(cluster: Cluster, pod: PodId): string {
  const { containerStatuses, pods } = cluster
  if (pods.deletionMark[pod] === 1 && !isTerminal(pods, pod)) return 'Terminating'
  return containerStatuses.areKnown(pod) ? statusOfContainers(cluster, pod) : statusOfPhase(cluster, pod)
}

/** The first init container that is not done decides, or else the first container that does not run. */
function statusOfContainers({ containerStatuses, model, pods }: Cluster, pod: PodId): string {
  const { list } = model.templates[pods.template[pod]].containers
  const isFinished = isTerminal(pods, pod)
  const inits = list.filter(({ role }) => role !== ContainerRole.Regular).length
  for (let c = 0; c < inits; c++) {
    const reason = containerStatuses.reasonOf(pod, c)
    if (reason === ContainerReason.Completed) continue
    if (list[c].role === ContainerRole.Sidecar && containerStatuses.isStarted(pod, c)) continue
    if (isFinished && list[c].role === ContainerRole.Sidecar) continue
    const isUnderWay = reason === ContainerReason.Running || reason === ContainerReason.PodInitializing
    return isUnderWay ? `Init:${c}/${inits}` : `Init:${nameOf(ContainerReason, reason)}`
  }
  let status = nameOf(PodPhase, pods.phase[pod])
  let someRun = false
  for (let c = list.length - 1; c >= inits; c--) {
    const reason = containerStatuses.reasonOf(pod, c)
    if (reason !== ContainerReason.Running)
      status = isFinished && isWaiting(reason) ? 'ContainerStatusUnknown' : nameOf(ContainerReason, reason)
    else if (containerStatuses.isReady(pod, c)) someRun = true
  }
  // One of several containers that has ended well does not hide the others.
  if (status === 'Completed' && someRun) return pods.ready[pod] === 1 ? 'Running' : 'NotReady'
  return status
}

/** Where the kubelet reports no containers: before its first look, and of the scripted one always. */
function statusOfPhase({ model, pods }: Cluster, pod: PodId): string {
  switch (pods.phase[pod]) {
    case PodPhase.Succeeded:
      return 'Completed'
    case PodPhase.Failed:
      return 'Error'
    case PodPhase.Running:
      return 'Running'
    default:
      return pods.node[pod] === NONE || model.kubelet === 'real' ? 'Pending' : 'ContainerCreating'
  }
}

/** printNode, STATUS. */
export function nodeStatus({ nodes }: Cluster, node: NodeId): string {
  const ready = nodes.ready[node] === ConditionStatus.True ? 'Ready' : 'NotReady'
  return nodes.unschedulable[node] === 1 ? `${ready},SchedulingDisabled` : ready
}

/** printJob, STATUS. */
export function jobStatus({ jobs }: Cluster, job: JobId): string {
  const isTrue = (type: string): boolean =>
    jobs.status[job].conditions.some((one) => one.type === type && one.status === ConditionStatus.True)
  for (const type of ['Complete', 'Failed']) if (isTrue(type)) return type
  if (isTrue('Suspended')) return 'Suspended'
  if (isTrue('FailureTarget')) return 'FailureTarget'
  return isTrue('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

/** printJob, COMPLETIONS. */
export function jobCompletions({ jobs }: Cluster, job: JobId): string {
  const { completions, parallelism } = jobs.spec[job]
  const { succeeded } = jobs.status[job]
  if (completions !== NONE) return outOf(succeeded, completions)
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : outOf(succeeded, 1)
}
