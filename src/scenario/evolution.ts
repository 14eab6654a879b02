// What the steps of a timeline make of the objects as written, without running anything: each object's desired state
// after each step. The loader checks every such state; the model compiles from them.

import type { Json, JsonObject } from '../manifest/types.ts'
import { isJsonObject } from '../manifest/types.ts'
import { canonicalJson } from './hash.ts'
import { containersOf, formatRef, keyOf, member, templateOf } from './objects.ts'
import { patchObject } from './patches.ts'
import { setPath } from '../manifest/patch.ts'
import type { Step, WorkloadRef } from './types.ts'

/** The effect of a step on the desired state of the objects. */
export type StepEffect =
  | { readonly type: 'changed'; readonly key: string; readonly raw: JsonObject }
  | { readonly type: 'deleted'; readonly key: string }
  /** Nodes and pods: no object of the manifests changes. */
  | { readonly type: 'none' }
  | { readonly type: 'refused'; readonly reason: string }

/** The annotation that `kubectl rollout restart` sets. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** Where a Deployment says why it was changed; its ReplicaSets keep a copy. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause'

/** A template that a workload has had, under the number that `kubectl rollout history` would show. */
interface Revision {
  readonly revision: number
  readonly template: JsonObject
  /** The annotation of a Deployment that its ReplicaSet was given with this revision last. */
  readonly changeCause: Json | undefined
}

/** The objects as written, by `Kind/name`, while the steps of a timeline are applied to them in order. */
export class Evolution {
  private readonly raws = new Map<string, JsonObject>()
  /** Objects that were deleted and whose finalizers keep them. */
  private readonly marked = new Set<string>()
  private readonly revisions = new Map<string, Revision[]>()

  constructor(raws: readonly JsonObject[]) {
    for (const raw of raws) this.put(raw)
  }

  /** `Kind/name` of every object that exists now. */
  keys(): string[] {
    return [...this.raws.keys()]
  }

  /** An object as written, with all steps so far; undefined if there is none. */
  get(ref: WorkloadRef): JsonObject | undefined {
    return this.raws.get(formatRef(ref))
  }

  /** Applies one step. A refused step changes nothing. Refs of the step must have been resolved. */
  apply(step: Step): StepEffect {
    switch (step.op) {
      case 'apply':
        return isJsonObject(step.object) ? this.put(step.object) : { type: 'refused', reason: 'not an object' }
      case 'delete': {
        const key = formatRef(step.object)
        const raw = this.raws.get(key)
        // An object with finalizers stays, marked, until a patch takes them off.
        if (raw !== undefined && hasFinalizers(raw)) this.marked.add(key)
        else this.raws.delete(key)
        return { type: 'deleted', key }
      }
      case 'setImage':
      case 'patch':
      case 'scale':
      case 'pause':
      case 'resume':
      case 'restart':
      case 'undo':
        return this.change(step)
      default:
        return { type: 'none' }
    }
  }

  private change(step: FieldStep | PatchStep | UndoStep): StepEffect {
    const raw = this.get(step.workload)
    if (raw === undefined) return { type: 'refused', reason: `${formatRef(step.workload)} does not exist at this time` }
    if (step.op === 'patch') {
      const patched = isJsonObject(step.patch) ? patchObject(raw, step.patch) : { wrong: 'the patch is not a map' }
      return 'value' in patched ? this.put(patched.value) : { type: 'refused', reason: patched.wrong }
    }
    if (step.op !== 'undo') return this.put(desiredAfter(raw, step))
    if (member(raw, 'spec')?.['paused'] === true) {
      return { type: 'refused', reason: 'a paused Deployment cannot be rolled back; resume it first' }
    }
    const revisions = this.revisions.get(keyOf(raw)) ?? []
    const back =
      step.toRevision === 0 ? revisions.at(-2) : revisions.find(({ revision }) => revision === step.toRevision)
    if (back === undefined) {
      const wanted = step.toRevision === 0 ? 'no earlier revision' : `no revision ${step.toRevision}`
      const known = revisions.map(({ revision }) => revision).join(', ')
      return { type: 'refused', reason: `${keyOf(raw)} has ${wanted} to return to at this time; it has ${known}` }
    }
    const undone = setPath(raw, ['spec', 'template'], back.template)
    return this.put(step.workload.kind === 'Deployment' ? withChangeCause(undone, back.changeCause) : undone)
  }

  private put(raw: JsonObject): StepEffect {
    const key = keyOf(raw)
    if (this.marked.has(key) && !hasFinalizers(raw)) {
      this.marked.delete(key)
      this.raws.delete(key)
      return { type: 'changed', key, raw }
    }
    this.raws.set(key, raw)
    this.remember(key, raw)
    return { type: 'changed', key, raw }
  }

  /** A template that returns gets a new number, as the controllers do it. A paused Deployment makes no revision. */
  private remember(key: string, raw: JsonObject): void {
    const template = templateOf(raw)
    if (template === undefined || member(raw, 'spec')?.['paused'] === true) return
    const before = this.revisions.get(key) ?? []
    const text = canonicalJson(template)
    const latest = before.at(-1)
    const known = before.find((revision) => canonicalJson(revision.template) === text)
    const others = before.filter((revision) => revision !== known)
    const revision = latest !== undefined && latest === known ? latest.revision : (latest?.revision ?? 0) + 1
    const changeCause = annotationsOf(raw)[CHANGE_CAUSE] ?? known?.changeCause
    this.revisions.set(key, [...others, { revision, template, changeCause }])
  }
}

function annotationsOf(raw: JsonObject): JsonObject {
  const annotations = member(raw, 'metadata')?.['annotations']
  return isJsonObject(annotations) ? annotations : {}
}

/** As `kubectl rollout undo` does it: a Deployment gets the annotation of the ReplicaSet to which it returns, or none. */
function withChangeCause(raw: JsonObject, changeCause: Json | undefined): JsonObject {
  const { [CHANGE_CAUSE]: present, ...others } = annotationsOf(raw)
  if (present === changeCause) return raw
  const annotations = changeCause === undefined ? others : { ...others, [CHANGE_CAUSE]: changeCause }
  return setPath(raw, ['metadata', 'annotations'], annotations)
}

function hasFinalizers(raw: JsonObject): boolean {
  const finalizers = member(raw, 'metadata')?.['finalizers']
  return Array.isArray(finalizers) && finalizers.length > 0
}

type FieldStep = Extract<Step, { op: 'setImage' | 'scale' | 'pause' | 'resume' | 'restart' }>
type PatchStep = Extract<Step, { op: 'patch' }>
type UndoStep = Extract<Step, { op: 'undo' }>

/** The object as written after one step on it. */
function desiredAfter(raw: JsonObject, change: FieldStep): JsonObject {
  switch (change.op) {
    case 'setImage':
      return setImage(raw, change.container, change.image)
    case 'scale':
      return setPath(raw, ['spec', 'replicas'], change.replicas)
    case 'pause':
      return setPath(raw, ['spec', 'paused'], true)
    case 'resume':
      return setPath(raw, ['spec', 'paused'], false)
    default:
      // As `kubectl rollout restart` does it: a new annotation makes a new template.
      return setPath(raw, ['spec', 'template', 'metadata', 'annotations', RESTARTED_AT], `${change.atUs} us`)
  }
}

/** A copy of an object in which the container of that name has another image. */
function setImage(raw: JsonObject, container: string, image: string): JsonObject {
  const copy = structuredClone(raw)
  for (const found of containersOf(copy)) {
    if (found['name'] === container) found['image'] = image satisfies Json
  }
  return copy
}
