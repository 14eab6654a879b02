// Arms: patches and grids of a scenario, unfolded into the objects that each arm creates.

import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../manifest/types.ts'
import { admit, type Admission } from './admission.ts'
import { formatRef, keyOf, resolveRef, type ScenarioObject, WORKLOAD_KINDS } from './objects.ts'
import { patchObject, setGridValues } from './patches.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenArm } from './schema.ts'
import type { ScenarioArm } from './types.ts'

/** An arm before its name and objects have been accepted. */
interface ArmDraft {
  readonly name: string
  readonly label: string
  /** The target as this arm creates it; undefined where the arm is the manifests as they are. */
  readonly raw: JsonObject | undefined
}

/** More arms than this in one scenario are a slip, not a plan. */
const ARMS_MAX = 1_000

/**
 * Unfolds written arms. A patch that Kubernetes would refuse is an error; a grid point that it would refuse is left out
 * with a warning, unless nothing remains of the grid.
 *
 * @param kubernetes the version whose schema judges, such as `1.36`
 */
export function expandArms(
  written: readonly WrittenArm[] | undefined,
  objects: readonly ScenarioObject[],
  kubernetes: string,
  reporter: Reporter,
): ScenarioArm[] {
  if (written === undefined) return [unchangedArm('manifest', objects)]
  const arms: ScenarioArm[] = []
  const names = new Set<string>()
  written.forEach((arm, index) => {
    const at = reporter.within(index)
    for (const expanded of expandArm(arm, objects, kubernetes, at)) {
      if (names.has(expanded.name))
        at.error(['name'], `there is already an arm ${expanded.name}: arms need different names`)
      names.add(expanded.name)
      arms.push(expanded)
    }
  })
  if (arms.length > ARMS_MAX) reporter.error([], `these are ${arms.length} arms; at most ${ARMS_MAX} can be compared`)
  return arms
}

/** The arm of the manifests as they are. */
export function unchangedArm(name: string, objects: readonly ScenarioObject[]): ScenarioArm {
  return {
    name,
    label: 'as in the manifest',
    objects: objects.map(({ object }) => object),
    rawObjects: objects.map(({ raw }) => raw),
  }
}

function expandArm(
  arm: WrittenArm,
  objects: readonly ScenarioObject[],
  kubernetes: string,
  reporter: Reporter,
): ScenarioArm[] {
  if (arm.patch === undefined && arm.grid === undefined) {
    if (arm.target !== undefined) reporter.error(['target'], 'a target needs a patch or a grid that acts on it')
    const unchanged = unchangedArm(arm.name, objects)
    return [{ ...unchanged, label: arm.label ?? unchanged.label }]
  }
  const target = findTarget(arm, objects, reporter)
  if (target === undefined) return []
  const patched = arm.patch === undefined ? target.raw : patchObject(target.raw, arm.patch as JsonObject)
  if (keyOf(patched) !== keyOf(target.raw)) {
    reporter.error(['patch'], `an arm cannot change the kind or name of ${keyOf(target.raw)}`)
    return []
  }
  const patchWords = arm.patch === undefined ? [] : describePatch(arm.patch as JsonObject)
  if (arm.grid === undefined) {
    const label = arm.label ?? patchWords.join(', ')
    const admission = admit(patched, kubernetes)
    if (admission.state === 'admitted')
      return [withObject({ name: arm.name, label }, objects, target, patched, admission.object)]
    for (const refusal of admission.refusals) {
      reporter.error(['patch'], `Kubernetes would refuse ${keyOf(patched)} with this patch: ${refusal}`)
    }
    return []
  }
  const drafts = gridPoints(arm.grid).map((point) => draftPoint(arm, point, patched, patchWords))
  return admitGrid(drafts, objects, target, kubernetes, reporter)
}

