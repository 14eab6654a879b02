// Patches and grid values on objects as written, before defaulting.

import { parsePath } from '../manifest/paths.ts'
import { setPath, strategicMerge } from '../manifest/patch.ts'
import type { Json, JsonObject } from '../manifest/types.ts'
import { member } from './objects.ts'

/** Where a kind keeps the way in which it replaces pods. */
const STRATEGY_FIELDS: Readonly<Record<string, string>> = {
  Deployment: 'strategy',
  StatefulSet: 'updateStrategy',
  DaemonSet: 'updateStrategy',
}

/** The strategy type in force: what is written, else what the API server fills in. */
function strategyType(raw: JsonObject, field: string): Json {
  return member(member(raw, 'spec'), field)?.['type'] ?? 'RollingUpdate'
}

/**
 * A strategic merge patch on an object as written. A patch that changes the type of a strategy replaces that whole
 * block, because the settings of one type are refused beside another. Neither argument is changed.
 */
export function patchObject(raw: JsonObject, patch: JsonObject): JsonObject {
  const patched = strategicMerge(raw, patch)
  const field = STRATEGY_FIELDS[String(raw['kind'])]
  const block = field === undefined ? undefined : member(member(patch, 'spec'), field)
  if (field === undefined || block?.['type'] === undefined || block['type'] === null) return patched
  if (block['type'] === strategyType(raw, field)) return patched
  const kept = Object.fromEntries(Object.entries(block).filter(([, value]) => value !== null))
  return setPath(patched, ['spec', field], kept)
}

/** The outcome of putting grid values into an object. */
export interface GridPoint {
  readonly raw: JsonObject
  /** Whether the strategy had to become RollingUpdate for its settings to have a meaning. */
  readonly madeRolling: boolean
}

/** Puts values at dotted paths. Settings of a rolling update turn a strategy of another type into RollingUpdate. */
export function setGridValues(raw: JsonObject, values: readonly (readonly [string, Json])[]): GridPoint {
  const field = STRATEGY_FIELDS[String(raw['kind'])]
  let result = raw
  let madeRolling = false
  const rolling = values.some(([path]) => path.startsWith(`spec.${field}.rollingUpdate.`))
  const typed = values.some(([path]) => path === `spec.${field}.type`)
  if (field !== undefined && rolling && !typed && strategyType(raw, field) !== 'RollingUpdate') {
    result = setPath(result, ['spec', field], { type: 'RollingUpdate' })
    madeRolling = true
  }
  for (const [path, value] of values) result = setPath(result, parsePath(path), value)
  return { raw: result, madeRolling }
}
