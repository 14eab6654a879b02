// README.md shows what the program prints. Every ```console block is run and the page compared with what came out;
// `npm run golden:update` writes the page and its picture anew.

import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAIN, rollbench, ROOT, runProgram, scratchFolder } from './rollbench.ts'

const README = join(ROOT, 'README.md')
const PICTURE = join(ROOT, 'docs/tradeoff.svg')

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  repplicas: 3
  selector: { matchLabels: { app: web } }
  strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: app, image: "web:v1" }] }
`

/** A working folder that looks like a checkout, in which `rollbench` and `npm start` run the built program. */
function makeCheckout(): string {
  const folder = scratchFolder()
  for (const name of ['scenarios', 'test']) symlinkSync(join(ROOT, name), join(folder, name))
  writeFileSync(join(folder, 'web.yaml'), WEB)
  return folder
}

/** Runs one command in a shell and gives all that it prints, and its exit code where it is not 0. */
async function runCommand(command: string, cwd: string): Promise<string[]> {
  const shell = `rollbench() { "${process.execPath}" "${MAIN}" "$@"; }\nnpm() { rollbench "$@"; }\n${command}`
  // The next command is to be the one of a checkout, and all cores are to be used.
  const env = { npm_lifecycle_event: 'rollbench', npm_package_name: 'rollbench', ROLLBENCH_JOBS: '' }
  const { stdout, stderr, code } = await runProgram('bash', ['-c', shell], { cwd, env })
  // Warnings are left out, errors are what some examples are about.
  const text = code === 2 || stdout === '' ? stdout + stderr : stdout
  const lines = text === '' ? [] : text.trimEnd().split('\n')
  return [`$ ${command}`, ...lines, ...(code === 0 ? [] : [`(exit ${code})`])]
}

test('README.md shows what the program prints', async () => {
  const cwd = makeCheckout()
  const page = readFileSync(README, 'utf8')
  const seconds = /runs, ([\d.]+s)\)/.exec(page)?.[1] ?? '9.9s'
  let renewed = ''
  let end = 0
  for (const block of page.matchAll(/^( *)```console\n([^]*?)^ *```$/gm)) {
    const [whole, indent = '', body = ''] = block
    const lines: string[] = []
    for (const [, command = ''] of body.matchAll(/^ *\$ (.+)$/gm)) lines.push(...(await runCommand(command, cwd)))
    const text = lines.map((line) => `${indent}${line}`.trimEnd()).join('\n')
    renewed += `${page.slice(end, block.index)}${indent}\`\`\`console\n${text}\n${indent}\`\`\``
    end = block.index + whole.length
  }
  renewed += page.slice(end)
  // The only thing that is another one each time.
  await expect(renewed.replace(/runs, [\d.]+s\)/g, `runs, ${seconds})`)).toMatchFileSnapshot(README)

  const [results = ''] = readdirSync(join(cwd, 'results'))
  const picture = readFileSync(join(cwd, 'results', results, 'charts/tradeoff.svg'), 'utf8')
  await expect(picture).toMatchFileSnapshot(PICTURE)
}, 300_000)

test('the scenario in README.md is one', async () => {
  const folder = scratchFolder()
  const [, yaml = ''] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync(README, 'utf8')) ?? []
  const valid = WEB.replace('repplicas', 'replicas')
    .replace(/ {2}strategy.*\n/, '')
    .replace('app: shop', 'app: web')
  writeFileSync(join(folder, 'web.yaml'), valid)
  writeFileSync(join(folder, 'scenario.yaml'), yaml)
  const said = await rollbench(['validate', '-f', 'scenario.yaml'], { cwd: folder })
  expect(said).toMatchObject({ code: 0, stderr: '' })
})
