// Strategic merge patch, after apimachinery/pkg/util/strategicpatch/patch.go (v0.36). Merge keys and strategies come
// from the vendored schema.

import type { Definitions, Schema } from './schema.ts'
import { definitionName, definitionsOf, referenceVersion, resolveSchema } from './schema.ts'
import type { Path } from './paths.ts'
import { parsePath } from './paths.ts'
import type { Json, JsonObject } from './types.ts'
import { isJsonObject, textOf } from './types.ts'

const directive = '$patch'
const retainKeys = '$retainKeys'
const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'

/** A patch that no object can take; the message says why. */
export class PatchError extends Error {}

export interface MergeOptions {
  /**
   * A patch that changes the `type` of `spec.strategy` or `spec.updateStrategy` replaces that block as a whole, so
   * that `type: Recreate` need not delete the `rollingUpdate` beside it.
   */
  readonly replaceChangedStrategy?: boolean
}

/**
 * Applies a strategic merge patch to an object as written (before defaulting) and returns the result; neither argument
 * is changed. Throws a PatchError on a malformed directive or a list element without its merge key.
 */
export function strategicMerge(object: JsonObject, patch: JsonObject, options: MergeOptions = {}): JsonObject {
  const definitions = definitionsOf(referenceVersion)
  const name = definitionName(textOf(object['apiVersion']), textOf(object['kind']))
  const original = structuredClone(object)
  const changes = structuredClone(patch)
  if (options.replaceChangedStrategy === true) dropChangedStrategies(original, changes)
  return new Merge(definitions).mappings(original, changes, definitions[name] ?? {})
}

function dropChangedStrategies(object: JsonObject, patch: JsonObject): void {
  const { spec } = object
  const changes = patch['spec']
  if (!isJsonObject(spec) || !isJsonObject(changes)) return
  for (const field of ['strategy', 'updateStrategy']) {
    const [old, change] = [spec[field], changes[field]]
    if (!isJsonObject(old) || !isJsonObject(change) || change['type'] === undefined) continue
    // An absent type is RollingUpdate by default.
    if ((old['type'] ?? 'RollingUpdate') !== change['type']) delete spec[field]
  }
}

class Merge {
  private readonly definitions: Definitions

  constructor(definitions: Definitions) {
    this.definitions = definitions
  }

  /** mergeMap. */
  mappings(original: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
    const action = patch[directive]
    if (action === 'replace') return without(patch, directive)
    if (action === 'delete') return {}
    if (action !== undefined)
      throw new PatchError(`unknown ${directive}: ${JSON.stringify(action)}; write replace or delete`)
    this.retain(original, patch)
    this.order(original, patch, schema)
    for (const [key, change] of Object.entries(patch)) {
      refuseForeignKey(key)
      if (key.startsWith(deletePrefix)) deleteScalars(original, key.slice(deletePrefix.length), change)
      else if (change === null) delete original[key]
      else this.field(original, key, change, schema)
    }
    return original
  }

  private field(original: JsonObject, key: string, change: Json, schema: Schema): void {
    const field = this.fieldSchema(schema, key)
    const old = original[key]
    const strategy = (field['x-kubernetes-patch-strategy'] ?? '').split(',')
    if (isJsonObject(old) && isJsonObject(change) && !strategy.includes('replace')) {
      original[key] = this.mappings(old, change, resolveSchema(this.definitions, field))
    } else if (Array.isArray(old) && Array.isArray(change)) {
      original[key] = strategy.includes('merge') ? this.lists(old, change, field) : change
    } else {
      const value = withoutDirectives(withoutNulls(change))
      if (value === undefined) delete original[key]
      else original[key] = value
    }
  }

  /** A field's own schema, unresolved: patch strategies stand beside the reference. */
  private fieldSchema(schema: Schema, key: string): Schema {
    const named =
      schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined
    const own = named ?? schema.additionalProperties
    return own === undefined || own === false ? {} : own
  }

  /** mergeSlice: elements of a patch are merged into those of the same merge key, or added. */
  private lists(original: Json[], patch: Json[], field: Schema): Json[] {
    const key = field['x-kubernetes-patch-merge-key']
    if (key === undefined) return inPatchOrder([...new Set([...original, ...patch])], patch, original, key)
    const [kept, changes] = selectElements(original, patch, key)
    const merged = [...kept]
    for (const change of changes) {
      const index = merged.findIndex((element) => isJsonObject(element) && element[key] === change[key])
      const old = merged[index]
      if (isJsonObject(old))
        merged[index] = this.mappings(old, change, resolveSchema(this.definitions, field.items ?? {}))
      else merged.push(withoutDirectives(withoutNulls(change)) ?? change)
    }
    return inPatchOrder(merged, changes, kept, key)
  }

