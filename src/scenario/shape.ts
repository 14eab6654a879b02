// Checks a scenario document against its zod schema and says what is wrong in words, all of it at once.

import { z } from 'zod'
import { nearestWord, suggest } from '../base/suggestion.ts'
import { describe } from '../manifest/parse.ts'
import { formatPath, type Path } from '../manifest/paths.ts'

/** One thing that is wrong with a part of a document. */
export interface ShapeProblem {
  readonly path: Path
  /** Whether the message is about the key itself or about its value. */
  readonly part: 'key' | 'value'
  /** The message names the path itself. */
  readonly namesPath: boolean
  readonly message: string
}

/** Everything that is wrong with the shape of `value`; empty if it fits `schema`. */
export function checkShape(schema: z.ZodType, value: unknown): ShapeProblem[] {
  const result = schema.safeParse(value)
  if (result.success) return []
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, [], schema, value))
  // Of a map with an unknown field the field is the problem, not what the map lacks without it.
  const maps = new Set(problems.flatMap(({ path, namesPath }) => (namesPath ? [formatPath(path.slice(0, -1))] : [])))
  return problems.filter(({ path, namesPath }) => namesPath || !maps.has(formatPath(path)))
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, base: Path, schema: z.ZodType, value: unknown): ShapeProblem[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]
  const at = (message: string): ShapeProblem[] => [{ path, part: 'value', namesPath: false, message }]
  const found = valueAt(value, path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, path)
      return issue.keys.map((key) => {
        const meant = nearestWord(key, known)
        const remedy =
          meant === undefined
            ? `; known here: ${known.join(', ')}`
            : ` (did you mean "${formatPath([...path, meant])}"?)`
        return {
          path: [...path, key],
          part: 'key',
          namesPath: true,
          message: `unknown field "${formatPath([...path, key])}"${remedy}`,
        }
      })
    }
    case 'invalid_union':
      return describeUnion(issue.errors, path, schema, value)
    case 'invalid_value': {
      const choices = issue.values.map((choice) => (typeof choice === 'string' ? choice : String(choice)))
      if (found === undefined) return at(`is missing: write ${choices.join(' or ')}`)
      const hint = typeof found === 'string' ? suggest(found, choices) : ''
      return at(`expected ${choices.join(' or ')}, got ${describe(found)}${hint}`)
    }
    case 'invalid_type':
      if (!issue.message.startsWith('Invalid input')) return at(issue.message)
      if (found === undefined) return at(`is missing: expected ${nameType(issue.expected)}`)
      return at(`expected ${nameType(issue.expected)}, got ${describe(found)}${quoteHint(issue.expected, found)}`)
    case 'too_small':
      if (issue.origin === 'array') return at(issue.exact ? `needs ${issue.minimum} entries` : 'must not be empty')
      if (issue.origin === 'string') return at('must not be empty')
      return at(`must be at least ${issue.minimum}, got ${describe(found)}`)
    case 'too_big':
      if (issue.origin === 'array') return at(`needs ${issue.maximum} entries`)
      return at(`must be at most ${issue.maximum}, got ${describe(found)}`)
    default:
      return at(issue.message)
  }
}

/** Of several alternatives the author meant the one of the same type; its problems are reported as if it were alone. */
function describeUnion(alternatives: Issue[][], path: Path, schema: z.ZodType, value: unknown): ShapeProblem[] {
  const meant = alternatives.find((issues) => issues.every((issue) => wrongTypes(issue).length === 0))
  if (meant !== undefined) return meant.flatMap((issue) => describeIssue(issue, path, schema, value))
  const found = valueAt(value, path)
  const names = [...new Set(alternatives.flat().flatMap(wrongTypes).map(nameType))].join(' or ')
  const message = found === undefined ? `is missing: expected ${names}` : `expected ${names}, got ${describe(found)}`
  return [{ path, part: 'value', namesPath: false, message }]
}

/** The types that an issue asks for instead of the type that is there; empty if the issue is about something else. */
function wrongTypes(issue: Issue): string[] {
  if (issue.path.length > 0) return []
  if (issue.code === 'invalid_type') return [issue.expected]
  if (issue.code !== 'invalid_union') return []
  const types = issue.errors.map((alternative) => alternative.flatMap(wrongTypes))
  return types.every((alternative) => alternative.length > 0) ? types.flat() : []
}

/** YAML 1.1 reads `no`, `on` and `1.30` as something else than text. */
function quoteHint(expected: string, found: unknown): string {
  const unquoted = typeof found === 'boolean' || typeof found === 'number'
  return expected === 'string' && unquoted ? '; write it in quotes' : ''
}

/** Type names as authors of YAML know them. */
function nameType(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a map'
    case 'array':
    case 'tuple':
      return 'a list'
    case 'string':
      return 'a text'
    case 'int':
      return 'a whole number'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    default:
      return expected
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[key] : undefined,
    value,
  )
}

/** The fields that the schema allows at a path; of a union those of every map in it. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  return path
    .reduce<z.ZodType[]>((schemas, key) => schemas.flatMap((part) => childSchemas(part, key)), [schema])
    .flatMap((part) => maps(part).flatMap((map) => Object.keys(map.shape)))
}

function childSchemas(schema: z.ZodType, key: string | number): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return childSchemas(schema.unwrap() as z.ZodType, key)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => childSchemas(option as z.ZodType, key))
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType]
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, part]) => (name === key ? [part as z.ZodType] : []))
  return []
}

function maps(schema: z.ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodOptional) return maps(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => maps(option as z.ZodType))
  return schema instanceof z.ZodObject ? [schema] : []
}
