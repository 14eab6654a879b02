// Errors of single fields in the words of apimachinery/pkg/util/validation/field/errors.go (v0.36).

import type { Path } from '../paths.ts'

/** One rule that a value breaks. */
export interface FieldError {
  readonly path: Path
  readonly message: string
}

const printedMax = 200

/** Prints a value as the API server does: strings in quotes, mappings as JSON. */
function print(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > printedMax ? `${text.slice(0, printedMax)}…` : text
}

/** Collects what an object breaks. `remedy`, where given, says what to write instead. */
export class FieldErrors {
  readonly found: FieldError[] = []

  private add(path: Path, what: string, detail: string, remedy: string | undefined): void {
    const message = [detail === '' ? what : `${what}: ${detail}`, remedy]
      .filter((part) => part !== undefined)
      .join('; ')
    this.found.push({ path, message })
  }

  invalid(path: Path, value: unknown, detail: string, remedy?: string): void {
    this.add(path, `Invalid value: ${print(value)}`, detail, remedy)
  }

  required(path: Path, detail = '', remedy?: string): void {
    this.add(path, 'Required value', detail, remedy)
  }

  forbidden(path: Path, detail: string, remedy?: string): void {
    this.add(path, 'Forbidden', detail, remedy)
  }

  duplicate(path: Path, value: unknown, detail = '', remedy?: string): void {
    this.add(path, `Duplicate value: ${print(value)}`, detail, remedy)
  }

  notFound(path: Path, value: unknown, remedy?: string): void {
    this.add(path, `Not found: ${print(value)}`, '', remedy)
  }

  tooMany(path: Path, count: number, countMax: number): void {
    this.add(path, `Too many: ${count}`, `must have at most ${countMax} items`, undefined)
  }

  unsupported(path: Path, value: unknown, supported: readonly string[]): void {
    const values = supported.map((each) => JSON.stringify(each)).join(', ')
    this.add(path, `Unsupported value: ${print(value)}`, `supported values: ${values}`, undefined)
  }

  /** The commonest rule of all. */
  nonNegative(path: Path, value: number | undefined): void {
    if (value !== undefined && value < 0) this.invalid(path, value, 'must be greater than or equal to 0')
  }

  /** Checks that a value is one of a few words. */
  oneOf(path: Path, value: string | undefined, supported: readonly string[]): void {
    if (value !== undefined && !supported.includes(value)) this.unsupported(path, value, supported)
  }
}

export type { Path } from '../paths.ts'
