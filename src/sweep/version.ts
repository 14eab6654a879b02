// The version of rollbench: results name it, and parts of another version are not taken over.

import { readFileSync } from 'node:fs'

/** The version in package.json, which lies two folders above this file, as source and as built. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
