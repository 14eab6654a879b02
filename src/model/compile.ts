// manifest + scenario -> model:
//
//   objects of the arm -> Evolution (scenario/): every object after every step
//                      -> TableBuilder: images, templates, specs, nodes become rows
//                      -> actions: what happens when, by row
//   traffic, measured workloads, capacities

import { NONE } from '../base/columns.ts'
import { applyDefaults } from '../manifest/defaults.ts'
import { isModelled } from '../manifest/modelled.ts'
import { isJsonObject, type JsonObject, type KubeObject } from '../manifest/types.ts'
import { Evolution } from '../scenario/evolution.ts'
import { keyOf, member, textOf } from '../scenario/objects.ts'
import { IDEAL_KUBELET } from '../scenario/kubeletSettings.ts'
import type { Scenario, ScenarioArm, Step } from '../scenario/types.ts'
import type { AutoscalerSpec } from './autoscalerSpec.ts'
import { compileFaults } from './faults.ts'
import { selectTemplates } from './budgetSpec.ts'
import { Releases } from './releases.ts'
import { compileNodes, evolveNode, labelsOf, nodeRow } from './nodes.ts'
import { compilePriorities } from './priorities.ts'
import { sizeTables } from './sizes.ts'
import { compileStrategy } from './strategy.ts'
import { TableBuilder } from './tableBuilder.ts'
import { compileTraffic, measuredWorkloads } from './traffic.ts'
import { compileStorage } from './volumes.ts'
import type { CronJobSpec, JobSpec } from './jobTypes.ts'
import {
  type Action,
  type BudgetSpec,
  type DaemonSetSpec,
  type DeploymentSpec,
  type ImageId,
  Kind,
  type Model,
  type NodeId,
  type ObjectModel,
  type PodSpec,
  type ReplicaSetSpec,
  type StatefulSetSpec,
  type TimelessAction,
} from './types.ts'

/** All objects but nodes are created this long after the engine's time 0. */
export const CREATED_AT_US = 1_000_000

/** Compiles one arm; everything that a run needs to know is in the result. */
export function compileModel(scenario: Scenario, arm: ScenarioArm): Model {
  const zeroUs = CREATED_AT_US + scenario.warmUpUs
  const nodes = compileNodes(scenario)
  const builder = new TableBuilder(scenario, zeroUs + scenario.horizonUs)
  // Steps act on objects as the API server keeps them: a patch meets what defaulting has filled in.
  const evolution = new Evolution(arm.objects as unknown as JsonObject[])
  const actions: Action[] = []
  for (const object of arm.objects) actions.push({ atUs: CREATED_AT_US, ...builder.create(object) })
  const cachedImages = builder.images.flatMap(({ settings }, image) => (settings.exists ? [image as ImageId] : []))
  const labels = nodes.map((node) => node.labels)
  const releases = new Releases(arm.strategy, builder)
  for (const step of scenario.timeline) {
    const atUs = zeroUs + step.atUs
    const ref = arm.strategy?.workload
    const before = ref && evolution.get(ref)
    const action = isNodePatch(step)
      ? evolveNode(nodes, labels, step.workload.name, step.patch)
      : compileStep(step, evolution, builder, (name) => nodeRow(nodes, name))
    const steps = action.map((part) => ({ atUs, ...part }))
    const after = ref && evolution.get(ref)
    actions.push(...releases.carryOut(steps, before, after))
  }
  releases.finish(actions)
  const first = scenario.timeline[0]
  const { services, routes, traffic, network } = compileTraffic(scenario, builder)
  const budgets = rowsOf<BudgetSpec>(builder, Kind.PodDisruptionBudget)
  return {
    images: builder.images,
    templates: builder.templates,
    changeCauses: builder.changeCauses,
    deployments: rowsOf<DeploymentSpec>(builder, Kind.Deployment),
    budgets,
    budgetSelects: selectTemplates(budgets, builder.templates),
    daemonSets: rowsOf<DaemonSetSpec>(builder, Kind.DaemonSet),
    replicaSets: rowsOf<ReplicaSetSpec>(builder, Kind.ReplicaSet),
    replicationControllers: rowsOf<ReplicaSetSpec>(builder, Kind.ReplicationController),
    pods: rowsOf<PodSpec>(builder, Kind.Pod),
    jobs: rowsOf<JobSpec>(builder, Kind.Job),
    cronJobs: rowsOf<CronJobSpec>(builder, Kind.CronJob),
    statefulSets: rowsOf<StatefulSetSpec>(builder, Kind.StatefulSet),
    autoscalers: rowsOf<AutoscalerSpec>(builder, Kind.HorizontalPodAutoscaler),
    storage: compileStorage(scenario.storage, arm.objects, builder),
    cachedImages,
    nodes,
    actions,
    faults: compileFaults(scenario, zeroUs, nodes, builder),
    services,
    routes,
    network,
    traffic,
    strategy: compileStrategy(arm.strategy, builder, traffic),
    measured: measuredWorkloads(scenario, builder, traffic, actions),
    placement: scenario.placement,
    scheduler: scenario.scheduler,
    serviceSelectors: serviceSelectors(arm.objects),
    priorities: compilePriorities(arm.objects),
    kubelet: scenario.kubelet,
    kubeletSettings: scenario.kubeletSettings ?? IDEAL_KUBELET,
    requests: scenario.requests,
    surroundings: scenario.surroundings,
    featureGates: scenario.featureGates,
    zeroUs,
    windowStartUs: zeroUs + (first?.atUs ?? 0),
    horizonUs: zeroUs + scenario.horizonUs,
    mayBeUnsettled: scenario.warmUpUs === 0,
    capacity: sizeTables(builder, nodes, actions),
  }
}

