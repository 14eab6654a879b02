// House rules that neither the compiler nor the linter can check.

import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const SIMULATED_ROOMS = [
  'base',
  'kernel',
  'statistics',
  'model',
  'cluster',
  'controllers',
  'scheduler',
  'kubelet',
  'traffic',
  'applications',
  'metrics',
  'delivery',
  'engine',
]

const root = new URL('../../', import.meta.url)

function filesUnder(folder: string): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => path.endsWith('.ts'))
    .sort()
}

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** The line of each token of the kind, comments and strings left aside. */
function linesWithToken(source: string, kinds: ReadonlySet<ts.SyntaxKind>): number[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, source)
  const lines: number[] = []
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (kinds.has(token)) lines.push(source.slice(0, scanner.getTokenStart()).split('\n').length)
  }
  return lines
}

const files = filesUnder('src')
const withoutTests = files.filter((path) => !path.endsWith('.test.ts'))

describe('the house', () => {
  it('is looked at', () => {
    expect(withoutTests.length).toBeGreaterThan(10)
  })

  it('raises nothing to a power in the simulated rooms: the bits differ between Node versions', () => {
    const powers = new Set([ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken])
    const found = withoutTests
      .filter((path) => SIMULATED_ROOMS.includes(path.split('/')[1]))
      .flatMap((path) => linesWithToken(read(path), powers).map((line) => `${path}:${line}`))
    expect(found).toEqual([])
  })

  it('has no drawer for everything, and files named in camelCase', () => {
    const drawers = /^(utils?|helpers?|common|managers?|data|info|misc|tmp)\b/i
    const found = files.filter(
      (path) => drawers.test(basename(path)) || !/^[a-z][A-Za-z0-9]*(\.test)?\.ts$/.test(basename(path)),
    )
    expect(found).toEqual([])
  })

  it('names functions by what they decide, not handle… or do…', () => {
    const found = withoutTests.filter((path) => /\bfunction (handle|do)[A-Z]/.test(read(path)))
    expect(found).toEqual([])
  })

  it('skips no test', () => {
    const found = [...files, ...filesUnder('test')].filter(
      (path) => !path.endsWith('tidy.test.ts') && /\b(it|test|describe)\.(skip|only|todo)\b/.test(read(path)),
    )
    expect(found).toEqual([])
  })
})

describe('the dependencies', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: boolean; dev?: boolean; optional?: boolean }>
  }

  it('are pinned to exact versions', () => {
    const versions = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] })
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  it('run no install script', () => {
    const scripts = Object.entries(lock.packages).filter(
      ([path, { hasInstallScript, optional }]) => path !== '' && hasInstallScript && !optional,
    )
    expect(scripts.map(([path]) => path)).toEqual([])
  })

  it('do not hold canvas, whose presence alone changes every chart', () => {
    expect(Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/canvas'))).toEqual([])
  })

  it('stay small at run time', () => {
    const runtime = Object.entries(lock.packages).filter(
      ([path, { dev, optional }]) => path !== '' && !dev && !optional,
    )
    expect(runtime.length).toBeLessThanOrEqual(150)
  })
})
