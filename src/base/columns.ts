// Typed rows and columns: a table is a set of columns, a row is a branded index, so that a pod's row cannot be used
// to read a column of nodes. At run time a column is a plain typed array.

declare const tableName: unique symbol

/** The index of a row in the table of `Name`. */
export type Row<Name extends string> = number & { readonly [tableName]: Name }

/** One value per row of a table; backed by a typed array. Written only in cluster/. */
export type Column<Id extends number, Value extends number = number> = { [id in Id]: Value }

/** The same for readers: every room but cluster/. */
export type ReadonlyColumn<Id extends number, Value extends number = number> = { readonly [id in Id]: Value }

/** "No row": the end of a list, or an absent reference. */
export const NONE = -1

/** A column of 32-bit integers: counts, codes and references to rows. */
export function int32Column<Id extends number, Value extends number = number>(rows: number): Column<Id, Value> {
  return new Int32Array(rows) as unknown as Column<Id, Value>
}

/** A column of small codes and flags, 0..255. */
export function uint8Column<Id extends number, Value extends number = number>(rows: number): Column<Id, Value> {
  return new Uint8Array(rows) as unknown as Column<Id, Value>
}

/** A column of virtual times in microseconds, or of large integers (exact up to 2^53). */
export function float64Column<Id extends number>(rows: number): Column<Id> {
  return new Float64Array(rows)
}

/** Sets every row of a column; used between runs. */
export function fillColumn<Id extends number, Value extends number>(column: Column<Id, Value>, value: Value): void {
  ;(column as unknown as Int32Array | Uint8Array | Float64Array).fill(value)
}
