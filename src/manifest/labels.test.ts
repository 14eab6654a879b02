import { describe, expect, it } from 'vitest'
import { isEmptySelector, matchesLabels, matchesSelector } from './labels.ts'

const labels = { app: 'web', tier: 'front' }

describe('label selectors', () => {
  it.each([
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'db' } }, false],
    [{ matchLabels: { zone: '' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
    [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, false],
    [{}, true],
  ] as const)('%j: %s', (selector, matches) => {
    expect(matchesSelector(selector, labels)).toBe(matches)
  })

  it('tells an absent selector, which matches nothing, from an empty one', () => {
    expect(matchesSelector(undefined, labels)).toBe(false)
    expect(isEmptySelector({})).toBe(true)
    expect(isEmptySelector({ matchLabels: { app: 'web' } })).toBe(false)
  })

  it('matches the selector of a Service', () => {
    expect(matchesLabels({ app: 'web' }, labels)).toBe(true)
    expect(matchesLabels({ app: 'web', zone: 'a' }, labels)).toBe(false)
  })
})
