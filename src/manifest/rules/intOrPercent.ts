// Rules of integers or percentages, after pkg/apis/apps/validation/validation.go (v1.36).

import { percentOf } from '../intOrString.ts'
import type { IntOrString } from '../types.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { percentFaults } from './names.ts'

/** ValidatePositiveIntOrPercent. */
export function checkIntOrPercent(value: IntOrString, path: Path, errors: FieldErrors): void {
  if (typeof value === 'number') errors.nonNegative(path, value)
  else for (const fault of percentFaults(value)) errors.invalid(path, value, fault)
}

/** IsNotMoreThan100Percent. */
export function checkAtMost100Percent(value: IntOrString, path: Path, errors: FieldErrors): void {
  if ((percentOf(value) ?? 0) > 100) errors.invalid(path, value, 'must not be greater than 100%')
}

/** As written, before any rounding: `1%` is not zero, `0%` is. A text that is neither counts as 0, as Go's Atoi has it. */
export function isZero(value: IntOrString): boolean {
  if (typeof value === 'number') return value === 0
  const number = percentOf(value) ?? (/^[+-]?\d+$/.test(value) ? Number(value) : 0)
  return number === 0
}
