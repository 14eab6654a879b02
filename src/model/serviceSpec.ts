// A Service's spec as integers, which templates it selects, and the Services that traffic to a workload implies.

import { NONE } from '../base/columns.ts'
import { matchesLabels } from '../manifest/labels.ts'
import type { Service } from '../manifest/types.ts'
import type { ObjectModel, ServiceModel, ServiceSpec, TemplateId, TemplateModel } from './types.ts'

/** What of a Service decides where requests go. */
export function compileServiceSpec({ spec }: Service): ServiceSpec {
  const selector = spec.selector ?? {}
  return {
    template: NONE as TemplateId,
    type: spec.type,
    // No selector: the endpoints are kept by hand. An ExternalName is an alias and has none.
    selector: Object.keys(selector).length === 0 || spec.type === 'ExternalName' ? undefined : selector,
    headless: spec.clusterIP === 'None',
    publishesNotReady: spec.publishNotReadyAddresses === true,
    internalLocal: spec.internalTrafficPolicy === 'Local',
    externalLocal: spec.externalTrafficPolicy === 'Local',
    affinityUs: spec.sessionAffinity === 'ClientIP' ? affinitySeconds(spec) * 1_000_000 : 0,
    preference: PREFERENCES[spec.trafficDistribution ?? ''] ?? 'none',
  }
}

/** PreferClose is the older name of PreferSameZone. */
const PREFERENCES: Readonly<Record<string, ServiceSpec['preference']>> = {
  PreferClose: 'zone',
  PreferSameZone: 'zone',
  PreferSameNode: 'node',
}

function affinitySeconds({ sessionAffinityConfig }: Service['spec']): number {
  return sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS
}

/** Three hours (DefaultClientIPServiceAffinitySeconds). */
const DEFAULT_AFFINITY_SECONDS = 10_800

/** Services of the manifests, with what each of their specs selects. */
export function selectServices(
  services: readonly ObjectModel<ServiceSpec>[],
  templates: readonly TemplateModel[],
): ServiceModel[] {
  return services.map((service) => ({
    ...service,
    isImplied: false,
    selects: service.specs.map(({ selector }) =>
      Uint8Array.from(templates, ({ labels }) => (selector !== undefined && matchesLabels(selector, labels) ? 1 : 0)),
    ),
  }))
}

/** Traffic to a workload without a Service goes through one that exists all the time and selects its pods. */
export function implyService(name: string, selected: readonly TemplateId[], templates: number): ServiceModel {
  const selects = new Uint8Array(templates)
  for (const template of selected) selects[template] = 1
  return { name, isImplied: true, specs: [IMPLIED_SPEC], hasFinalizers: [false], selects: [selects] }
}

const IMPLIED_SPEC: ServiceSpec = {
  template: NONE as TemplateId,
  type: 'ClusterIP',
  selector: undefined,
  headless: false,
  publishesNotReady: false,
  internalLocal: false,
  externalLocal: false,
  affinityUs: 0,
  preference: 'none',
}
