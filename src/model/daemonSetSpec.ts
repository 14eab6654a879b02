// A DaemonSet's defaulted spec as integers, and the tolerations that its controller adds to every pod, after
// pkg/controller/daemon/util/daemonset_util.go, Kubernetes v1.36.

import type { DaemonSet, PodTemplateSpec, Toleration } from '../manifest/types.ts'
import { intOrPercent } from './deploymentSpec.ts'
import { compileNodeAffinity } from './nodeAffinity.ts'
import type { DaemonSetSpec, TemplateIds } from './types.ts'

export function compileDaemonSetSpec(object: DaemonSet, ids: TemplateIds): DaemonSetSpec {
  const { spec } = object
  const rolling = spec.updateStrategy.type === 'RollingUpdate' ? spec.updateStrategy.rollingUpdate : undefined
  const pod = spec.template.spec as PodTemplateSpec['spec'] & { readonly nodeName?: string }
  return {
    template: ids.templateId(withDaemonTolerations(spec.template)),
    onDelete: rolling === undefined,
    maxSurge: intOrPercent(rolling?.maxSurge ?? 0),
    maxUnavailable: intOrPercent(rolling?.maxUnavailable ?? 0),
    minReadySeconds: spec.minReadySeconds,
    revisionHistoryLimit: spec.revisionHistoryLimit,
    nodeName: pod.nodeName ?? '',
    nodeAffinity: compileNodeAffinity(pod.affinity),
  }
}

/** Trouble of a node that a DaemonSet's pods stay through, without a time limit. */
const TOLERATED: readonly (readonly [key: string, effect: 'NoExecute' | 'NoSchedule'])[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
]

/** The template with the added tolerations; one of equal key and effect is replaced (AddOrUpdateDaemonPodTolerations). */
export function withDaemonTolerations(template: PodTemplateSpec): PodTemplateSpec {
  const pod = template.spec as PodTemplateSpec['spec'] & { readonly hostNetwork?: boolean }
  const wanted = [...TOLERATED]
  if (pod.hostNetwork === true) wanted.push(['network-unavailable', 'NoSchedule'])
  const tolerations: Toleration[] = [...(pod.tolerations ?? [])]
  for (const [name, effect] of wanted) {
    const key = `node.kubernetes.io/${name}`
    const added: Toleration = { key, operator: 'Exists', effect }
    const place = tolerations.findIndex((each) => each.key === key && each.effect === effect)
    if (place < 0) tolerations.push(added)
    else tolerations[place] = added
  }
  return { ...template, spec: { ...template.spec, tolerations } }
}
