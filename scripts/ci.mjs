// The one gate: `npm test` and CI run this and nothing else. Every step counts as a test beside the tests themselves,
// and the last line says `N passed, N failed`. Arguments name the steps to run: `npm test -- lint tests`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => `node_modules/.bin/${name}`

const steps = [
  { name: 'format', command: [bin('prettier'), '--check', '--log-level=warn', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'build', command: [process.execPath, 'scripts/build.mjs'] },
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.test.json'] },
  { name: 'layering', command: [process.execPath, 'scripts/layering.mjs'] },
  { name: 'package', command: [bin('publint'), '--strict'] },
  { name: 'tests', command: [bin('vitest'), 'run'] },
]

/** Runs one command, shows its output, and returns its exit code and the counts of a closing line, which is not shown. */
function run([program, ...args]) {
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) }
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let counts
    let rest = ''
    const show = (line) => {
      const closing = /^(\d+) passed, (\d+) failed\n?$/.exec(line)
      if (closing) counts = { passed: Number(closing[1]), failed: Number(closing[2]) }
      else process.stdout.write(line)
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split(/(?<=\n)/)
      rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
      lines.forEach(show)
    })
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`)
      resolve({ code: 1, counts })
    })
    child.on('close', (code) => {
      if (rest !== '') show(rest)
      resolve({ code: code ?? 1, counts })
    })
  })
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(', ')}; the steps are ${steps.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

let passed = 0
let failed = 0
for (const { name, command } of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const startedAt = performance.now()
  const { code, counts } = await run(command)
  passed += counts?.passed ?? 0
  failed += counts?.failed ?? 0
  // A step that failed although each of its tests passed is a failure of its own.
  if (code === 0) passed++
  else if (!counts || counts.failed === 0) failed++
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds} s`)
}
process.exitCode = failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)
