import { expect, it } from 'vitest'
import { compileNodeAffinity, matchesNodeAffinity } from './nodeAffinity.ts'

const matches = (terms: unknown[], labels: Record<string, string>): boolean => {
  const required = { nodeSelectorTerms: terms }
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
  return matchesNodeAffinity(compileNodeAffinity(affinity as never), 'node-01', labels)
}

it.each([
  ['In', ['ssd'], { disk: 'ssd' }, true],
  ['In', ['ssd'], {}, false],
  ['NotIn', ['ssd'], {}, true],
  ['NotIn', ['ssd'], { disk: 'ssd' }, false],
  ['Exists', [], { disk: '' }, true],
  ['DoesNotExist', [], { disk: '' }, false],
  ['Gt', ['5'], { disk: '6' }, true],
  ['Lt', ['5'], { disk: '6' }, false],
])('%s %j on %j is %s', (operator, values, labels, wanted) => {
  expect(matches([{ matchExpressions: [{ key: 'disk', operator, values }] }], labels as never)).toBe(wanted)
})

it('needs one term, all of its expressions, and knows the name of the node', () => {
  const name = { key: 'metadata.name', operator: 'In', values: ['node-01'] }
  expect(matches([{}, { matchFields: [name] }], {})).toBe(true)
  expect(matches([{}], {})).toBe(false)
  expect(matches([{ matchFields: [name], matchExpressions: [{ key: 'a', operator: 'Exists' }] }], {})).toBe(false)
  expect(matchesNodeAffinity(undefined, 'node-01', {})).toBe(true)
})
