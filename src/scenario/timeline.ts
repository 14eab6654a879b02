// The timeline of a scenario: steps as written, resolved against the objects and nodes that exist at their time.

import { suggest } from '../base/suggestion.ts'
import { formatDuration } from '../base/units.ts'
import type { JsonObject } from '../manifest/types.ts'
import { readDuration } from './distribution.ts'
import { Evolution } from './evolution.ts'
import { readNode, renameNode } from './nodes.ts'
import { containersOf, keyOf, textOf, resolveRef, ROLLOUT_KINDS, WORKLOAD_KINDS } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenStep } from './schema.ts'
import { STEP_OPS } from './schemaSteps.ts'
import { listSome } from './thresholds.ts'
import type { NodeSpec, Step, WorkloadRef } from './types.ts'

/** A step with the place at which it stands in the file: `index` in the written timeline. */
export interface PlacedStep {
  readonly step: Step
  readonly index: number
}

/** What a timeline is resolved against. */
export interface TimelineSetting {
  readonly raws: readonly JsonObject[]
  readonly nodes: readonly NodeSpec[]
  readonly horizonUs: number
}

type Op = Step['op']

/** The kinds that a step on a workload applies to. */
const KINDS_BY_OP: Readonly<Partial<Record<Op, readonly string[]>>> = {
  setImage: WORKLOAD_KINDS,
  scale: ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'],
  pause: ['Deployment'],
  resume: ['Deployment'],
  restart: ROLLOUT_KINDS,
  undo: ROLLOUT_KINDS,
  deletePod: WORKLOAD_KINDS,
}

/** Reads a timeline: the steps in order of time, those of one time in the order in which they are written. */
export function resolveTimeline(
  written: readonly WrittenStep[],
  setting: TimelineSetting,
  reporter: Reporter,
): PlacedStep[] {
  const timed = written.map((step, index) => {
    const at = reporter.within(index)
    const atUs = at.take(readDuration(step.at), ['at'])
    if (atUs !== undefined && atUs >= setting.horizonUs && setting.horizonUs > 0) {
      at.error(['at'], `${formatDuration(atUs)} is not before the horizon, ${formatDuration(setting.horizonUs)}`)
    }
    return { step, index, atUs: atUs ?? 0 }
  })
  const world = new World(setting)
  const placed: PlacedStep[] = []
  for (const { step, index, atUs } of timed.toSorted((a, b) => a.atUs - b.atUs)) {
    const op = STEP_OPS.find((name) => step[name] !== undefined)
    if (op === undefined) continue
    const resolved = world.resolve(step, atUs, reporter.within(index, op))
    if (resolved === undefined) continue
    placed.push({ step: resolved, index })
    world.apply(resolved)
  }
  return placed
}

/** What exists at one time of the timeline. */
class World {
  private readonly evolution: Evolution
  private readonly nodes: Map<string, NodeSpec>
  private readonly nodePattern: NodeSpec | undefined

  constructor({ raws, nodes }: TimelineSetting) {
    this.evolution = new Evolution(raws)
    this.nodes = new Map(nodes.map((node) => [node.name, node]))
    this.nodePattern = nodes[0]
  }

  apply(step: Step): void {
    this.evolution.apply(step)
    if (step.op === 'addNode') this.nodes.set(step.node.name, step.node)
  }

  /** The step with everything named in it resolved; undefined after reporting what is not. */
  resolve(written: WrittenStep, atUs: number, reporter: Reporter): Step | undefined {
    if (written.setImage) return this.resolveSetImage(written.setImage, atUs, reporter)
    if (written.apply) return { atUs, op: 'apply', object: written.apply.object }
    if (written.deletePod) return this.resolveDeletePod(written.deletePod, atUs, reporter)
    if (written.addNode) return this.resolveAddNode(written.addNode.node, atUs, reporter)
    if (written.pushImage) return { atUs, op: 'pushImage', ...written.pushImage }
    if (written.shutdownNode) return this.resolveShutdown(written.shutdownNode, atUs, reporter)
    if (written.delete) {
      const object = this.resolveWorkload('delete', written.delete.object, reporter, 'object')
      return object && { atUs, op: 'delete', object, cascade: written.delete.cascade ?? 'background' }
    }
    if (written.patch) {
      const workload = this.resolveWorkload('patch', written.patch.workload, reporter)
      return workload && { atUs, op: 'patch', workload, patch: written.patch.patch }
    }
    if (written.scale) {
      const workload = this.resolveWorkload('scale', written.scale.workload, reporter)
      return workload && { atUs, op: 'scale', workload, replicas: written.scale.replicas }
    }
    if (written.undo) {
      const workload = this.resolveWorkload('undo', written.undo.workload, reporter)
      return workload && { atUs, op: 'undo', workload, toRevision: written.undo.toRevision ?? 0 }
    }
    for (const op of ['pause', 'resume', 'restart'] as const) {
      const step = written[op]
      if (step === undefined) continue
      const workload = this.resolveWorkload(op, step.workload, reporter)
      return workload && { atUs, op, workload }
    }
    if (written.taintNode) {
      const { node, key, value = '', effect, remove = false } = written.taintNode
      const taint = { key, value, effect }
      return this.hasNode(node, reporter) ? { atUs, op: 'taintNode', node, taint, remove } : undefined
    }
    for (const op of ['nodeDown', 'nodeUp', 'deleteNode', 'cordon', 'uncordon', 'drain'] as const) {
      const step = written[op]
      if (step !== undefined) return this.hasNode(step.node, reporter) ? { atUs, op, node: step.node } : undefined
    }
    return undefined
  }

