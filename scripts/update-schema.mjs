// Writes the JSON Schemas in scenarios/ from the definitions in src/scenario; catalog.test.ts, space.test.ts and test/claims.test.ts verify that
// they are current. Needs a built dist/: `npm run build && node scripts/update-schema.mjs`.
import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { claimJsonSchema } from '../dist/scenario/claimSchema.js'
import { scenarioJsonSchema } from '../dist/scenario/schema.js'
import { spaceJsonSchema } from '../dist/scenario/spaceSchema.js'

const schemas = { scenario: scenarioJsonSchema(), space: spaceJsonSchema(), claim: claimJsonSchema() }
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../scenarios/${name}.schema.json`, import.meta.url)
  const style = await resolveConfig(file)
  await writeFile(file, await format(JSON.stringify(schema), { ...style, parser: 'json' }))
}
