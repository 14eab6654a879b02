// The words of the command line: what is refused, in which words, with which exit code.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rollbench, runProgram, unfriendly } from './rollbench.ts'

describe('a wrong command line exits 2 with one message and the help to read', () => {
  test.each([
    [[], 'Name a command.'],
    [['rum'], 'unknown command "rum": did you mean "run"?'],
    [['frobnicate'], 'unknown command "frobnicate"'],
    [['run', '--seed', '3', '-f', 'x.yaml'], 'unknown flag: --seed (did you mean "--seeds"?)'],
    [['run', '-f'], 'flag needs a value: -f'],
    [['run', '--seeds', '-f', 'x.yaml'], 'flag needs a value: --seeds'],
    [['run', '-f', 'x.yaml', '--seeds', 'abc'], '--seeds must be a whole number, got "abc"'],
    [['run', '-f', 'x.yaml', '--seeds', '1e3'], '--seeds must be a whole number, got "1e3"'],
    [['run', '-f', 'x.yaml', '--seeds', '0'], '--seeds must be between 1 and'],
    [['run', '-f', 'x.yaml', '--seeds', '1', '--seeds', '2'], '--seeds may be given once, got 1 and 2'],
    [['run', '-f', 'x.yaml', '-j', '0'], '--jobs must be between 1 and'],
    [['run', '-f', 'x.yaml', '--first-seed', '99999999999999999999'], '--first-seed must be between'],
    [['run', '-f', 'x.yaml', '--color', 'maybe'], '--color must be one of auto, always, never, got "maybe"'],
    [['run', '-f', 'x.yaml', '-o', 'xml'], '--output must be one of table'],
    [['run', 'x.yaml'], 'unexpected argument "x.yaml"'],
    [['run'], 'name a file with -f'],
    [['sweep'], 'name a file with -f'],
    [['validate'], 'name a file with -f'],
    [['sweep', '-f', 'a', '-f', 'b', '--out', 'c'], '--out names one folder'],
    [['list', 'pods'], '"pods" is not one of "scenarios", "profiles", "metrics", "charts", "claims"'],
    [['list'], 'an argument is missing: list <what>'],
    [['run', '-fx'], 'unknown flag: -x'],
    [['conform', '-'], 'name a file with recordings'],
    [['run', '-f', 'x.yaml', '--out', ''], '--out is empty'],
    [['conform'], 'an argument is missing: conform <file..>'],
    [['bench', '--tolerance', '5'], '--tolerance must be a share in percent'],
  ])('%j', async (words, message) => {
    const said = await rollbench(words)
    expect(said.stderr).toContain(message)
    expect(said.stderr).toMatch(/See 'rollbench.* --help' for usage\.\n$/)
    expect(said).toMatchObject({ code: 2, stdout: '' })
    expect(unfriendly(said.stderr)).toEqual([])
  })

  test('a wrong ROLLBENCH_JOBS is said by its name', async () => {
    const said = await rollbench(['start', '--seeds', '1'], { env: { ROLLBENCH_JOBS: 'many' } })
    expect(said.stderr).toContain('ROLLBENCH_JOBS must be a whole number, got "many"')
    expect(said.code).toBe(2)
  })

  test('a variable that Kubernetes injects beside a Service of our name does no harm', async () => {
    const said = await rollbench(['version'], { env: { ROLLBENCH_SERVICE_HOST: '10.0.0.1' } })
    expect(said.code).toBe(0)
  })
})

describe('help', () => {
  test('names every command and the exit codes', async () => {
    const said = await rollbench(['--help'])
    expect(said).toMatchObject({ code: 0, stderr: '' })
    const commands = 'run start sweep validate conform claims chart check bench list completion version'.split(' ')
    for (const command of commands) expect(said.stdout).toContain(`rollbench ${command}`)
    expect(said.stdout).toContain('3 gate failed')
  })

  test.each(['run', 'start', 'sweep', 'validate', 'conform', 'claims', 'chart', 'check', 'bench', 'list'])(
    '%s --help has an example',
    async (command) => {
      const said = await rollbench([command, '--help'])
      expect(said.code).toBe(0)
      expect(said.stdout).toContain('Examples:')
      expect(said.stdout).toContain(`rollbench ${command}`)
    },
  )

  test('stays English', async () => {
    const said = await rollbench(['run', '--help'], { env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } })
    expect(said.stdout).toContain('Options:')
  })

  test('loads nothing heavy: what a command needs for its work, it imports when it works', async () => {
    const said = await rollbench(['--help'], { node: ['--import', reportLoadedModules()] })
    const loaded = said.stderr.split('\n').filter((url) => url.startsWith('file:'))
    const packages = new Set(loaded.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []))
    // Of our own dependencies; what these bring with them is small.
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies).filter((name) => packages.has(name))).toEqual(['picocolors', 'yargs'])
    const ours = loaded.filter((url) => url.includes('/dist/'))
    const rooms = new Set(ours.map((url) => /\/dist\/([^/]+)\//.exec(url)?.[1]))
    expect(rooms).toEqual(new Set(['base', 'cli', 'sweep']))
    expect(ours.length).toBeLessThan(60)
  })
})

/** A module for `node --import` that writes the URL of each module to stderr as it is loaded. */
function reportLoadedModules(): string {
  const hook = `
    import { writeSync } from "node:fs"
    export const load = (url, context, next) => (writeSync(2, url + "\\n"), next(url, context))`
  // Single quotes are not encoded, and end the text of the outer module.
  const register = `
    import { register } from 'node:module'
    register('data:text/javascript,${encodeURIComponent(hook)}')`
  return `data:text/javascript,${encodeURIComponent(register)}`
}

test('version names rollbench, Kubernetes and Node', async () => {
  const said = await rollbench(['version'])
  expect(said.stdout).toMatch(/^rollbench \d+\.\d+\.\d+\nkubernetes 1\.36\nnode \d+/)
  expect((await rollbench(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('completion is a shell script', async () => {
  const said = await rollbench(['completion'])
  expect(said.code).toBe(0)
  expect(said.stdout).toContain('rollbench')
})

test.each(['metrics', 'charts', 'scenarios', 'claims'])('list %s prints names', async (what) => {
  const table = await rollbench(['list', what])
  const names = await rollbench(['list', what, '-o', 'name'])
  expect([table.code, names.code]).toEqual([0, 0])
  const lines = names.stdout.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(0)
  for (const name of lines) expect(table.stdout).toContain(name)
})

test('a reader that leaves early is no failure', async () => {
  const said = await runProgram('bash', ['-c', `"${process.execPath}" dist/cli/main.js list metrics | head -1`])
  expect(said).toMatchObject({ code: 0, stderr: '' })
})

test('a full disk behind stdout is exit 1 with one sentence', async () => {
  const said = await runProgram('bash', ['-c', `"${process.execPath}" dist/cli/main.js list metrics > /dev/full`])
  expect(said.code).toBe(1)
  expect(said.stderr).toBe('error  cannot write to standard output: no space left on the disk\n')
})
