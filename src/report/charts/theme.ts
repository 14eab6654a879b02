// How all charts look: one font, one palette that colour-blind people can tell apart (Okabe and Ito), few lines.

import type { Config } from 'vega-lite'

export const COLOURS = {
  best: '#0072B2',
  reference: '#D55E00',
  other: '#8C8C8C',
  band: '#56B4E9',
  text: '#222222',
  quiet: '#666666',
  grid: '#E6E6E6',
} as const

const FONT = 'DejaVu Sans, Verdana, Helvetica, Arial, sans-serif'

/** Settings that every chart shares. */
export const CHART_CONFIG: Config = {
  background: 'white',
  padding: 16,
  font: FONT,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 15,
    fontWeight: 'bold',
    color: COLOURS.text,
    subtitleFontSize: 11,
    subtitleColor: COLOURS.quiet,
    subtitlePadding: 5,
    offset: 14,
    lineHeight: 19,
    subtitleLineHeight: 15,
  },
  axis: {
    labelFontSize: 11,
    labelColor: COLOURS.text,
    labelLimit: 260,
    labelPadding: 6,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    titleColor: COLOURS.quiet,
    titlePadding: 8,
    gridColor: COLOURS.grid,
    domainColor: '#999999',
    tickColor: '#999999',
  },
  legend: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal', titleColor: COLOURS.quiet },
}

/** The words of a chart: the answer as title, what is drawn as subtitle; both broken into lines. */
export interface Heading {
  readonly text: string[]
  readonly subtitle: string[]
}

/**
 * Breaks title and subtitle into lines that fit.
 *
 * @param width of the chart in pixels
 */
export function heading(answer: string, drawn: string, width: number): Heading {
  return { text: breakLines(answer, width / 9.2), subtitle: breakLines(drawn, width / 6) }
}

function breakLines(text: string, charactersMax: number): string[] {
  const lines: string[] = []
  let line = ''
  // A number and its ± stay together.
  for (const word of text.split(/ (?!±)/)) {
    if (line !== '' && line.length + 1 + word.length > charactersMax) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Width of a text in a common sans-serif font, in pixels: there is no canvas to ask, and Vega's own guess is far off. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0
  for (const character of text) {
    if (/[ijlft.,:;|!'()[\] ]/.test(character)) ems += 0.39
    else if (/[mwMW@%±≤—]/.test(character)) ems += 0.93
    else ems += /[A-Z]/.test(character) ? 0.72 : 0.63
  }
  return ems * fontSize
}
