// Builds dist/: compiles every TypeScript project, then copies the JSON files that the code reads at run time.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const typescript = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

const compiled = spawnSync(process.execPath, [typescript, '-b'], { cwd: root, stdio: 'inherit' })
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

cpSync(`${root}src`, `${root}dist`, {
  recursive: true,
  filter: (path) => !/\.\w+$/.test(path) || path.endsWith('.json'),
})

// npm makes a bin executable when it installs one; the checkout's own copy needs it too.
const main = `${root}dist/cli/main.js`
if (existsSync(main)) chmodSync(main, 0o755)