/** The rows of one kind; its compiler in kinds.ts made specs of that type. */
function rowsOf<Spec>(builder: TableBuilder, kind: Kind): readonly ObjectModel<Spec>[] {
  return builder.objects[kind] as unknown as readonly ObjectModel<Spec>[]
}

type NodePatch = Extract<Step, { op: 'patch' }>

function isNodePatch(step: Step): step is NodePatch {
  return step.op === 'patch' && step.workload.kind === 'Node'
}

/** What one step does, by rows. A step on an object is the object's whole next spec. */
function compileStep(
  step: Step,
  evolution: Evolution,
  builder: TableBuilder,
  rowOfNode: (name: string) => NodeId,
): TimelessAction[] {
  switch (step.op) {
    case 'deletePod': {
      const owner = step.workload === undefined ? undefined : builder.find(step.workload)
      const node = step.node === undefined ? (NONE as NodeId) : rowOfNode(step.node)
      const { index, force, pod = '' } = step
      return [{ type: 'deletePod', kind: owner?.kind ?? Kind.None, row: owner?.row ?? NONE, node, pod, index, force }]
    }
    case 'taintNode':
      return [{ type: 'taintNode', node: rowOfNode(step.node), taint: step.taint, remove: step.remove }]
    case 'addNode': {
      const node = rowOfNode(step.node.name)
      return [{ type: 'addNode', node, as: { ...step.node, labels: labelsOf(step.node) } }]
    }
    case 'pushImage': {
      const version = builder.imageId(`${step.image}#${step.version}`)
      return [{ type: 'pushImage', image: builder.imageId(step.image), version }]
    }
    case 'shutdownNode':
      return [{ type: 'shutdownNode', node: rowOfNode(step.node), graceUs: step.graceUs }]
    case 'nodeDown':
    case 'nodeUp':
    case 'deleteNode':
    case 'cordon':
    case 'uncordon':
    case 'drain':
      return [{ type: step.op, node: rowOfNode(step.node) }]
    default:
      return compileChange(step, evolution, builder)
  }
}

function compileChange(step: Step, evolution: Evolution, builder: TableBuilder): TimelessAction[] {
  const effect = evolution.apply(step)
  if (effect.type === 'changed') {
    // A ConfigMap, say: nobody who is simulated watches it.
    if (!isModelled(textOf(effect.raw['kind']))) return []
    const object = applyDefaults(effect.raw)
    const known = builder.find({ kind: object.kind, name: object.metadata.name })
    if (known === undefined || !known.exists) return [builder.create(object)]
    const { kind, row } = known
    const spec = builder.addSpec(known, object)
    if (step.op === 'undo') return [{ type: 'undo', kind, row, spec }]
    return [{ type: 'applySpec', kind, row, spec, keepsTemplate: keepsTemplate(step) }]
  }
  if (effect.type === 'deleted' && step.op === 'delete') {
    const known = builder.remove(step.object)
    return known === undefined ? [] : [{ type: 'delete', kind: known.kind, row: known.row, cascade: step.cascade }]
  }
  return []
}

/** Whether a step leaves the template of its workload as it is, whatever that is by then. */
function keepsTemplate(step: Step): boolean {
  if (step.op === 'patch') return isJsonObject(step.patch) && member(step.patch, 'spec')?.['template'] === undefined
  return step.op === 'scale' || step.op === 'pause' || step.op === 'resume'
}

/** Selectors of the Services that have one; an empty one selects every pod. */
function serviceSelectors(objects: readonly KubeObject[]): Readonly<Record<string, string>>[] {
  return objects.flatMap((object) => {
    if (object.kind !== 'Service') return []
    const { selector } = object.spec
    return selector === undefined ? [] : [selector]
  })
}

/** `Kind/name` of a defaulted object. */
export function labelOf(object: KubeObject): string {
  return keyOf(object as unknown as JsonObject)
}
