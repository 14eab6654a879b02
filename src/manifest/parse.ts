// Reads YAML and JSON as Kubernetes does (YAML 1.1 through sigs.k8s.io/yaml), keeping the place of every key and value.

import type { CST, Document, Node as YamlNode, Pair, ParsedNode, Tags, YAMLError } from 'yaml'
import { Composer, Lexer, LineCounter, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Problem } from '../base/errors.ts'
import type { Path } from './paths.ts'
import type { JsonObject } from './types.ts'
import { isJsonObject } from './types.ts'

/** A text to read, and the name it goes by in messages. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** A place in a file; both are 1-based. */
export interface Location {
  readonly line: number
  readonly column: number
}

/**
 * Where the value (or the key) at a path stands. If the path does not exist there, because a default filled it in,
 * the nearest enclosing key that does is given.
 */
export type Locate = (path: Path, part?: 'key' | 'value') => Location

/** One mapping of a YAML stream. */
export interface YamlDocument {
  readonly file: string
  readonly value: JsonObject
  readonly locate: Locate
}

/** One object of a manifest, as written. */
export interface ParsedDocument extends YamlDocument {
  readonly apiVersion: string
  readonly kind: string
  /** `Kind/name`, as messages call it. */
  readonly object: string
}

export interface Parsed<Kind extends YamlDocument> {
  readonly documents: readonly Kind[]
  readonly problems: readonly Problem[]
}

const sizeMaxMegabytes = 5
/** References that one document may resolve; a thousand is far beyond any manifest written by hand or by Helm. */
const aliasMax = 1000
/** Levels of mappings and lists; manifests stay below 60. Far more would overflow the stack of the YAML composer. */
const depthMax = 250

/** Tags that go-yaml, which Kubernetes uses, leaves as plain strings or does not know. */
const foreignTags = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set'].map((name) => `tag:yaml.org,2002:${name}`))

function withoutForeignTags(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true
    // Base 60 (`1:30` as 90) is left out of go-yaml on purpose.
    return !foreignTags.has(tag.tag) && !('format' in tag && tag.format === 'TIME')
  })
}

/** Reads every mapping of a YAML or JSON text. Documents without content are skipped. Never throws on bad input. */
export function parseYaml(source: Source): Parsed<YamlDocument> {
  const refusal = refuse(source)
  if (refusal !== undefined) return { documents: [], problems: [{ file: source.file, severity: 'error', ...refusal }] }
  const lines = new LineCounter()
  const documents: YamlDocument[] = []
  const problems: Problem[] = []
  const composer = new Composer({
    lineCounter: lines,
    version: '1.1',
    uniqueKeys: true,
    merge: true,
    logLevel: 'silent',
    customTags: withoutForeignTags,
  })
  try {
    for (const document of composer.compose(tokensOf(source.text, lines))) {
      readDocument(document, source, lines, documents, problems)
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    problems.push({ file: source.file, severity: 'error', message: error.message })
  }
  return { documents, problems }
}

/** Tokens of a YAML text, as `parseAllDocuments` takes them, but with a limit on depth. Throws a RangeError beyond it. */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    if (parser.stack.length > depthMax)
      throw new RangeError(`is nested deeper than ${depthMax} levels; check its brackets`)
    yield* parser.next(lexeme)
  }
  yield* parser.end()
}

/** What makes a text unreadable before YAML is even tried. */
function refuse({ text }: Source): ({ message: string } & Partial<Location>) | undefined {
  const megabytes = text.length / 1_000_000
  if (megabytes > sizeMaxMegabytes) {
    return {
      message: `holds ${megabytes.toFixed(1)} MB of YAML, and at most ${sizeMaxMegabytes} MB are read from one file; give only the workloads, or split the file`,
    }
  }
  // eslint-disable-next-line no-control-regex
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/)
  if (control < 0) return undefined
  const before = text.slice(0, control).split('\n')
  return {
    message: 'is binary, or not in UTF-8; give YAML or JSON as text',
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
  }
}

function readDocument(
  document: Document.Parsed,
  source: Source,
  lines: LineCounter,
  documents: YamlDocument[],
  problems: Problem[],
): void {
  const at = (offset: number): Location => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const report = (offset: number, severity: Problem['severity'], message: string): void => {
    problems.push({ file: source.file, ...at(offset), severity, message })
  }
  for (const error of document.errors) report(error.pos[0], 'error', explain(error, source.text))
  for (const warning of document.warnings) report(warning.pos[0], 'warning', explain(warning, source.text))
  if (document.errors.length > 0) return
  const start = document.contents?.range[0] ?? document.range[0]
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: aliasMax })
  } catch (error) {
    // An alias bomb, or a merge key with something other than a mapping.
    if (!(error instanceof Error)) throw error
    const bomb = error.message.includes('Excessive alias count')
    const limit = `its aliases unfold to more than ${aliasMax} copies; write the values out`
    report(start, 'error', bomb ? limit : error.message)
    return
  }
  if (value === null || value === undefined) return
  if (!isJsonObject(value)) {
    report(start, 'error', `expected a mapping (apiVersion, kind, metadata, …), got ${describe(value)}`)
    return
  }
  documents.push({ file: source.file, value, locate: locator(document, at) })
}

