// Arms: patches and grids of a scenario, unfolded into the objects that each arm creates.

import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../manifest/types.ts'
import { admit } from './admission.ts'
import { formatRef, keyOf, resolveRef, type ScenarioObject, WORKLOAD_KINDS } from './objects.ts'
import { patchObject, setGridValues } from './patches.ts'
import type { Reporter } from './reporter.ts'
import { carryOut, readStrategy, UNCHANGED_LABEL } from './strategy.ts'
import type { WrittenArm } from './schema.ts'
import type { ScenarioArm } from './types.ts'

/** An object that an arm changes, and what the patch of the arm makes of it. */
interface Target {
  readonly target: ScenarioObject
  readonly patched: JsonObject
}

/** An object that an arm changes, as the arm creates it. */
interface Changed {
  readonly target: ScenarioObject
  readonly raw: JsonObject
  readonly object: KubeObject
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
    for (const expanded of withStrategy(arm, objects, expandArm(arm, objects, kubernetes, at), at)) {
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
    label: UNCHANGED_LABEL,
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
    if (arm.target !== undefined && arm.strategy === undefined)
      reporter.error(['target'], 'a target needs a patch, a grid or a strategy that acts on it')
    const unchanged = unchangedArm(arm.name, objects)
    return [{ ...unchanged, label: arm.label ?? unchanged.label }]
  }
  const targets = findTargets(arm, objects, reporter).flatMap((target) => {
    const patched = patchTarget(arm, target, reporter)
    return patched === undefined ? [] : [{ target, patched }]
  })
  if (targets.length === 0) return []
  const words = arm.patch === undefined ? [] : describePatch(arm.patch as JsonObject)
  const label = arm.label === undefined ? words : [arm.label]
  if (arm.grid !== undefined) return expandGrid(arm, label, { objects, targets, kubernetes }, reporter)
  const changed: Changed[] = []
  for (const { target, patched } of targets) {
    const admission = admit(patched, kubernetes)
    if (admission.state === 'admitted') changed.push({ target, raw: patched, object: admission.object })
    else
      for (const refusal of admission.refusals)
        reporter.error(['patch'], `Kubernetes would refuse ${keyOf(patched)} with this patch: ${refusal}`)
  }
  return changed.length < targets.length ? [] : [withObjects(arm.name, label.join(', '), objects, changed)]
}

/** The arms with the strategy that carries out their releases, if one is written. */
function withStrategy(
  arm: WrittenArm,
  objects: readonly ScenarioObject[],
  expanded: ScenarioArm[],
  reporter: Reporter,
): ScenarioArm[] {
  if (arm.strategy === undefined || expanded.length === 0) return expanded
  const targets = findTargets(arm, objects, reporter)
  if (targets.length > 1) reporter.error(['target'], 'a strategy carries out the releases of one Deployment: name one')
  const [target] = targets
  if (target === undefined || targets.length > 1) return []
  const strategy = readStrategy(arm.strategy, keyOf(target.raw), reporter.within('strategy'))
  return strategy === undefined ? [] : expanded.map((each) => carryOut(each, strategy, arm.label))
}

/** The target with the patch of the arm; undefined after reporting why that cannot be. */
function patchTarget(arm: WrittenArm, target: ScenarioObject, reporter: Reporter): JsonObject | undefined {
  if (arm.patch === undefined) return target.raw
  const patched = reporter.take(patchObject(target.raw, arm.patch as JsonObject), ['patch'])
  if (patched === undefined || keyOf(patched) === keyOf(target.raw)) return patched
  reporter.error(['patch'], `an arm cannot change the kind or name of ${keyOf(target.raw)}`)
  return undefined
}

function findTargets(arm: WrittenArm, objects: readonly ScenarioObject[], reporter: Reporter): ScenarioObject[] {
  if (arm.target !== undefined) {
    const keys = objects.map(({ raw }) => keyOf(raw))
    const several = Array.isArray(arm.target)
    return [arm.target].flat().flatMap((text, index) => {
      const ref = reporter.take(resolveRef(text, keys), several ? ['target', index] : ['target'])
      const found = ref && objects.find(({ raw }) => keyOf(raw) === formatRef(ref))
      return found === undefined ? [] : [found]
    })
  }
  const workloads = objects.filter(({ object }) => WORKLOAD_KINDS.includes(object.kind))
  if (workloads.length === 1) return workloads
  const known = workloads.map(({ raw }) => keyOf(raw)).join(', ')
  reporter.error(
    [],
    `say which workload this arm changes, with target: Kind/name; there are ${known === '' ? 'none' : known}`,
  )
  return []
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

/** What a grid is laid over. */
interface GridBase {
  readonly objects: readonly ScenarioObject[]
  readonly targets: readonly Target[]
  readonly kubernetes: string
}

function expandGrid(arm: WrittenArm, label: readonly string[], base: GridBase, reporter: Reporter): ScenarioArm[] {
  const arms: ScenarioArm[] = []
  const size = Object.values(arm.grid ?? {}).reduce((product, values) => product * values.length, 1)
  if (size > ARMS_MAX) {
    reporter.error(['grid'], `this grid has ${size} points; at most ${ARMS_MAX} arms can be compared`)
    return []
  }
  const refused: { readonly name: string; readonly reasons: readonly string[] }[] = []
  for (const point of gridPoints(arm.grid ?? {})) {
    const name = gridPointName(arm.name, point)
    const result = changeAtPoint(base, point)
    if ('reasons' in result) {
      refused.push({ name, reasons: result.reasons })
      continue
    }
    const values = point.map(([path, value]) => `${path.slice(path.lastIndexOf('.') + 1)} ${value}`)
    const words = [...(result.madeRolling ? ['RollingUpdate'] : []), ...label, ...values]
    arms.push(withObjects(name, words.join(', '), base.objects, result.changed))
  }
  for (const { name, reasons } of refused) {
    const reason = reasons.join('; ')
    // A typing error in a path refuses every point, so it is not taken for a hole in the grid.
    if (arms.length > 0) reporter.warning(['grid'], `${name} is left out, Kubernetes would refuse it: ${reason}`)
    else reporter.error(['grid'], `Kubernetes would refuse ${name}, and no other point of the grid remains: ${reason}`)
    if (arms.length === 0) break
  }
  return arms
}

/** Every target with the values of a grid point, or why one of them cannot be. */
function changeAtPoint(
  { targets, kubernetes }: GridBase,
  point: Point,
): { readonly changed: Changed[]; readonly madeRolling: boolean } | { readonly reasons: readonly string[] } {
  const changed: Changed[] = []
  let madeRolling = false
  for (const { target, patched } of targets) {
    const set = setGridValues(patched, point)
    if ('wrong' in set) return { reasons: [set.wrong] }
    const { raw } = set.value
    const admission = admit(raw, kubernetes)
    if (admission.state === 'refused') return { reasons: admission.refusals }
    madeRolling ||= set.value.madeRolling
    changed.push({ target, raw, object: admission.object })
  }
  return { changed, madeRolling }
}

function withObjects(
  name: string,
  label: string,
  objects: readonly ScenarioObject[],
  changed: readonly Changed[],
): ScenarioArm {
  const changeOf = (other: ScenarioObject): Changed | undefined => changed.find(({ target }) => target === other)
  return {
    name,
    label,
    objects: objects.map((other) => changeOf(other)?.object ?? other.object),
    rawObjects: objects.map((other) => changeOf(other)?.raw ?? other.raw),
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
