import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { formatProblem, type Problem } from '../../base/errors.ts'
import { parseYaml } from '../../manifest/parse.ts'
import { loadSpec, loadTexts, refusalsOf } from '../../../test/examples/loadText.ts'
import { scenarioText, WEB } from '../../../test/examples/scenarioText.ts'
import { loadInputs } from '../load.ts'
import { profileJsonSchema } from '../schema.ts'
import type { DurationSpec } from '../types.ts'
import { NO_DELAYS } from './profile.ts'
import { findProfile, listProfiles, readGivenProfile } from './readProfile.ts'
import { shippedProfile, SHIPPED_PROFILES } from './shipped.ts'

const setImage = '  timeline: [{ at: 1m, setImage: { workload: Deployment/web, image: "web:v2" } }]'
const profileText = (spec: string): string =>
  `apiVersion: rollbench.dev/v1\nkind: Profile\nmetadata: { name: ours }\nspec:\n${spec}`

/** The scenario of `setImage` with a profile file beside it. */
function loadWith(profile: string) {
  const scenario = `${scenarioText(`${setImage}\n  profile: ./ours.yaml`)}---\n${WEB}`
  return loadTexts({ 'a/s.yaml': scenario }, { 'a/ours.yaml': profile })
}

describe('the profiles that ship', () => {
  it('are listed with a description each', () => {
    expect(listProfiles().map(({ name }) => name)).toEqual(['edge', 'ideal', 'slow-registry', 'spot-nodes', 'typical'])
    for (const { description } of listProfiles()) expect(description).toMatch(/^[A-Z].*[a-z]\.?$/)
  })

  it.each([...SHIPPED_PROFILES])('%s fits the published schema, and is named as its file', (name) => {
    const published = JSON.parse(readFileSync('profiles/profile.schema.json', 'utf8')) as object
    expect(published).toEqual(profileJsonSchema())
    const value = parseYaml(shippedProfile(name)).documents[0]?.value
    expect(new Ajv().compile(published)(value)).toBe(true)
    expect(value).toMatchObject({ metadata: { name } })
  })

  it('ideal has no delay and no failure at all', () => {
    expect(findProfile('ideal').sections).toEqual(NO_DELAYS)
  })

  it('typical says something of everything, so that all that it does not say is zero on purpose', () => {
    const { timings, surroundings } = findProfile('typical').sections
    const delays: (DurationSpec | number)[] = [...Object.values(timings['*'] ?? {}), ...Object.values(surroundings)]
    expect(delays.filter((delay) => typeof delay === 'object' && 'us' in delay && delay.us === 0)).toEqual([])
  })

  it('the others differ from typical only where they say so', () => {
    const typical = findProfile('typical').sections
    const { timings, ...rest } = findProfile('slow-registry').sections
    expect(rest).toEqual({
      surroundings: typical.surroundings,
      kubelets: typical.kubelets,
      scheduler: typical.scheduler,
      storage: typical.storage,
      faults: [],
    })
    expect(timings['*']).toEqual({ ...typical.timings['*'], pull: expect.objectContaining({ medianUs: 45_000_000 }) })
  })
})

describe('a profile of the user', () => {
  it('is found beside the scenario, and lies over typical', () => {
    const { scenario } = loadWith(profileText('  timings: { "*": { ready: 7s } }\n'))
    const typical = findProfile('typical').sections
    expect(scenario.profile).toBe('ours')
    expect(scenario.timings['*']).toEqual({ ...typical.timings['*'], ready: { type: 'fixed', us: 7_000_000 } })
    expect(scenario.surroundings).toEqual(typical.surroundings)
  })

  it('lies over another one, or over nothing, if it says so', () => {
    const pull = (base: string) =>
      loadWith(profileText(`  base: ${base}\n  timings: { "*": { ready: 7s } }\n`)).scenario.timings['*'].pull
    expect(pull('none')).toEqual({ type: 'fixed', us: 0 })
    expect(pull('slow-registry')).toMatchObject({ medianUs: 45_000_000 })
  })

  it('may be copied: a copy of typical is typical', () => {
    const copy = loadWith(shippedProfile('typical').text).scenario
    expect(copy.hash).toBe(loadTexts({ 's.yaml': `${scenarioText(setImage)}---\n${WEB}` }).scenario.hash)
  })

  it('changes the hash if it changes what is simulated, and not by its words', () => {
    const hash = (spec: string) => loadWith(profileText(spec)).scenario.hash
    const plain = hash('  surroundings: { apiWrite: 20ms }\n')
    expect(hash('  # new\n  description: other\n  surroundings: { apiWrite: 0.02s }\n')).toBe(plain)
    expect(hash('  surroundings: { apiWrite: 21ms }\n')).not.toBe(plain)
    expect(hash('  surroundings: { apiWrite: 20ms }\n  faults: [{ nodeCrash: { mtbf: 1h } }]\n')).not.toBe(plain)
  })

  it('may be written in the scenario itself', () => {
    const { scenario } = loadSpec(`${setImage}\n  profile: { base: ideal, timings: { "*": { ready: 7s } } }`)
    expect(scenario.timings['*']).toEqual({ ...NO_DELAYS.timings['*'], ready: { type: 'fixed', us: 7_000_000 } })
  })

  it('brings failures, unless the scenario has its own', () => {
    const types = (spec: string) => loadSpec(`${setImage}\n${spec}`).scenario.faults.map(({ type }) => type)
    expect(types('  profile: edge')).toEqual(['partition'])
    expect(types('  profile: edge\n  faults: []')).toEqual([])
    expect(types('  profile: edge\n  faults: [{ nodeCrash: { mtbf: 1h } }]')).toEqual(['nodeCrash'])
  })
})