  /** applyRetainKeysDirective. */
  private retain(original: JsonObject, patch: JsonObject): void {
    const keys = patch[retainKeys]
    if (keys === undefined) return
    delete patch[retainKeys]
    if (!Array.isArray(keys)) throw new PatchError(`${retainKeys} takes a list of fields`)
    for (const [key, value] of Object.entries(patch)) {
      if (value === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix) || keys.includes(key)) continue
      throw new PatchError(`${retainKeys} leaves out "${key}", which the patch sets`)
    }
    for (const key of Object.keys(original)) if (!keys.includes(key)) delete original[key]
  }

  /** mergePatchIntoOriginal: lists that come with an order of their elements. */
  private order(original: JsonObject, patch: JsonObject, schema: Schema): void {
    for (const [directiveKey, order] of Object.entries(patch)) {
      if (!directiveKey.startsWith(orderPrefix)) continue
      if (!Array.isArray(order)) throw new PatchError(`${directiveKey} takes a list`)
      delete patch[directiveKey]
      const name = directiveKey.slice(orderPrefix.length)
      const change = patch[name]
      if (Array.isArray(change)) this.field(original, name, change, schema)
      delete patch[name]
      const list = original[name]
      if (!Array.isArray(list)) continue
      const key = this.fieldSchema(schema, name)['x-kubernetes-patch-merge-key']
      original[name] = inPatchOrder(list, order, list, key)
    }
  }
}

/** mergeSliceWithSpecialElements: carries out `$patch: delete` and `$patch: replace` elements. */
function selectElements(original: Json[], patch: Json[], key: string): [Json[], JsonObject[]] {
  let kept = original
  let replaces = false
  const changes: JsonObject[] = []
  for (const element of patch) {
    if (!isJsonObject(element)) throw new PatchError(`expected mappings with the key "${key}" in the list`)
    const action = element[directive]
    const identity = element[key]
    if (action === 'replace') replaces = true
    else if (action !== undefined && action !== 'delete') {
      throw new PatchError(`unknown ${directive} in a list: ${JSON.stringify(action)}; write replace or delete`)
    } else if (identity === undefined && !replaces) {
      throw new PatchError(`an element of a merged list lacks its merge key "${key}": ${JSON.stringify(element)}`)
    } else if (action === 'delete') kept = kept.filter((old) => !isJsonObject(old) || old[key] !== identity)
    else changes.push(element)
  }
  // What a replaced list had is gone; the elements of the patch stand as they are.
  return replaces ? [[], changes] : [kept, changes]
}

/**
 * normalizeElementOrder: elements named by the patch take its order, the others keep theirs, and the two are
 * interleaved by their places in the original list.
 */
function inPatchOrder(
  merged: Json[],
  patch: readonly Json[],
  original: readonly Json[],
  key: string | undefined,
): Json[] {
  const identity = (element: Json): Json | undefined =>
    key !== undefined && isJsonObject(element) ? element[key] : element
  const place = (list: readonly Json[], element: Json): number =>
    list.findIndex((other) => identity(other) === identity(element))
  const named = merged.filter((element) => place(patch, element) >= 0)
  named.sort((a, b) => place(patch, a) - place(patch, b))
  const others = merged.filter((element) => place(patch, element) < 0)
  const result: Json[] = []
  while (others.length > 0 && named.length > 0) {
    const [left, right] = [place(original, others[0] as Json), place(original, named[0] as Json)]
    const next = left >= 0 && right >= 0 && left < right ? others.shift() : named.shift()
    result.push(next as Json)
  }
  return [...result, ...others, ...named]
}

/** Assigning to this key would not set a field but reach into every other object of the program. */
function refuseForeignKey(key: string): void {
  if (key === '__proto__') throw new PatchError('"__proto__" is not a field')
}

function deleteScalars(original: JsonObject, field: string, values: Json): void {
  const list = original[field]
  if (!Array.isArray(values)) throw new PatchError(`${deletePrefix}${field} takes a list`)
  if (Array.isArray(list)) original[field] = list.filter((element) => !values.includes(element))
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).filter(([, child]) => child !== null)
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNulls(child)]))
}

/** removeDirectives: what only says how to merge is not something to add, where there is nothing to merge with. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.flatMap((element) => withoutDirectives(element) ?? [])
  if (!isJsonObject(value)) return value
  if (value[directive] !== undefined) return undefined
  const entries = Object.entries(value).map(([key, child]) => [key, withoutDirectives(child)] as const)
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined && !entry[0].startsWith('$')),
  )
}

/**
 * Sets one field, given as a path such as `spec.strategy.rollingUpdate.maxSurge`, and returns the changed copy. Missing
 * mappings on the way are created. Throws a PatchError if something on the way is not a mapping or a list entry.
 */
export function setPath(object: JsonObject, path: string | Path, value: Json): JsonObject {
  const segments = typeof path === 'string' ? parsePath(path) : path
  const result = structuredClone(object)
  let target: Json = result
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    const here = segments.slice(0, index).join('.')
    if (typeof segment === 'number') {
      if (!Array.isArray(target) || target[segment] === undefined)
        throw new PatchError(`${here} has no entry ${segment}`)
      if (last) target[segment] = value
      else target = target[segment]
    } else {
      refuseForeignKey(segment)
      if (!isJsonObject(target)) throw new PatchError(`${here} is not a mapping, so it has no field "${segment}"`)
      if (last) target[segment] = value
      else target = target[segment] ??= {}
    }
  }
  return result
}
