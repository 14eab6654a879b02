import { describe, expect, it } from 'vitest'
import { formatProblem } from '../base/errors.ts'
import { parseManifests, parseYaml } from './parse.ts'

const problemsOf = (text: string) => parseManifests({ file: 'f.yaml', text }).problems.map(formatProblem)
const valuesOf = (text: string) => parseYaml({ file: 'f.yaml', text }).documents.map(({ value }) => value)

describe('YAML as Kubernetes reads it', () => {
  it('takes the scalars of YAML 1.1 as go-yaml does', () => {
    const text = 'a: [on, no, Yes, 0644, 0x1f, 1_000, 1e3, ~, 1:30, 2001-01-01, "1", 1.5, on-call]\n'
    expect(valuesOf(text)).toEqual([
      { a: [true, false, true, 420, 31, 1000, 1000, null, '1:30', '2001-01-01', '1', 1.5, 'on-call'] },
    ])
  })

  it('skips documents without content and reads the others', () => {
    expect(valuesOf('# head\n---\n# nothing\n---\na: 1\n---\n\n---\na: 2\n...\n')).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('resolves anchors and merge keys', () => {
    expect(valuesOf('m: &m {a: 1, b: 2}\nq:\n  <<: *m\n  b: 3\n')).toEqual([{ m: { a: 1, b: 2 }, q: { a: 1, b: 3 } }])
  })

  it('takes a bare y or on as a key for true, as Kubernetes does', () => {
    expect(valuesOf('y: 1\n"on": 2\n')).toEqual([{ true: 1, on: 2 }])
  })

  it('reads JSON, indented with tabs too', () => {
    expect(valuesOf('{\n\t"a": [1, "x"],\n\t"b": null\n}')).toEqual([{ a: [1, 'x'], b: null }])
  })

  it('unfolds lists and keeps places in them', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n'
    const { documents, problems } = parseManifests({ file: 'f.yaml', text })
    expect(problems).toEqual([])
    expect(documents.map(({ object }) => object)).toEqual(['Pod/a'])
    expect(documents[0]?.locate(['metadata', 'name'])).toEqual({ line: 6, column: 22 })
  })
})

describe('places', () => {
  const text = 'apiVersion: v1\nkind: A\nspec:\n  <<: &m {q: 1}\n  z: ~\n  l:\n  - a: 1\n    b: two\n'
  const [document] = parseManifests({ file: 'f.yaml', text }).documents

  it.each([
    [['spec'], 'value', 3, 1],
    [['spec', 'l', 0, 'b'], 'value', 8, 8],
    [['spec', 'l', 0, 'b'], 'key', 8, 5],
    [['spec', 'l', 0], 'value', 7, 5],
    [['spec', 'z'], 'value', 5, 3],
    [['spec', 'q'], 'value', 4, 14],
    [['spec', 'absent', 'deeper'], 'value', 3, 1],
    [[], 'value', 1, 1],
  ] as const)('%j (%s) is at %i:%i', (path, part, line, column) => {
    expect(document?.locate(path, part)).toEqual({ line, column })
  })
})

describe('input that is not a manifest', () => {
  it.each([
    ['spec:\n  a: 1\n  a: 2\n', ['f.yaml:3:3  error  key "a" is already set in this mapping; keep one of them']],
    ['spec:\n\ta: 1\n', ['f.yaml:2:1  error  Tabs are not allowed as indentation']],
    ['- a\n', ['f.yaml:1:1  error  expected a mapping (apiVersion, kind, metadata, …), got a list']],
    ['hello', ['f.yaml:1:1  error  expected a mapping (apiVersion, kind, metadata, …), got string "hello"']],
    ['a:\n  <<: 3\n', ['f.yaml:1:1  error  Merge sources must be maps or map aliases']],
    ['a: *b\n', ['f.yaml:1:1  error  Unresolved alias (the anchor must be set before the alias): b']],
    ['a\u0000b', ['f.yaml:1:2  error  is binary, or not in UTF-8; give YAML or JSON as text']],
    ['a: "\ufffd"', ['f.yaml:1:5  error  is binary, or not in UTF-8; give YAML or JSON as text']],
    [
      'kind: Pod\n',
      ['f.yaml:1:1  error  apiVersion: Required value: every object names its apiVersion, such as apps/v1'],
    ],
    [
      'apiVersion: 1\nkind: Pod\n',
      ['f.yaml:1:13  error  apiVersion: Required value: every object names its apiVersion, such as apps/v1'],
    ],
    [
      'apiVersion: v1\nkind: List\nitems: [3]\n',
      ['f.yaml:3:9  error  items[0]: expected a mapping (apiVersion, kind, metadata, …), got integer 3'],
    ],
    ['', []],
  ])('%j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  it('points to helm template where a template was not rendered', () => {
    expect(problemsOf('metadata:\n  name: {{ .Values.name }}-x\n').join()).toContain('pipe it through `helm template`')
  })

  it('refuses an alias bomb', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`
    const bomb = level('a', 'x') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d')
    expect(problemsOf(bomb)).toEqual([
      'f.yaml:1:1  error  its aliases unfold to more than 1000 copies; write the values out',
    ])
  })

  it('refuses ten megabytes at once', () => {
    const started = performance.now()
    expect(problemsOf('a: 1\n'.repeat(2_000_000))).toEqual([
      'f.yaml  error  holds 10.0 MB of YAML, and at most 5 MB are read from one file; give only the workloads, or split the file',
    ])
    expect(performance.now() - started).toBeLessThan(500)
  })

  it.each([`a: ${'['.repeat(100_000)}`, '- '.repeat(20_000), `a: ${'{b: '.repeat(20_000)}`])(
    'refuses bottomless nesting',
    (text) => {
      expect(problemsOf(text)).toEqual(['f.yaml  error  is nested deeper than 250 levels; check its brackets'])
    },
  )
})
