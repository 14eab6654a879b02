// From a Vega-Lite specification to SVG. The bytes depend on the specification alone.

import type { TopLevelSpec } from 'vega-lite'
import { textWidth } from './theme.ts'

/** Exports of Vega that its types leave out. */
interface UntypedVega {
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number }
  setRandom(random: () => number): void
  randomLCG(seed: number): () => number
}

/** Draws a chart. Vega is loaded here and not before: it takes a tenth of a second. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  // Vega measures text with a canvas if it finds one, and guesses otherwise. Both would make layouts differ.
  const untyped = vega as unknown as UntypedVega
  untyped.textMetrics.width = (item, text) => textWidth(String(text), item.fontSize ?? 11)
  // Nothing here draws random numbers; should a transform of Vega do so some day, the bytes still are the same.
  untyped.setRandom(untyped.randomLCG(1))
  // Names of clip paths and gradients count up in a process; each chart starts anew.
  vega.resetSVGDefIds()
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' })
  try {
    return `${await view.toSVG()}\n`
  } finally {
    view.finalize()
  }
}
