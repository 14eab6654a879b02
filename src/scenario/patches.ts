// Patches and grid values on objects as written, before defaulting.

import { PatchError, setPath, strategicMerge } from '../manifest/patch.ts'
import type { Json, JsonObject } from '../manifest/types.ts'
import type { Parsed } from './distribution.ts'
import { member, textOf } from './objects.ts'

/**
 * A strategic merge patch on an object as written. A patch that changes the type of a strategy replaces that whole
 * block, because the settings of one type are refused beside another. Neither argument is changed.
 */
export function patchObject(raw: JsonObject, patch: JsonObject): Parsed<JsonObject> {
  return caught(() => strategicMerge(raw, patch, { replaceChangedStrategy: true }))
}

/** Where a kind keeps the way in which it replaces pods. */
const STRATEGY_FIELDS: Readonly<Record<string, string>> = {
  Deployment: 'strategy',
  StatefulSet: 'updateStrategy',
  DaemonSet: 'updateStrategy',
}

/** An object with grid values in it. */
export interface GridObject {
  readonly raw: JsonObject
  /** Whether the strategy had to become RollingUpdate for its settings to have a meaning. */
  readonly madeRolling: boolean
}

/** Puts values at dotted paths. Settings of a rolling update turn a strategy of another type into RollingUpdate. */
export function setGridValues(raw: JsonObject, values: readonly (readonly [string, Json])[]): Parsed<GridObject> {
  return caught(() => {
    const field = STRATEGY_FIELDS[textOf(raw['kind'])]
    let result = raw
    let madeRolling = false
    const rolling = values.some(([path]) => path.startsWith(`spec.${field}.rollingUpdate.`))
    const typed = values.some(([path]) => path === `spec.${field}.type`)
    const type = field === undefined ? undefined : member(member(raw, 'spec'), field)?.['type']
    if (field !== undefined && rolling && !typed && (type ?? 'RollingUpdate') !== 'RollingUpdate') {
      result = setPath(result, ['spec', field], { type: 'RollingUpdate' })
      madeRolling = true
    }
    for (const [path, value] of values) result = setPath(result, path, value)
    return { raw: result, madeRolling }
  })
}

function caught<Value>(work: () => Value): Parsed<Value> {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof PatchError) return { wrong: error.message }
    throw error
  }
}
