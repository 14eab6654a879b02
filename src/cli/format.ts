// Numbers as people read them. Independent of the locale, so that the same run prints the same text everywhere.

/** Whole number with thousands separators: `55,680`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A span of seconds, as kubectl prints ages: `12s`, `1m44s`, `2h5m`. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60}s`
  return `${Math.floor(whole / 3600)}h${Math.floor((whole % 3600) / 60)}m`
}

/** A measured number with about four digits that matter: `0`, `0.0123`, `31.42`, `15,702`. */
export function formatAmount(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-' : value > 0 ? 'inf' : '-inf'
  if (value < 0) return `-${formatAmount(-value)}`
  if (value >= 1000) return formatCount(value)
  return String(Number(value.toPrecision(4)))
}
