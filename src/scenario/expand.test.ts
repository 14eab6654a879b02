import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../base/errors.ts'
import { loadSpec } from '../../test/examples/loadText.ts'
import { DB, WEB } from '../../test/examples/scenarioText.ts'
import { describePatch, gridPointName, gridPoints } from './expand.ts'

const timeline = '  timeline: [{ at: 0s, setImage: { workload: Deployment/web, image: "web:v2" } }]\n'

/** Loads arms beside the manifests of web, and gives what they create of the Deployment. */
function load(arms: string, manifests = WEB) {
  const { scenario, problems } = loadSpec(`${timeline}  arms:\n${arms}`, manifests)
  const strategies = scenario.arms.map(
    ({ objects }) => objects.flatMap((o) => (o.kind === 'Deployment' ? [o.spec.strategy] : []))[0],
  )
  return { arms: scenario.arms, strategies, warnings: problems.map(formatProblem) }
}

const rolling = (maxSurge: unknown, maxUnavailable: unknown) => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge, maxUnavailable },
})

describe('a patch', () => {
  it('that changes the type of the strategy replaces the whole block', () => {
    const { arms, strategies } = load(
      '    - { name: recreate, patch: { spec: { strategy: { type: Recreate } } } }',
      WEB.replace('  replicas: 4', '  strategy: { rollingUpdate: { maxSurge: 1 } }\n  replicas: 4'),
    )
    expect(strategies).toEqual([{ type: 'Recreate' }])
    expect(arms[0].label).toBe('Recreate')
    expect(arms[0].rawObjects[0]).toMatchObject({ spec: { strategy: { type: 'Recreate' } } })
  })

  it('of the same type is merged before defaults are filled in', () => {
    const { strategies } = load(
      '    - { name: a, patch: { spec: { strategy: { rollingUpdate: { maxSurge: 3 } } } } }',
      WEB.replace('  replicas: 4', '  strategy: { rollingUpdate: { maxUnavailable: 0 } }\n  replicas: 4'),
    )
    expect(strategies).toEqual([rolling(3, 0)])
  })

  it('merges containers by name', () => {
    const { arms } = load(
      '    - { name: a, label: waits, patch: { spec: { template: { spec: { containers: [{ name: app, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } } } } }',
    )
    expect(arms[0].objects[0]).toMatchObject({
      spec: {
        template: { spec: { containers: [{ image: 'web:v1', lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } },
      },
    })
    expect(arms[0].label).toBe('waits')
  })

  it('acts on the target alone, and leaves the other objects as they are', () => {
    const { arms } = load(
      '    - { name: a, target: StatefulSet/db, patch: { spec: { replicas: 5 } } }',
      `${WEB}---\n${DB}`,
    )
    expect(
      arms[0].objects.map((object) =>
        'spec' in object && 'replicas' in object.spec ? object.spec.replicas : undefined,
      ),
    ).toEqual([4, undefined, 5])
  })

  it('is described by its values', () => {
    expect(describePatch({ spec: { strategy: { type: 'Recreate' }, minReadySeconds: 5, paused: null } })).toEqual([
      'Recreate',
      'minReadySeconds 5',
      'no paused',
    ])
  })
})

describe('a grid', () => {
  const grid =
    'grid: { spec.strategy.rollingUpdate.maxSurge: [0, 25%], spec.strategy.rollingUpdate.maxUnavailable: [0, 1] }'

  it('is unfolded in key order, named and labelled by its values', () => {
    const { arms, strategies } = load(`    - { name: rolling, ${grid} }`)
    expect(arms.map(({ name }) => name)).toEqual(['rolling-0-1', 'rolling-25pct-0', 'rolling-25pct-1'])
    expect(arms.map(({ label }) => label)).toEqual([
      'maxSurge 0, maxUnavailable 1',
      'maxSurge 25%, maxUnavailable 0',
      'maxSurge 25%, maxUnavailable 1',
    ])
    expect(strategies).toEqual([rolling(0, 1), rolling('25%', 0), rolling('25%', 1)])
  })

  it('says which points Kubernetes would refuse, and why', () => {
    expect(load(`    - { name: rolling, ${grid} }`).warnings).toEqual([
      expect.stringMatching(
        /s\.yaml:7:\d+ {2}warning .*rolling-0-0 is left out, Kubernetes would refuse it: .*maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0/,
      ),
    ])
  })

  it('lies over the patch of its arm', () => {
    const { arms, strategies } = load(`    - { name: r, patch: { spec: { minReadySeconds: 5 } }, ${grid} }`)
    expect(arms[0].label).toBe('minReadySeconds 5, maxSurge 0, maxUnavailable 1')
    expect(arms[0].objects[0]).toMatchObject({ spec: { minReadySeconds: 5 } })
    expect(strategies[0]).toEqual(rolling(0, 1))
  })

  it('of settings of a rolling update makes a manifest of type Recreate one', () => {
    const { arms, strategies } = load(
      `    - { name: r, ${grid} }`,
      WEB.replace('  replicas: 4', '  strategy: { type: Recreate }\n  replicas: 4'),
    )
    expect(strategies).toEqual([rolling(0, 1), rolling('25%', 0), rolling('25%', 1)])
    expect(arms[0].label).toBe('RollingUpdate, maxSurge 0, maxUnavailable 1')
  })

  const value = fc.oneof(
    fc.nat({ max: 100 }),
    fc.nat({ max: 100 }).map((percent) => `${percent}%`),
  )
  const axis = fc.uniqueArray(value, { minLength: 1, maxLength: 5, selector: String })

  it('gives every point a name of its own', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), axis, { minKeys: 1, maxKeys: 3 }), (axes) => {
        const names = gridPoints(axes).map((point) => gridPointName('arm', point))
        expect(new Set(names).size).toBe(Object.values(axes).reduce((product, values) => product * values.length, 1))
        expect(names.every((name) => /^[A-Za-z0-9.-]+$/.test(name))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('without arms', () => {
  it("the manifest's own strategy is the only one, and that is said", () => {
    const { scenario } = loadSpec(timeline)
    expect(scenario.arms.map(({ name, label }) => [name, label])).toEqual([['manifest', 'as in the manifest']])
    expect(scenario.assumptions).toContain('Arms: manifest alone, as in the manifest.')
  })
})
