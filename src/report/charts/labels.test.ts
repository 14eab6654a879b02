import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels } from './labels.ts'

const frame = { width: 700, height: 400 }
const point = fc.record({
  x: fc.double({ min: 0, max: frame.width, noNaN: true }),
  y: fc.double({ min: 0, max: frame.height, noNaN: true }),
  width: fc.double({ min: 20, max: 140, noNaN: true }),
  height: fc.constant(14),
})

test('names of up to eight points never lie on each other, nor outside, wherever the points are', () => {
  const property = fc.property(fc.array(point, { maxLength: 8 }), (points) => {
    const boxes = placeLabels(points, [], frame).map(({ dx, dy }, index) => {
      const { x, y, width, height } = points[index]
      return { left: x + dx, right: x + dx + width, top: y + dy - height / 2, bottom: y + dy + height / 2 }
    })
    for (const [index, box] of boxes.entries()) {
      if (box.left < 0 || box.right > frame.width || box.top < 0 || box.bottom > frame.height) return false
      for (const other of boxes.slice(0, index)) {
        const apart =
          box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top
        if (!apart) return false
      }
    }
    return true
  })
  fc.assert(property, { seed: 1, numRuns: 500 })
})

test('a lonely point has its name on its right, and needs no line', () => {
  expect(placeLabels([{ x: 100, y: 100, width: 50, height: 14 }], [], frame)).toEqual([
    { dx: 9, dy: 0, far: false, lineX: 9, lineY: 0 },
  ])
})

test('names keep off obstacles', () => {
  const wall = { left: 105, right: 300, top: 90, bottom: 110 }
  const [placed] = placeLabels([{ x: 100, y: 100, width: 50, height: 14 }], [wall], frame)
  expect(placed).toMatchObject({ dx: -59, dy: 0 })
})
