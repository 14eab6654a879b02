import { expect, test } from 'vitest'
import { canonicalJson, hashOf } from './hash.ts'

test('canonical JSON sorts keys at every depth and drops what is undefined', () => {
  expect(canonicalJson({ b: [2, { d: null, c: 'x' }], a: undefined, Z: 1.5 })).toBe(
    '{"Z":1.5,"b":[2,{"c":"x","d":null}]}',
  )
})

test('the hash does not depend on the order of keys, and does on every value', () => {
  expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }))
  expect(hashOf({ a: 1, b: 2 })).not.toBe(hashOf({ a: 1, b: 3 }))
  // sha256 of the two characters {}.
  expect(hashOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
})
