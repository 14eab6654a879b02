// Field paths: lists of keys and indices, printed as the API server prints them.

/** Keys of mappings and indices of lists, from the root of an object. */
export type Path = readonly (string | number)[]

/** Mappings whose keys the API server prints in brackets: `limits[cpu]`. */
const bracketed = new Set(['limits', 'requests', 'capacity', 'allocatable', 'annotations', 'labels', 'matchLabels'])

/** Prints a path: `spec.template.spec.containers[0].resources.limits[cpu]`. */
export function formatPath(path: Path): string {
  let text = ''
  path.forEach((segment, index) => {
    if (typeof segment === 'number') text += `[${segment}]`
    else if (index > 0 && bracketed.has(String(path[index - 1]))) text += `[${segment}]`
    else text += index === 0 ? segment : `.${segment}`
  })
  return text
}

/** Reads a dotted path such as `spec.strategy.rollingUpdate.maxSurge` or `spec.containers[0].image`. */
export function parsePath(text: string): Path {
  const segments = text.match(/[^.[\]]+/g) ?? []
  return segments.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment))
}
