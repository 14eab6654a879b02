// Writes scenarios/scenario.schema.json from the definitions in src/scenario/schema.ts; schema.test.ts verifies that it is
// current. Needs a built dist/: `npm run build && node scripts/update-schema.mjs`.
import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { scenarioJsonSchema } from '../dist/scenario/schema.js'

const file = new URL('../scenarios/scenario.schema.json', import.meta.url)
const style = await resolveConfig(file)
await writeFile(file, await format(JSON.stringify(scenarioJsonSchema()), { ...style, parser: 'json' }))
