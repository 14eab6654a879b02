// Writes the JSON Schemas in scenarios/ from the definitions in src/scenario; catalog.test.ts and space.test.ts verify that
// they are current. Needs a built dist/: `npm run build && node scripts/update-schema.mjs`.
import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { scenarioJsonSchema } from '../dist/scenario/schema.js'
import { spaceJsonSchema } from '../dist/scenario/spaceSchema.js'

for (const [name, schema] of Object.entries({ scenario: scenarioJsonSchema(), space: spaceJsonSchema() })) {
  const file = new URL(`../scenarios/${name}.schema.json`, import.meta.url)
  const style = await resolveConfig(file)
  await writeFile(file, await format(JSON.stringify(schema), { ...style, parser: 'json' }))
}
