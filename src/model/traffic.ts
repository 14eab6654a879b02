// Which pods a stream of requests reaches, and which workloads are measured.

import { matchesLabels } from '../manifest/labels.ts'
import type { KubeObject, Service } from '../manifest/types.ts'
import type { Scenario, TrafficSpec, WorkloadRef } from '../scenario/types.ts'
import type { TableBuilder } from './tableBuilder.ts'
import type { Action, Kind, MeasuredWorkload, TrafficModel } from './types.ts'

/** Streams by the templates they reach: a Service's selector, or all templates of a workload. */
export function compileTraffic(
  specs: readonly TrafficSpec[],
  builder: TableBuilder,
  objects: readonly KubeObject[],
): TrafficModel[] {
  return specs.map((spec) => {
    const selects = new Uint8Array(builder.templates.length)
    if (spec.to.kind === 'Service') selectByService(selects, spec.to, builder, objects)
    else for (const template of builder.templatesOf(spec.to)) selects[template] = 1
    return { requestsPerSecond: spec.requestsPerSecond, endpointDelayUs: spec.endpointDelayUs, selects }
  })
}

function selectByService(
  selects: Uint8Array,
  to: WorkloadRef,
  builder: TableBuilder,
  objects: readonly KubeObject[],
): void {
  const service = objects.find((object) => object.kind === 'Service' && object.metadata.name === to.name) as Service
  const selector = service?.spec.selector ?? {}
  if (Object.keys(selector).length === 0) return
  builder.templates.forEach((template, id) => {
    if (matchesLabels(selector, template.labels)) selects[id] = 1
  })
}

/** The workloads that steps touch, or all if none is touched, each with the first stream that reaches its pods. */
export function measuredWorkloads(
  { timeline, primaries = [] }: Pick<Scenario, 'timeline' | 'primaries'>,
  builder: TableBuilder,
  traffic: readonly TrafficModel[],
  actions: readonly Action[],
): MeasuredWorkload[] {
  const touched = new Set<string>()
  for (const step of timeline) {
    if ('workload' in step && step.workload !== undefined) touched.add(`${step.workload.kind}/${step.workload.name}`)
  }
  const all = builder.workloads()
  const chosen = all.filter((ref) => touched.has(`${ref.kind}/${ref.name}`))
  return (chosen.length > 0 ? chosen : all).map((ref) => {
    const { kind, row } = builder.find(ref)!
    const templates = builder.templatesOf(ref)
    const stream = traffic.findIndex(({ selects }) => templates.some((template) => selects[template] === 1))
    const templateChangesUs = templateChanges(kind, row, templates, actions)
    const primary = primaries.find(({ workload }) => workload.kind === ref.kind && workload.name === ref.name)?.rule
    return {
      kind,
      row,
      label: `${ref.kind}/${ref.name}`,
      traffic: stream,
      templateChangesUs,

      primary,
    }
  })
}

/** Times at which a spec of the row has another template than the spec before. */
function templateChanges(kind: Kind, row: number, templates: readonly number[], actions: readonly Action[]): number[] {
  const times: number[] = []
  for (const action of actions) {
    if (action.type !== 'applySpec' && action.type !== 'undo') continue
    if (action.kind !== kind || action.row !== row || action.spec === 0) continue
    if (templates[action.spec] !== templates[action.spec - 1]) times.push(action.atUs)
  }
  return times
}
