// Bad input: exit 2 with one clear message, nothing run, nothing written, no stack trace.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Call } from './rollbench.ts'
import { MAIN, rollbench, runProgram, scratchFolder, unfriendly } from './rollbench.ts'

const folder = scratchFolder()

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const deployment = (change: (text: string) => string = (text) => text) =>
  change(`apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:v1" }
`)

const scenario = (spec: string) => `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: bad }
spec:
  objects:
${deployment().replace(/^/gm, '      ').replace('      apiVersion', '    - apiVersion').trimEnd()}
${spec}
`

const aliasBomb = [
  'a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]',
  ...'bcdefghi'.split('').map((key, index) => {
    const before = 'abcdefgh'[index]
    return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
  }),
].join('\n')

/** A file that nobody can read: root reads past permissions, but not this. */
function unreadableFile(): string {
  if (process.getuid?.() === 0) return '/proc/self/mem'
  const path = file('secret.yaml', deployment())
  chmodSync(path, 0)
  return path
}

const CASES: readonly (readonly [name: string, file: () => string, message: RegExp])[] = [
  ['a missing file', () => join(folder, 'nowhere.yaml'), /nowhere\.yaml {2}error {2}cannot be read: no such file/],
  ['an unreadable file', unreadableFile, /error {2}cannot be read: /],
  ['an empty file', () => file('empty.yaml', ''), /empty\.yaml {2}error {2}is empty/],
  ['a file of spaces', () => file('spaces.yaml', '  \n\n'), /spaces\.yaml {2}error {2}is empty/],
  ['a file of comments', () => file('comments.yaml', '# nothing\n---\n# here\n'), /comments\.yaml/],
  ['a binary file', () => file('binary.yaml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])), /binary\.yaml/],
  ['a text in Latin-1', () => file('latin1.yaml', Buffer.from('name: gr\xfcn', 'latin1')), /not UTF-8/],
  ['a directory', () => folder, /error {2}is a directory: name the files in it, each with its own -f/],
  ['10 MB of YAML', () => file('large.yaml', `${deployment()}# ${'x'.repeat(99)}\n`.repeat(40_000)), /large\.yaml.*MB/],
  ['an endless device', () => '/dev/zero', /larger than 5 MB/],
  ['an alias bomb', () => file('bomb.yaml', aliasBomb), /bomb\.yaml:\d+:\d+ {2}error {2}.*alias/],
  ['broken YAML', () => file('broken.yaml', 'a: [1\nb: 2\n'), /broken\.yaml:\d+:\d+ {2}error/],
  [
    'a duplicate key',
    () =>
      file(
        'twice.yaml',
        deployment((text) => `${text}kind: Pod\n`),
      ),
    /twice\.yaml:12:1 {2}error .*kind/,
  ],
  ['an unrendered template', () => file('helm.yaml', 'replicas: {{ .Values.n }}\n'), /helm\.yaml:1/],
  [
    'no workload',
    () =>
      file('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80 }] }\n'),
    /workload/,
  ],
  [
    'an unknown key',
    () =>
      file(
        'key.yaml',
        deployment((text) => text.replace('replicas', 'repplicas')),
      ),
    /key\.yaml:5:3 {2}error {2}Deployment\/web {2}.*repplicas.*did you mean.*replicas/,
  ],
  [
    'a number in quotes',
    () =>
      file(
        'quotes.yaml',
        deployment((text) => text.replace('replicas: 3', 'replicas: "3"')),
      ),
    /quotes\.yaml:5:13 {2}error {2}Deployment\/web {2}spec\.replicas: /,
  ],
  [
    'surge and unavailable both 0',
    () =>
      file(
        'zeros.yaml',
        deployment((text) =>
          text.replace('  selector', '  strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }\n  selector'),
        ),
      ),
    /zeros\.yaml.*may not be 0 when `maxSurge` is 0/,
  ],
  [
    'a negative duration',
    () => file('negative.yaml', scenario('  horizon: -5m')),
    /negative\.yaml:\d+:\d+ {2}error {2}Scenario\/bad {2}spec\.horizon: /,
  ],
  [
    'an unknown key of a scenario',
    () => file('scenarioKey.yaml', scenario('  horizonn: 5m')),
    /scenarioKey\.yaml:\d+:3 {2}error {2}Scenario\/bad {2}unknown field "spec.horizonn" \(did you mean "spec.horizon"\?\)/,
  ],
]

test.each(CASES)('refuses %s', async (_, makeFile, message) => {
  const out = join(folder, 'out')
  const said = await rollbench(['run', '-f', makeFile(), '--out', out])
  expect(said.stderr).toMatch(message)
  expect(said.code).toBe(2)
  expect(unfriendly(said.stderr + said.stdout)).toEqual([])
  expect(existsSync(out)).toBe(false)
})

test.each(['validate', 'sweep'])('%s refuses in the same words as run', async (command) => {
  for (const [, makeFile, message] of CASES.slice(-3)) {
    const said = await rollbench([command, '-f', makeFile()])
    expect(said.stderr).toMatch(message)
    expect(said.code).toBe(2)
  }
})

test('all mistakes of all files are said at once, with their count', async () => {
  const first = file(
    'first.yaml',
    deployment((text) => text.replace('replicas: 3', 'replicas: -1\n  paused: 7')),
  )
  const second = file(
    'second.yaml',
    deployment((text) => text.replace('kind: Deployment', 'kind: Deploymint')),
  )
  const said = await rollbench(['validate', '-f', first, '-f', second])
  expect(said.code).toBe(2)
  expect(said.stderr).toContain('first.yaml')
  expect(said.stderr).toContain('second.yaml')
  expect(said.stderr).toMatch(/\n\d+ errors in 2 of 2 documents\n$/)
})

describe('conform', () => {
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ['a missing file', () => join(folder, 'none.jsonl'), /cannot be read: no such file/],
    ['an empty file', () => file('empty.jsonl', ''), /is empty/],
    ['an empty gzip file', () => file('empty.jsonl.gz', gzipSync('')), /is empty/],
    ['a cut gzip file', () => file('cut.jsonl.gz', gzipSync('{"scenario":{}}'.repeat(9)).subarray(0, 20)), /gzip/],
    ['a file that is not JSON', () => file('no.jsonl', 'hello\n'), /no\.jsonl/],
    ['JSON that is no recording', () => file('other.jsonl', '{"a":1}\n'), /other\.jsonl/],
    ['a directory', () => folder, /is a directory/],
  ]
  test.each(cases)('refuses %s', async (_, makeFile, message) => {
    const said = await rollbench(['conform', makeFile()])
    expect(said.stderr).toMatch(message)
    expect(said.code).toBe(2)
    expect(unfriendly(said.stderr + said.stdout)).toEqual([])
  })
})

describe('results that are none', () => {
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ['a missing folder', () => join(folder, 'none'), /no such results folder/],
    ['a file', () => file('runs.txt', 'x'), /not a results folder/],
    [
      'an empty folder',
      () => {
        mkdirSync(join(folder, 'nothing'), { recursive: true })
        return join(folder, 'nothing')
      },
      /no runs\.csv in it/,
    ],
  ]
  test.each(cases)('chart and check refuse %s', async (_, makePath, message) => {
    const path = makePath()
    for (const words of [
      ['chart', path],
      ['check', path, '--threshold', 'a: lostRequests max == 0'],
    ]) {
      const said = await rollbench(words)
      expect(said.stderr).toMatch(message)
      expect(said.code).toBe(2)
      expect(unfriendly(said.stderr + said.stdout)).toEqual([])
    }
  })
})

describe('standard input', () => {
  const call = (input: string): Call => ({ input })

  test('empty', async () => {
    const said = await rollbench(['run', '-f', '-'], call(''))
    expect(said).toMatchObject({ code: 2 })
    expect(said.stderr).toContain('standard input  error  is empty')
  })

  test('a directory', async () => {
    const said = await runProgram('bash', ['-c', `"${process.execPath}" "${MAIN}" validate -f - < "${folder}"`])
    expect(said).toMatchObject({ code: 2 })
    expect(said.stderr).toContain('standard input  error  is a directory')
  })

  test('named twice', async () => {
    const said = await rollbench(['validate', '-f', '-', '-f', '-'], call(deployment()))
    expect(said.code).toBe(2)
    expect(said.stderr).toContain('only once')
  })

  test('with a mistake has positions too', async () => {
    const said = await rollbench(['validate', '--filename', '-'], call(deployment((t) => t.replace('3', '-3'))))
    expect(said.code).toBe(2)
    expect(said.stderr).toMatch(/^standard input:5:13 {2}error {2}Deployment\/web/m)
  })
})
