// Small clusters with a scheduler that watches them, for tests that follow it pod by pod.

import { NONE } from '../../src/base/columns.ts'
import { Agenda } from '../../src/cluster/agenda.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import type { PodId } from '../../src/cluster/pods.ts'
import { insertPod } from '../../src/cluster/podWrites.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { RunnableControllers } from '../../src/engine/runnable.ts'
import { EventQueue } from '../../src/kernel/eventQueue.ts'
import { RandomStreams } from '../../src/kernel/random.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DeploymentId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import type { NodeSpec } from '../../src/scenario/types.ts'
import type { ImageStates } from '../../src/scheduler/plugins/imageLocality.ts'
import { VolumeBinder } from '../../src/scheduler/plugins/volumeBinder.ts'
import { volumeFilter } from '../../src/scheduler/plugins/volumes.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { simpleScenario } from '../scenarios.ts'

const GIB = 1024 ** 3
const NOWHERE: ImageStates = { sizeBytes: () => 0, isOnNode: () => false }

/** A node with 16 GiB in a zone. */
export function node(name: string, zone: string, cpuMillis = 4000): NodeSpec {
  const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone }
  return { name, cpuMillis, memoryBytes: 16 * GIB, pods: 110, labels, taints: [], unschedulable: false }
}

/** A cluster whose Deployment `web` has these pod specs, one after the other, and a scheduler that watches it. */
export function stage(nodes: readonly NodeSpec[], specs: readonly JsonObject[], images = NOWHERE) {
  const base = simpleScenario({})
  const [first, ...later] = specs
  const raw = structuredClone(base.arms[0].rawObjects[0]) as JsonObject
  ;(raw['spec'] as { template: JsonObject }).template['spec'] = first
  const steps = later.map((spec, i) => ({
    atUs: (i + 1) * 1_000_000,
    op: 'patch' as const,
    workload: { kind: 'Deployment', name: 'web' },
    patch: { spec: { template: { spec } } },
  }))
  const arm = { ...base.arms[0], rawObjects: [raw], objects: [applyDefaults(structuredClone(raw))] }
  const model = compileModel({ ...base, nodes, timeline: steps, arms: [arm] }, arm)
  const agenda = new Agenda(new EventQueue(model.capacity.events, model.horizonUs), model.horizonUs)
  const cluster = new Cluster(model, agenda, new RunnableControllers())
  const scheduler = new Scheduler(cluster, new RandomStreams(), volumeFilter, new VolumeBinder(cluster), images)
  cluster.watch.add(scheduler.watcher())
  cluster.reset()
  scheduler.reset()
  const replicaSets = model.templates.map((_, template) =>
    insertReplicaSet(cluster, 0 as DeploymentId, template as TemplateId, 0, 0, NONE, NONE, 1),
  )
  const create = (template = 0): PodId =>
    insertPod(cluster, Kind.ReplicaSet, replicaSets[template], template as TemplateId, NONE, NONE as NodeId, 0)
  return { cluster, scheduler, create }
}

/** A container with its requests. */
export function container(cpu: string, memory = '1Gi', more: JsonObject = {}): JsonObject {
  return { name: 'app', image: 'web:v1', resources: { requests: { cpu, memory } }, ...more }
}