function findTarget(
  arm: WrittenArm,
  objects: readonly ScenarioObject[],
  reporter: Reporter,
): ScenarioObject | undefined {
  const named = (keys: readonly string[], text: string) => {
    const ref = reporter.take(resolveRef(text, keys), ['target'])
    return ref && objects.find(({ raw }) => keyOf(raw) === formatRef(ref))
  }
  if (arm.target !== undefined)
    return named(
      objects.map(({ raw }) => keyOf(raw)),
      arm.target,
    )
  const workloads = objects.filter(({ object }) => WORKLOAD_KINDS.includes(object.kind))
  if (workloads.length === 1) return workloads[0]
  const known = workloads.map(({ raw }) => keyOf(raw)).join(', ')
  reporter.error(
    [],
    `say which workload this arm changes, with target: Kind/name; there are ${known === '' ? 'none' : known}`,
  )
  return undefined
}

/** Grid values as [path, value] pairs. */
type Point = readonly (readonly [string, string | number | boolean])[]

/** Every combination of the values of a grid; the last key varies fastest. */
export function gridPoints(grid: NonNullable<WrittenArm['grid']>): Point[] {
  return Object.entries(grid).reduce<Point[]>(
    (points, [path, values]) => points.flatMap((point) => values.map((value) => [...point, [path, value] as const])),
    [[]],
  )
}

/** The name of a grid point: the arm and its values in key order, `25%` as `25pct`. */
export function gridPointName(arm: string, point: Point): string {
  const words = point.map(([, value]) =>
    String(value)
      .replaceAll('%', 'pct')
      .replaceAll(/[^A-Za-z0-9.]+/g, '-'),
  )
  return [arm, ...words].join('-')
}

function draftPoint(arm: WrittenArm, point: Point, patched: JsonObject, patchWords: readonly string[]): ArmDraft {
  const { raw, madeRolling } = setGridValues(patched, point)
  const values = point.map(([path, value]) => `${path.slice(path.lastIndexOf('.') + 1)} ${value}`)
  const words = [...(arm.label === undefined ? patchWords : [arm.label]), ...values]
  const label = madeRolling ? ['RollingUpdate', ...words].join(', ') : words.join(', ')
  return { name: gridPointName(arm.name, point), label, raw }
}

function admitGrid(
  drafts: readonly ArmDraft[],
  objects: readonly ScenarioObject[],
  target: ScenarioObject,
  kubernetes: string,
  reporter: Reporter,
): ScenarioArm[] {
  const arms: ScenarioArm[] = []
  const refused: { readonly draft: ArmDraft; readonly refusals: readonly string[] }[] = []
  for (const draft of drafts) {
    const raw = draft.raw ?? target.raw
    const admission: Admission = admit(raw, kubernetes)
    if (admission.state === 'admitted') arms.push(withObject(draft, objects, target, raw, admission.object))
    else refused.push({ draft, refusals: admission.refusals })
  }
  if (arms.length === 0) {
    const reasons = [...new Set(refused.flatMap(({ refusals }) => refusals))]
    for (const reason of reasons.slice(0, 5))
      reporter.error(['grid'], `Kubernetes would refuse every point of this grid: ${reason}`)
    return []
  }
  for (const { draft, refusals } of refused) {
    reporter.warning(['grid'], `${draft.name} is left out, Kubernetes would refuse it: ${refusals.join('; ')}`)
  }
  return arms
}

function withObject(
  { name, label }: { readonly name: string; readonly label: string },
  objects: readonly ScenarioObject[],
  target: ScenarioObject,
  raw: JsonObject,
  object: KubeObject,
): ScenarioArm {
  return {
    name,
    label,
    objects: objects.map((other) => (other === target ? object : other.object)),
    rawObjects: objects.map((other) => (other === target ? raw : other.raw)),
  }
}

/** A patch in words: its values with their last key; a `type` says enough without it. */
export function describePatch(patch: JsonObject): string[] {
  const words: string[] = []
  const walk = (key: string, value: Json): void => {
    if (isJsonObject(value)) Object.entries(value).forEach(([child, part]) => walk(child, part))
    else if (Array.isArray(value)) value.forEach((part) => walk(key, part))
    else words.push(key === 'type' ? String(value) : value === null ? `no ${key}` : `${key} ${value}`)
  }
  walk('', patch)
  return words.length > 6 ? [...words.slice(0, 5), '…'] : words
}
