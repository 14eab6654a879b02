// Fields of a written scenario by name: `timings.*.ready`, or, of one of its objects, `Deployment/web spec.replicas`.

import { suggest } from '../base/suggestion.ts'
import { formatPath, type Path } from '../manifest/paths.ts'
import { isJsonObject, type Json, type JsonObject } from '../manifest/types.ts'
import type { Parsed } from './distribution.ts'
import { keyOf } from './objects.ts'
import { listSome } from './thresholds.ts'

/**
 * Reads the name of a field. Brackets hold indices, and keys with dots in them: `timings[shop.example/web:v2].ready`.
 *
 * @param objects what stands under `objects` of the spec
 * @returns the path from the spec to the field
 */
export function parseField(text: string, objects: readonly JsonObject[]): Parsed<Path> {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  if (rest.length === 0) {
    return first.includes('/') && !first.includes('[')
      ? { wrong: `"${text}" names an object without a field: write for example ${first} spec.replicas` }
      : pathOf(first)
  }
  if (rest.length > 1) return { wrong: `"${text}" is not a field: write Kind/name and a path, such as spec.replicas` }
  const keys = objects.map(keyOf)
  const index = keys.indexOf(first)
  if (index < 0) return { wrong: `there is no ${first}${suggest(first, keys)}; the base has ${listSome(keys)}` }
  const inner = pathOf(rest[0] ?? '')
  return 'wrong' in inner ? inner : { value: ['objects', index, ...inner.value] }
}

function pathOf(text: string): Parsed<Path> {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[[^\]]+\])*$/.test(text)) return { wrong: `"${text}" is not the path of a field` }
  const path = [...text.matchAll(/\["?([^\]"]+)"?\]|[^.[\]]+/g)].map(([segment, bracketed]) => bracketed ?? segment)
  return { value: path.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment)) }
}

/** Puts a value at a path; maps that are not there are made. Changes `tree`. */
export function setField(tree: JsonObject, path: Path, value: Json): Parsed<true> {
  let at: Json = tree
  for (const [depth, key] of path.entries()) {
    const isLast = depth === path.length - 1
    const wrong = (reason: string) => ({ wrong: `${formatPath(path.slice(0, depth))} ${reason}` })
    if (Array.isArray(at)) {
      if (typeof key !== 'number' || key >= at.length) return wrong(`is a list of ${at.length}: it has no [${key}]`)
      if (isLast) at[key] = value
      else at = at[key] as Json
    } else if (isJsonObject(at)) {
      if (isLast) at[key] = value
      else at = at[key] ??= {}
    } else return wrong('is neither a map nor a list')
  }
  return { value: true }
}