/** Says a YAML error in our words where the parser's own are hard to understand. */
function explain(error: YAMLError, text: string): string {
  const [from] = error.pos
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^["']?([^"':\s]+)/.exec(text.slice(from))?.[1] ?? ''
    return `key "${key}" is already set in this mapping; keep one of them`
  }
  if (/\{\{/.test(text.slice(text.lastIndexOf('\n', from) + 1, text.indexOf('\n', from) + 1))) {
    return `${error.message} (an unrendered template? pipe it through \`helm template\` first)`
  }
  return error.message
}

/** Names the type of a value, and the value if it is short: `string "3"`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') {
    const [key = ''] = Object.keys(value)
    return key.startsWith('{') ? 'an unrendered template (run `helm template` first)' : 'a mapping'
  }
  if (typeof value === 'string') return `string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
  if (typeof value === 'number') return Number.isInteger(value) ? `integer ${value}` : String(value)
  return `${typeof value} ${JSON.stringify(value)}`
}

function keyText(pair: Pair): string {
  if (!isScalar(pair.key)) return ''
  // A merge key is a symbol, so that the quoted key "<<" stays an ordinary one.
  return typeof pair.key.value === 'symbol' ? '<<' : String(pair.key.value)
}

/** Finds a pair of a mapping, also among those that `<<` merges in. */
function findPair(node: YamlNode, key: string, resolve: (node: unknown) => unknown): Pair | undefined {
  if (!isMap(node)) return undefined
  const own = node.items.find((pair) => keyText(pair) === key)
  if (own !== undefined) return own
  const merged = node.items.filter((pair) => keyText(pair) === '<<').map((pair) => resolve(pair.value))
  const targets = merged.flatMap((target) => (isSeq(target) ? target.items.map(resolve) : [target]))
  return targets.flatMap((target) => (isMap(target) ? [findPair(target, key, resolve)] : [])).find(Boolean)
}

function locator(document: Document.Parsed, at: (offset: number) => Location): Locate {
  const resolve = (node: unknown): unknown => (isAlias(node) ? (node.resolve(document) ?? node) : node)
  const offsetOf = (node: unknown): number | undefined => (node as ParsedNode | null)?.range?.[0]
  return (path, part = 'value') => {
    let node: unknown = document.contents
    let offset = offsetOf(node) ?? 0
    for (const [index, segment] of path.entries()) {
      const target = resolve(node) as YamlNode
      const last = index === path.length - 1
      if (typeof segment === 'number') {
        node = isSeq(target) ? target.items[segment] : undefined
        if (node === undefined) break
        offset = offsetOf(node) ?? offset
      } else {
        const pair = findPair(target, segment, resolve)
        if (pair === undefined) break
        node = pair.value
        // The key is the better place for a whole mapping or list, whose content begins on another line.
        const value = isScalar(node) && node.value !== null ? offsetOf(node) : undefined
        offset = (last && part === 'value' ? value : undefined) ?? offsetOf(pair.key) ?? offset
      }
    }
    return at(offset)
  }
}

/** Reads the objects of a manifest. `kind: List` is unfolded. An object without apiVersion or kind is a problem. */
export function parseManifests(source: Source): Parsed<ParsedDocument> {
  const { documents, problems } = parseYaml(source)
  const found: ParsedDocument[] = []
  const all = [...problems]
  for (const document of documents) readObject(document, found, all)
  return { documents: found, problems: all }
}

function readObject(document: YamlDocument, found: ParsedDocument[], problems: Problem[]): void {
  const { file, value, locate } = document
  const { apiVersion, kind, items } = value
  for (const [field, example] of Object.entries({ apiVersion: 'apps/v1', kind: 'Deployment' })) {
    const given = value[field]
    if (typeof given === 'string' && given !== '') continue
    const message = `Required value: every object names its ${field}, such as ${example}`
    problems.push({ file, ...locate(given === undefined ? [] : [field]), severity: 'error', path: field, message })
  }
  if (typeof apiVersion !== 'string' || apiVersion === '' || typeof kind !== 'string' || kind === '') return
  if (kind.endsWith('List') && (items === null || Array.isArray(items))) {
    for (const [index, item] of (items ?? []).entries()) {
      const within: Locate = (path, part) => locate(['items', index, ...path], part)
      if (isJsonObject(item)) readObject({ file, value: item, locate: within }, found, problems)
      else {
        const message = `expected a mapping (apiVersion, kind, metadata, …), got ${describe(item)}`
        problems.push({ file, ...within([]), severity: 'error', path: `items[${index}]`, message })
      }
    }
    return
  }
  const metadata = isJsonObject(value['metadata']) ? value['metadata'] : {}
  const name = metadata['name'] ?? metadata['generateName']
  const object = typeof name === 'string' && name !== '' ? `${kind}/${name}` : kind
  found.push({ file, value, locate, apiVersion, kind, object })
}
