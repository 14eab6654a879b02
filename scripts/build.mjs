// Builds dist/: compiles every TypeScript project.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const { status } = spawnSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), '-b'], {
  cwd: pathOf(''),
  stdio: 'inherit',
})
// npm makes a bin executable when it installs one; the checkout's own copy needs it too.
const main = pathOf('dist/cli/main.js')
if (existsSync(main)) chmodSync(main, 0o755)
process.exitCode = status ?? 1
