// The structural check: every field is one that the API knows, of the type the API wants. Ajv judges, against the
// vendored definitions; this file puts its verdict into the words of `kubectl apply --validate=strict`.

import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'
import { nearestWord } from '../base/suggestion.ts'
import { describe } from './parse.ts'
import type { Path } from './paths.ts'
import { formatPath } from './paths.ts'
import { parseQuantity } from './quantity.ts'
import type { Schema } from './schema.ts'
import { definitionsOf, resolveSchema } from './schema.ts'
import type { Json, JsonObject } from './types.ts'

/** A place in an object that is not as the API wants it. */
export interface Fault {
  readonly path: Path
  /** Whether the message is about the key itself or about its value. */
  readonly part: 'key' | 'value'
  readonly message: string
  /** The message names the path itself. */
  readonly namesPath: boolean
  /** What to put there so that the rest can be judged; undefined: nothing. */
  readonly neutral: Json | undefined
}

const int32Max = 2 ** 31

/** Formats with a check of their own; the other formats of the definitions say nothing that a manifest can break. */
const formats = {
  int32: { type: 'number' as const, validate: (value: number) => value >= -int32Max && value < int32Max },
  int64: { type: 'number' as const, validate: (value: number) => Math.abs(value) < 2 ** 63 },
  quantity: (value: string) => parseQuantity(value) !== undefined,
  'int-or-string': true as const,
  'date-time': true as const,
  double: true as const,
  byte: true as const,
}

/** The checks of one Kubernetes version. A definition is compiled when an object first has such a part. */
class Checks {
  private readonly ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    meta: false,
    logger: false,
    formats,
    code: { optimize: false },
  })
  private readonly compiled = new Map<string, ValidateFunction>()
  private readonly version: string

  constructor(version: string) {
    this.version = version
    this.ajv.addKeyword({ keyword: 'definition', errors: 'full', compile: (name: string) => this.nested(name) })
  }

  check(definition: string): ValidateFunction {
    let compiled = this.compiled.get(definition)
    if (compiled === undefined) {
      // `definition` instead of `$ref`: Ajv would compile everything that is reachable, which takes 100 ms.
      const text = JSON.stringify(definitionsOf(this.version)[definition])
      compiled = this.ajv.compile(JSON.parse(text.replaceAll('"$ref":"#/$defs/', '"definition":"')) as object)
      this.compiled.set(definition, compiled)
    }
    return compiled
  }

  private nested(definition: string) {
    const validate = (value: unknown, context?: { instancePath: string }): boolean => {
      const check = this.check(definition)
      const valid = check(value)
      const prefix = context?.instancePath ?? ''
      validate.errors = valid ? [] : (check.errors ?? []).map((e) => ({ ...e, instancePath: prefix + e.instancePath }))
      return valid
    }
    validate.errors = [] as ErrorObject[]
    return validate
  }
}

const checksByVersion = new Map<string, Checks>()

/** Everything in an object that its definition does not allow. Nulls must have been dropped before. */
export function checkStructure(object: JsonObject, definition: string, version: string): readonly Fault[] {
  const checks = checksByVersion.get(version) ?? new Checks(version)
  checksByVersion.set(version, checks)
  const check = checks.check(definition)
  if (check(object)) return []
  return (check.errors ?? []).map((error) => explain(error, object, definition, version))
}

function explain(error: ErrorObject, object: JsonObject, definition: string, version: string): Fault {
  const path = instancePath(error.instancePath, object)
  const schema = error.parentSchema as Schema
  const value = valueAt(object, path)
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = String(error.params['additionalProperty'])
      const meant = nearestWord(field, Object.keys(schema.properties ?? {}))
      const suggestion = meant === undefined ? elsewhere(definition, version, field) : formatPath([...path, meant])
      const hint = suggestion === undefined ? '; remove it' : ` (did you mean "${suggestion}"?)`
      const message = `unknown field "${formatPath([...path, field])}"${hint}`
      return { path: [...path, field], part: 'key', message, namesPath: true, neutral: undefined }
    }
    case 'required': {
      const field = String(error.params['missingProperty'])
      const neutral = neutralValue(schema.properties?.[field], version)
      return { path: [...path, field], part: 'key', message: 'Required value', namesPath: false, neutral }
    }
    default: {
      const message = `expected ${expected(schema, path)}, got ${describe(value)}${remedy(schema, value)}`
      // An element of a list stays, so that the others keep their places.
      const neutral = typeof path.at(-1) === 'number' ? neutralValue(schema, version) : undefined
      return { path, part: 'value', message, namesPath: false, neutral }
    }
  }
}

/** The emptiest value of a type. */
function neutralValue(schema: (Schema & { definition?: string }) | undefined, version: string): Json {
  const own = schema?.definition === undefined ? schema : definitionsOf(version)[schema.definition]
  switch (own?.type) {
    case 'string':
      return ''
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return 0
  }
}

/** Says what a field takes. */
function expected(schema: Schema, path: Path): string {
  if (schema.format === 'int-or-string') {
    return /^(max|min)[A-Z]/.test(String(path.at(-1))) ? 'integer or percentage' : 'integer or port name'
  }
  if (schema.format === 'quantity') return 'a quantity such as 500m or 1Gi'
  switch (schema.type) {
    case 'array':
      return 'a list'
    case 'object':
      return 'a mapping'
    case 'integer':
      return 'integer'
    default:
      return String(schema.type)
  }
}

/** Says what to write instead, where that is plain. */
function remedy(schema: Schema, value: unknown): string {
  if (schema.type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value))
    return '; write it without quotes'
  if (schema.type === 'integer' && typeof value === 'number' && Number.isInteger(value))
    return '; it does not fit 32 bits'
  if (schema.type === 'boolean' && typeof value === 'string') return '; write true or false without quotes'
  if (schema.type === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return '; write it in quotes'
  if (schema.type === 'array' && value !== null && typeof value === 'object') return '; begin each entry with "- "'
  const megabytes = typeof value === 'string' ? /^([\d.]+) ?([KMGT])i?B$/i.exec(value) : null
  if (schema.format === 'quantity' && megabytes !== null) {
    const [, number = '', prefix = ''] = megabytes
    return `; write ${number}${prefix.toUpperCase()}i`
  }
  return ''
}

/** Looks for a field of the same name elsewhere in the object, for those that are indented wrongly. */
function elsewhere(definition: string, version: string, field: string): string | undefined {
  const definitions = definitionsOf(version)
  let level: { text: string; schema: Schema }[] = [{ text: '', schema: definitions[definition] ?? {} }]
  for (let depth = 0; depth < 6 && level.length > 0; depth++) {
    const next: typeof level = []
    for (const { text, schema } of level) {
      const own = resolveSchema(definitions, schema)
      if (text !== '' && own.properties !== undefined && Object.hasOwn(own.properties, field)) return `${text}.${field}`
      for (const [name, child] of Object.entries(own.properties ?? {})) {
        if (name === 'status' || name === 'ephemeralContainers') continue
        next.push({ text: text === '' ? name : `${text}.${name}`, schema: child })
      }
      if (own.items !== undefined) next.push({ text: `${text}[]`, schema: own.items })
    }
    level = next
  }
  return undefined
}

/** Turns a JSON pointer into a path; only the object tells whether a digit is a key or an index. */
function instancePath(pointer: string, object: unknown): Path {
  const path: (string | number)[] = []
  let value = object
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(value) ? Number(key) : key)
    value = (value as Record<string, unknown>)[key]
  }
  return path
}

/** The value at a path, or undefined. */
export function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined),
    object,
  )
}
