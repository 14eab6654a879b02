// Places the names of points so that they do not lie on each other. Greedy: the points that matter most choose first.

/** A point to be named, in pixels; y grows downwards. */
export interface NamedPoint {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the name of a point stands. */
export interface Placement {
  /** Left end and middle of the text, relative to the point, in pixels. */
  readonly dx: number
  readonly dy: number
  /** Whether it is so far away that a line has to lead to it. */
  readonly far: boolean
}

/** A placement, and the end of the line that leads to it: the nearest spot of the text's box, relative to the point. */
export interface Placed extends Placement {
  readonly lineX: number
  readonly lineY: number
}

/** A part of the drawing, in pixels. */
export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const POINT_RADIUS = 7

/**
 * Chooses a place for each name. Where there is none without overlap, the least bad one is taken.
 *
 * @param points the most important first
 * @param obstacles what names should not lie on, besides points and names
 * @param frame width and height of the drawing, in pixels
 */
export function placeLabels(
  points: readonly NamedPoint[],
  obstacles: readonly Box[],
  frame: { width: number; height: number },
): Placed[] {
  const taken: Box[] = [...obstacles, ...points.map(({ x, y }) => around(x, y, POINT_RADIUS))]
  return points.map((point) => {
    let best: Placement = { dx: POINT_RADIUS, dy: 0, far: false }
    let leastCost = Infinity
    for (const place of placesOf(point)) {
      const box = boxOf(point, place)
      const outside = box.left < 0 || box.right > frame.width || box.top < 0 || box.bottom > frame.height
      const overlap = taken.reduce((sum, other) => sum + overlapOf(box, other), 0)
      const cost = overlap + (outside ? 1e6 : 0)
      if (cost < leastCost) {
        best = place
        leastCost = cost
      }
      if (cost === 0) break
    }
    taken.push(boxOf(point, best))
    const { dx, dy } = best
    const half = point.height / 2
    return {
      ...best,
      lineX: Math.min(Math.max(0, dx), dx + point.width),
      lineY: Math.min(Math.max(0, dy - half), dy + half),
    }
  })
}

/** Right, left, above, below; then further away in growing steps. */
function* placesOf({ width, height }: NamedPoint): Generator<Placement> {
  const gap = POINT_RADIUS + 2
  yield { dx: gap, dy: 0, far: false }
  yield { dx: -gap - width, dy: 0, far: false }
  yield { dx: -width / 2, dy: -gap - height / 2, far: false }
  yield { dx: -width / 2, dy: gap + height / 2, far: false }
  for (let step = 1; step <= 10; step++) {
    const reach = gap + step * height
    yield { dx: gap, dy: -reach, far: true }
    yield { dx: -gap - width, dy: -reach, far: true }
    yield { dx: gap, dy: reach, far: true }
    yield { dx: -gap - width, dy: reach, far: true }
    yield { dx: -width / 2, dy: -reach - height, far: true }
    yield { dx: -width / 2, dy: reach + height, far: true }
  }
}

function boxOf({ x, y, width, height }: NamedPoint, { dx, dy }: Placement): Box {
  return { left: x + dx, right: x + dx + width, top: y + dy - height / 2, bottom: y + dy + height / 2 }
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return width > 0 && height > 0 ? width * height : 0
}
