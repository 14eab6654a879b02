import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePart, encodePart } from './part.ts'

const part = fc.record({
  rowCount: fc.nat(),
  events: fc.nat(),
  availability: fc.uint32Array({ maxLength: 40 }),
  csv: fc.string({ unit: 'binary', maxLength: 200 }).map((text) => new Uint8Array(Buffer.from(text))),
})

test('bytes read back as what was written, from any address', () => {
  const property = fc.property(part, fc.nat({ max: 7 }), (written, shift) => {
    const bytes = encodePart(written)
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift)
    const read = decodePart(shifted)
    expect({ ...read, csv: new Uint8Array(read?.csv ?? []) }).toEqual(written)
  })
  fc.assert(property, { seed: 1 })
})

test('bytes that were cut off or changed are not a part', () => {
  const property = fc.property(part, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, change) => {
    const bytes = encodePart(written)
    expect(decodePart(bytes.subarray(0, at % bytes.length))).toBeUndefined()
    const place = at % bytes.length
    bytes[place] = (bytes[place] ?? 0) ^ change
    expect(decodePart(bytes)).toBeUndefined()
  })
  fc.assert(property, { seed: 1 })
})