  private resolveWorkload(op: Op, text: string, reporter: Reporter, field = 'workload'): WorkloadRef | undefined {
    const ref = reporter.take(resolveRef(text, this.evolution.keys()), [field])
    const kinds = KINDS_BY_OP[op]
    if (ref === undefined || kinds === undefined || kinds.includes(ref.kind)) return ref
    reporter.error([field], `${op} does not apply to a ${ref.kind}: it takes a ${kinds.join(' or ')}`)
    return undefined
  }

  private resolveSetImage(
    written: NonNullable<WrittenStep['setImage']>,
    atUs: number,
    reporter: Reporter,
  ): Step | undefined {
    const workload = this.resolveWorkload('setImage', written.workload, reporter)
    if (workload === undefined) return undefined
    const raw = this.evolution.get(workload)
    const namesOf = (which: 'app' | 'all') => (raw ? containersOf(raw, which).map(({ name }) => textOf(name)) : [])
    const names = namesOf('all')
    const [container, ...others] = written.container === undefined ? namesOf('app') : [written.container]
    if (container === undefined || others.length > 0) {
      reporter.error([], `say which container: ${written.workload} has ${names.join(', ')}`)
      return undefined
    }
    if (!names.includes(container)) {
      const known = `${suggest(container, names)}; it has ${names.join(', ')}`
      reporter.error(['container'], `${written.workload} has no container "${container}"${known}`)
      return undefined
    }
    return { atUs, op: 'setImage', workload, container, image: written.image }
  }

  private resolveDeletePod(
    written: NonNullable<WrittenStep['deletePod']>,
    atUs: number,
    reporter: Reporter,
  ): Step | undefined {
    const { pod, node, index = 0, force = false } = written
    const workload = written.workload && this.resolveWorkload('deletePod', written.workload, reporter)
    if (written.workload !== undefined && workload === undefined) return undefined
    if (node !== undefined && !this.hasNode(node, reporter)) return undefined
    if (pod !== undefined && !this.mayHavePod(pod)) {
      const reason = 'only pods of a StatefulSet and bare pods have names that are known beforehand'
      reporter.error(['pod'], `there is no pod "${pod}": ${reason}; name a workload and an index instead`)
      return undefined
    }
    return {
      atUs,
      op: 'deletePod',
      ...(workload ? { workload } : {}),
      ...(pod === undefined ? {} : { pod }),
      ...(node === undefined ? {} : { node }),
      index,
      force,
    }
  }

  private resolveShutdown(
    { node, grace }: NonNullable<WrittenStep['shutdownNode']>,
    atUs: number,
    reporter: Reporter,
  ): Step | undefined {
    const graceUs = grace === undefined ? 0 : reporter.take(readDuration(grace), ['grace'])
    if (!this.hasNode(node, reporter) || graceUs === undefined) return undefined
    return { atUs, op: 'shutdownNode', node, graceUs }
  }

  private mayHavePod(pod: string): boolean {
    const stem = pod.replace(/-[0-9]+$/, '')
    const keys = this.evolution.keys()
    return keys.includes(`Pod/${pod}`) || (stem !== pod && keys.includes(`StatefulSet/${stem}`))
  }

  private resolveAddNode(
    written: NonNullable<WrittenStep['addNode']>['node'],
    atUs: number,
    reporter: Reporter,
  ): Step | undefined {
    if (typeof written !== 'string') return { atUs, op: 'addNode', node: readNode(written, reporter.within('node')) }
    const pattern = this.nodes.get(written) ?? this.nodePattern
    return pattern && { atUs, op: 'addNode', node: renameNode(pattern, written) }
  }

  private hasNode(name: string, reporter: Reporter): boolean {
    if (this.nodes.has(name)) return true
    const names = [...this.nodes.keys()]
    reporter.error(['node'], `there is no node "${name}"${suggest(name, names)}; the nodes are ${listSome(names)}`)
    return false
  }
}

/** `Kind/name` of every workload that a timeline touches, in order of time. */
export function touchedWorkloads(steps: readonly Step[]): string[] {
  const refs = steps.flatMap((step) => {
    if ('workload' in step && step.workload !== undefined) return [`${step.workload.kind}/${step.workload.name}`]
    return step.op === 'apply' ? [keyOf(step.object as JsonObject)] : []
  })
  return [...new Set(refs)]
}
