import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PatchError, setPath, strategicMerge } from './patch.ts'
import { valueAt } from './structure.ts'
import type { Json, JsonObject } from './types.ts'

const deployment = (spec: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec,
})
const pod = (spec: JsonObject): JsonObject => deployment({ template: { spec } })
const merged = (spec: JsonObject, patch: JsonObject): Json | undefined =>
  strategicMerge(deployment(spec), { spec: patch })['spec']
const mergedPod = (spec: JsonObject, patch: JsonObject): unknown =>
  valueAt(strategicMerge(pod(spec), { spec: { template: { spec: patch } } }), ['spec', 'template', 'spec'])

// Results were taken from strategicpatch.StrategicMergePatch of apimachinery v0.36.3.
describe('strategic merge', () => {
  it.each([
    ['scalars and null', { replicas: 1, paused: true }, { replicas: 2, paused: null }, { replicas: 2 }],
    [
      'mappings',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
      { strategy: { rollingUpdate: { maxUnavailable: 0 } } },
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    ],
    [
      '$retainKeys',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      '$patch: replace',
      { selector: { matchLabels: { a: '1' } } },
      { selector: { $patch: 'replace', matchLabels: { b: '2' } } },
      { selector: { matchLabels: { b: '2' } } },
    ],
    ['$patch: delete', { strategy: { type: 'Recreate' } }, { strategy: { $patch: 'delete' } }, { strategy: {} }],
    [
      'nulls where nothing is',
      {},
      { strategy: { type: 'Recreate', rollingUpdate: null } },
      { strategy: { type: 'Recreate' } },
    ],
  ] as [string, JsonObject, JsonObject, JsonObject][])('%s', (_name, spec, patch, result) => {
    expect(merged(spec, patch)).toEqual(result)
  })

  it.each([
    [
      'containers by name',
      {
        containers: [
          { name: 'a', image: '1' },
          { name: 'b', image: '1' },
        ],
      },
      { containers: [{ name: 'b', image: '2' }] },
      {
        containers: [
          { name: 'a', image: '1' },
          { name: 'b', image: '2' },
        ],
      },
    ],
    [
      'new ones in front',
      { containers: [{ name: 'a' }] },
      { containers: [{ name: 'n' }] },
      { containers: [{ name: 'n' }, { name: 'a' }] },
    ],
    [
      'a deleted one',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ name: 'a', $patch: 'delete' }] },
      { containers: [{ name: 'b' }] },
    ],
    [
      'a replaced list',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ $patch: 'replace' }, { name: 'c' }] },
      { containers: [{ name: 'c' }] },
    ],
    [
      'an order',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'a', image: '2' }] },
      { containers: [{ name: 'b' }, { name: 'a', image: '2' }] },
    ],
    [
      'env by name, ports by number',
      { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80, name: 'h' }] }] },
      { containers: [{ name: 'a', env: [{ name: 'X', value: '2' }], ports: [{ containerPort: 81 }] }] },
      {
        containers: [
          {
            name: 'a',
            env: [{ name: 'X', value: '2' }],
            ports: [{ containerPort: 81 }, { containerPort: 80, name: 'h' }],
          },
        ],
      },
    ],
    [
      'tolerations as a whole',
      { tolerations: [{ key: 'a' }] },
      { tolerations: [{ key: 'b' }] },
      { tolerations: [{ key: 'b' }] },
    ],
    [
      'arguments as a whole',
      { containers: [{ name: 'a', args: ['x'] }] },
      { containers: [{ name: 'a', args: ['y'] }] },
      { containers: [{ name: 'a', args: ['y'] }] },
    ],
    [
      'spreading by topology key',
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 1 }] },
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 2 }] },
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 2 }] },
    ],
    [
      'a volume of another type',
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] },
      { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
    ],
  ] as [string, JsonObject, JsonObject, JsonObject][])('%s', (_name, spec, patch, result) => {
    expect(mergedPod(spec, patch)).toEqual(result)
  })

  it("replaces a node's taints, and merges a Service's ports by number", () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n' },
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
    }
    expect(strategicMerge(node, { spec: { taints: [{ key: 'b', effect: 'NoExecute' }] } })['spec']).toEqual({
      taints: [{ key: 'b', effect: 'NoExecute' }],
    })
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports: [{ port: 1 }, { port: 2 }] },
    }
    expect(strategicMerge(service, { spec: { ports: [{ port: 2, name: 'b' }] } })['spec']).toEqual({
      ports: [{ port: 1 }, { port: 2, name: 'b' }],
    })
  })

  it('merges and deletes among plain values', () => {
    const object = { ...deployment({}), metadata: { name: 'x', finalizers: ['a', 'b'] } }
    const finalizers = (metadata: JsonObject) =>
      (strategicMerge(object, { metadata })['metadata'] as JsonObject)['finalizers']
    expect(finalizers({ finalizers: ['c', 'a'] })).toEqual(['c', 'a', 'b'])
    expect(finalizers({ '$deleteFromPrimitiveList/finalizers': ['a'] })).toEqual(['b'])
  })

  it.each([
    [{ containers: [{ image: 'x' }] }, 'lacks its merge key "name"'],
    [{ containers: [{ name: 'a', $patch: 'remove' }] }, 'unknown $patch in a list: "remove"; write replace or delete'],
    [{ nodeSelector: { $patch: 'merge' } }, 'unknown $patch: "merge"; write replace or delete'],
  ] as [JsonObject, string][])('refuses %j', (patch, message) => {
    const apply = () => mergedPod({ containers: [{ name: 'a' }], nodeSelector: {} }, patch)
    expect(apply).toThrow(PatchError)
    expect(apply).toThrow(message)
  })

  it('does not reach into the prototype of all objects', () => {
    const patch = JSON.parse('{"spec": {"__proto__": {"polluted": true}}}') as JsonObject
    expect(() => strategicMerge(deployment({}), patch)).toThrow('"__proto__" is not a field')
    expect(() => setPath(deployment({}), 'spec.__proto__.polluted', true)).toThrow('"__proto__" is not a field')
    expect({}).not.toHaveProperty('polluted')
  })

  it('replaces the block of a strategy whose type changes, if asked to', () => {
    const object = deployment({ strategy: { rollingUpdate: { maxSurge: 1 } } })
    const recreate = { spec: { strategy: { type: 'Recreate' } } }
    expect(strategicMerge(object, recreate, { replaceChangedStrategy: true })['spec']).toEqual({
      strategy: { type: 'Recreate' },
    })
    expect(strategicMerge(object, recreate)['spec']).toEqual({
      strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } },
    })
    const same = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } } }
    expect(strategicMerge(object, same, { replaceChangedStrategy: true })['spec']).toEqual({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    })
  })

  const value = fc.oneof(fc.nat(9), fc.constantFrom('1', '2'))
  const element = fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: value }, { requiredKeys: ['name'] })
  const spec = fc.record(
    {
      replicas: value,
      strategy: fc.record(
        { type: value, rollingUpdate: fc.dictionary(fc.constantFrom('maxSurge', 'maxUnavailable'), value) },
        { requiredKeys: [] },
      ),
      template: fc.record({
        spec: fc.record({ containers: fc.uniqueArray(element, { selector: ({ name }) => name }) }),
      }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>

  it('changes nothing with an empty patch, and nothing the second time', () => {
    fc.assert(
      fc.property(spec, spec, (object, patch) => {
        expect(merged(object, {})).toEqual(object)
        const once = merged(object, patch) as JsonObject
        expect(merged(once, patch)).toEqual(once)
      }),
    )
  })

  it('leaves its arguments alone and shares nothing with them', () => {
    fc.assert(
      fc.property(spec, spec, (object, patch) => {
        const before = JSON.stringify([object, patch])
        strategicMerge(deployment(object), { spec: patch })
        expect(JSON.stringify([object, patch])).toBe(before)
      }),
    )
  })
})

describe('setting one field', () => {
  it('creates the mappings on the way', () => {
    expect(setPath(deployment({}), 'spec.strategy.rollingUpdate.maxSurge', '25%')['spec']).toEqual({
      strategy: { rollingUpdate: { maxSurge: '25%' } },
    })
  })

  it('reaches into lists', () => {
    const object = pod({ containers: [{ name: 'a' }] })
    expect(setPath(object, 'spec.template.spec.containers[0].image', 'x')).toEqual(
      pod({ containers: [{ name: 'a', image: 'x' }] }),
    )
    expect(object).toEqual(pod({ containers: [{ name: 'a' }] }))
  })

  it.each([
    ['spec.template.spec.containers[3].image', 'spec.template.spec.containers has no entry 3'],
    ['metadata.name.x', 'metadata.name is not a mapping, so it has no field "x"'],
  ])('refuses %s', (path, message) => {
    expect(() => setPath(pod({ containers: [{ name: 'a' }] }), path, 1)).toThrow(message)
  })
})
