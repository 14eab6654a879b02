// The schedule text of a CronJob, after ParseStandard of robfig/cron v3.0.1, which Kubernetes uses.

/** Values that each field of a schedule admits, or a fixed interval, or what is wrong with the text. */
export type CronSchedule =
  | {
      readonly state: 'fields'
      readonly minutes: ReadonlySet<number>
      readonly hours: ReadonlySet<number>
      readonly daysOfMonth: ReadonlySet<number>
      readonly months: ReadonlySet<number>
      /** 0 is Sunday. */
      readonly daysOfWeek: ReadonlySet<number>
      /** Days match if both day fields do when one of them is unrestricted (`*`), else if either does. */
      readonly daysNeedBoth: boolean
    }
  | { readonly state: 'every'; readonly seconds: number }
  | { readonly state: 'malformed'; readonly reason: string }

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const minutes: Bounds = { min: 0, max: 59 }
const hours: Bounds = { min: 0, max: 23 }
const daysOfMonth: Bounds = { min: 1, max: 31 }
const months: Bounds = {
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
}
const daysOfWeek: Bounds = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }

const descriptors: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
])

class Malformed extends Error {}

/** Reads a schedule: five fields, a descriptor such as `@daily`, or `@every 1h30m`. Never throws. */
export function parseSchedule(text: string): CronSchedule {
  try {
    // A time zone in front is refused elsewhere; the rest is still worth reading.
    return parse(text.replace(/^(CRON_)?TZ=\S*\s+/, ''))
  } catch (error) {
    if (error instanceof Malformed) return { state: 'malformed', reason: error.message }
    throw error
  }
}

function parse(text: string): CronSchedule {
  if (text.startsWith('@every ')) return { state: 'every', seconds: everySeconds(text) }
  if (text.startsWith('@') && !descriptors.has(text)) throw new Malformed(`unrecognized descriptor: ${text}`)
  const fields = (descriptors.get(text) ?? text)
    .trim()
    .split(/\s+/)
    .filter((field) => field !== '')
  if (fields.length !== 5) {
    throw new Malformed(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields
  const days = parseField(dayOfMonth, daysOfMonth)
  const weekdays = parseField(dayOfWeek, daysOfWeek)
  return {
    state: 'fields',
    minutes: parseField(minute, minutes).values,
    hours: parseField(hour, hours).values,
    daysOfMonth: days.values,
    months: parseField(month, months).values,
    daysOfWeek: weekdays.values,
    daysNeedBoth: days.open || weekdays.open,
  }
}

interface Field {
  readonly values: ReadonlySet<number>
  /** An unstepped `*` is among the parts. */
  readonly open: boolean
}

function parseField(field: string, bounds: Bounds): Field {
  const values = new Set<number>()
  let open = false
  for (const part of field.split(',').filter((each) => each !== '')) {
    const { start, end, step, star } = parseRange(part, bounds)
    open ||= star && step === 1
    for (let value = start; value <= end; value += step) values.add(value)
  }
  return { values, open }
}

function parseRange(
  part: string,
  { min, max, names }: Bounds,
): { start: number; end: number; step: number; star: boolean } {
  const [range = '', ...steps] = part.split('/')
  const ends = range.split('-')
  const star = ends[0] === '*' || ends[0] === '?'
  const number = (word: string): number => {
    const name = names?.indexOf(word.toLowerCase()) ?? -1
    return name >= 0 ? name + min : integer(word)
  }
  if (steps.length > 1) throw new Malformed(`too many slashes: ${part}`)
  if (!star && ends.length > 2) throw new Malformed(`too many hyphens: ${part}`)
  const start = star ? min : number(ends[0] ?? '')
  const step = steps[0] === undefined ? 1 : integer(steps[0])
  // `5/15` means from 5 to the end.
  const openEnded = star || (ends.length === 1 && steps.length === 1)
  const end = openEnded ? max : number(ends[1] ?? ends[0] ?? '')
  if (start < min) throw new Malformed(`beginning of range (${start}) below minimum (${min}): ${part}`)
  if (end > max) throw new Malformed(`end of range (${end}) above maximum (${max}): ${part}`)
  if (start > end) throw new Malformed(`beginning of range (${start}) beyond end of range (${end}): ${part}`)
  if (step === 0) throw new Malformed(`step of range should be a positive number: ${part}`)
  return { start, end, step, star }
}

function integer(word: string): number {
  if (/^-\d+$/.test(word)) throw new Malformed(`negative number (${word}) not allowed: ${word}`)
  if (!/^\+?\d+$/.test(word)) {
    throw new Malformed(
      `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`,
    )
  }
  return Number(word)
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 }

/** `@every` takes a Go duration, cut to whole seconds, at least one. */
function everySeconds(text: string): number {
  const duration = text.slice('@every '.length)
  const parts = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns)/g)]
  if (duration === '' || parts.map(([part]) => part).join('') !== duration) {
    throw new Malformed(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`)
  }
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit ?? ''] ?? 0), 0)
  return Math.max(1, Math.floor(seconds))
}
