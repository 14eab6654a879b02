// Writes the JSON Schemas in scenarios/ and profiles/ from the definitions in src/scenario; catalog.test.ts, space.test.ts,
// profile.test.ts and test/claims.test.ts verify that they are current. Needs a built dist/:
// `npm run build && node scripts/update-schema.mjs`.
import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { claimJsonSchema } from '../dist/scenario/claimSchema.js'
import { profileJsonSchema, scenarioJsonSchema } from '../dist/scenario/schema.js'
import { spaceJsonSchema } from '../dist/scenario/spaceSchema.js'

const schemas = {
  'scenarios/scenario': scenarioJsonSchema(),
  'scenarios/space': spaceJsonSchema(),
  'scenarios/claim': claimJsonSchema(),
  'profiles/profile': profileJsonSchema(),
}
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../${name}.schema.json`, import.meta.url)
  const style = await resolveConfig(file)
  await writeFile(file, await format(JSON.stringify(schema), { ...style, parser: 'json' }))
}
