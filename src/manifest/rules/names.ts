// The formats of names and labels, and what the API server says of those that break them, after
// apimachinery/pkg/util/validation and pkg/api/validate/content (v0.36). Each function returns the faults of a value.

const dnsLabel = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const dnsSubdomain = `${dnsLabel}(\\.${dnsLabel})*`
const labelKey = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValue = `(${labelKey})?`
const percent = '[0-9]+%'

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`)
const patterns = {
  dnsLabel: whole(dnsLabel),
  dnsSubdomain: whole(dnsSubdomain),
  labelKey: whole(labelKey),
  labelValue: whole(labelValue),
  percent: whole(percent),
}

function explained(message: string, pattern: string, examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`
}

const characters = 'must consist of lower case alphanumeric characters'
const ends = 'and must start and end with an alphanumeric character'

/** Names of containers, volumes, StatefulSets: a lowercase RFC 1123 label. */
export function dnsLabelFaults(value: string): string[] {
  const faults = value.length > 63 ? ['must be no more than 63 characters'] : []
  if (patterns.dnsLabel.test(value)) return faults
  if (patterns.dnsSubdomain.test(value)) faults.push('must not contain dots')
  else {
    const message = `a lowercase RFC 1123 label ${characters} or '-', ${ends}`
    faults.push(explained(message, dnsLabel, ['my-name', '123-abc']))
  }
  return faults
}

/** Names of most objects: a lowercase RFC 1123 subdomain. */
export function dnsSubdomainFaults(value: string): string[] {
  const faults = value.length > 253 ? ['must be no more than 253 characters'] : []
  if (!patterns.dnsSubdomain.test(value)) {
    const message = `a lowercase RFC 1123 subdomain ${characters}, '-' or '.', ${ends}`
    faults.push(explained(message, dnsSubdomain, ['example.com']))
  }
  return faults
}

/** Names of kinds that ask for nothing more than to fit into a URL. */
export function pathSegmentFaults(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return ['/', '%']
    .filter((character) => value.includes(character))
    .map((character) => `may not contain '${character}'`)
}

/** Keys of labels, annotations, taints: an optional DNS prefix, a slash, a name. */
export function labelKeyFaults(value: string): string[] {
  const parts = value.split('/')
  const nameRule = explained(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    labelKey,
    ['MyName', 'my.name', '123-abc'],
  )
  if (parts.length > 2) {
    return [`a valid label key ${nameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined
  const faults: string[] = []
  if (prefix === '') faults.push('prefix part must be non-empty')
  else if (prefix !== undefined) faults.push(...dnsSubdomainFaults(prefix).map((fault) => `prefix part ${fault}`))
  if (name === '') faults.push('name part must be non-empty')
  else if (name.length > 63) faults.push('name part must be no more than 63 bytes')
  if (!patterns.labelKey.test(name)) faults.push(`name part ${nameRule}`)
  return faults
}

/** Values of labels. */
export function labelValueFaults(value: string): string[] {
  const faults = value.length > 63 ? ['must be no more than 63 bytes'] : []
  if (!patterns.labelValue.test(value)) {
    const message =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    faults.push(explained(message, labelValue, ['MyValue', 'my_value', '12345']))
  }
  return faults
}

/** Percentages such as `25%`. */
export function percentFaults(value: string): string[] {
  if (patterns.percent.test(value)) return []
  return [
    explained("a valid percent string must be a numeric string followed by an ending '%'", percent, ['1%', '93%']),
  ]
}

/** Names of ports. */
export function portNameFaults(value: string): string[] {
  const faults: string[] = []
  if (value.length > 15) faults.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(value)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(value)) faults.push('must contain at least one letter (a-z)')
  if (value.includes('--')) faults.push('must not contain consecutive hyphens')
  if (/^-|-$/.test(value)) faults.push('must not begin or end with a hyphen')
  return faults
}

/** Numbers of ports. */
export function portNumberFaults(value: number): string[] {
  return value >= 1 && value <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}