describe('what is wrong with a profile', () => {
  it.each([
    [
      '  timings: { "*": { redy: 7s } }\n',
      'a/ours.yaml:5:21  error  Profile/ours  unknown field "spec.timings.*.redy"',
    ],
    ['  surroundings: { apiWrite: 7 }\n', 'a/ours.yaml:5:29  error  Profile/ours  spec.surroundings.apiWrite: '],
    ['  base: tipical\n', 'a/ours.yaml:5:9  error  Profile/ours  spec.base: expected edge or ideal'],
    [
      '  faults: [{ zoneOutage: { mtbf: 1h } }]\n',
      'a/ours.yaml:5:14  error  Profile/ours  spec.faults[0].zoneOutage: no node has the label',
    ],
    ['  manifests: [a.yaml]\n', 'a/ours.yaml:5:3  error  Profile/ours  unknown field "spec.manifests"'],
  ])('%s has its place in the profile', (spec, refusal) => {
    expect(refusalsOf(() => loadWith(profileText(spec)))).toContainEqual(expect.stringContaining(refusal))
  })

  it('says so if the file is none', () => {
    expect(refusalsOf(() => loadWith(WEB))).toContainEqual(
      expect.stringContaining('a/ours.yaml:2:7  error  Deployment/web  kind: expected Profile, got Deployment'),
    )
    expect(refusalsOf(() => loadWith('# nothing\n'))).toContainEqual(expect.stringContaining('holds no Profile'))
    const two = `${profileText('  base: none\n')}---\n${WEB}`
    expect(refusalsOf(() => loadWith(two))).toContainEqual(
      expect.stringContaining('holds one Profile and nothing else'),
    )
  })

  it('a file that cannot be read is said at the scenario', () => {
    expect(refusalsOf(() => loadSpec(`${setImage}\n  profile: ./none.yaml`))).toContainEqual(
      expect.stringMatching(/^s\.yaml:\d+:\d+ {2}error {2}Scenario\/example {2}spec\.profile: none\.yaml /),
    )
  })

  it('a Profile is no scenario', () => {
    expect(refusalsOf(() => loadTexts({ 'p.yaml': profileText('  base: none\n') }))).toContainEqual(
      expect.stringContaining('p.yaml:2:7  error  Profile/ours  kind: a Profile says how slow things are'),
    )
  })
})

describe('--profile', () => {
  it('takes the place of what the scenario says, by name or by path', () => {
    const files = [{ file: 's.yaml', text: `${scenarioText(`${setImage}\n  profile: ideal`)}---\n${WEB}` }]
    const readFile = () => profileText('  base: none\n  timings: { "*": { pull: 3s } }\n')
    expect(loadInputs({ files, readFile, profile: 'slow-registry' }).scenario.profile).toBe('slow-registry')
    const { scenario } = loadInputs({ files, readFile, profile: './ours.yaml' })
    expect(scenario.timings['*'].pull).toEqual({ type: 'fixed', us: 3_000_000 })
  })

  it('must name one', () => {
    const problems: Problem[] = []
    readGivenProfile('spott', () => '', problems)
    expect(problems.map(formatProblem)).toEqual([
      '--profile:1:1  error  there is no profile "spott"; write one of edge, ideal, slow-registry, spot-nodes, typical, or the path of a file, such as ./our-cluster.yaml',
    ])
  })
})
