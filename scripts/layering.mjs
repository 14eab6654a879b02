// Checks the floors of .dependency-cruiser.mjs. A checker that saw no module agrees with everything, so it must have seen some.
import { cruise, format } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import ruleSet from '../.dependency-cruiser.mjs'

const { options, forbidden } = ruleSet
const { output } = await cruise(['src'], { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
  tsConfig: extractTSConfig(options.tsConfig.fileName),
})
const modules = output.modules.filter(({ source }) => source.startsWith('src/')).length
const { output: text } = await format(output, { outputType: 'err-long' })
process.stdout.write(text)
if (modules === 0) console.error('layering: saw no module of src/, so it has checked nothing')
if (modules === 0 || output.summary.error > 0) process.exitCode = 1
