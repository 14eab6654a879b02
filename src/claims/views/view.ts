// What assertions see of the cluster: objects with named fields, as `kubectl get -o yaml` would show them.

import type { ReadonlyColumn } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'

/** An object that an assertion speaks of. */
export interface ObjectRef {
  readonly view: View
  readonly row: number
}

/** NOTHING stands for what is not there: the field of an object that does not exist. */
export const NOTHING = undefined

export type Value = number | string | boolean | ObjectRef | readonly Value[] | typeof NOTHING

/** The cluster at an instant. */
export interface Moment {
  readonly cluster: Cluster
  readonly nowUs: number
}

/** A kind of objects: which there are, what they are called, what is in them. */
export interface View {
  /** As one calls an object of it, `pod(web-0)`; the set has an s at its end. */
  readonly name: string
  /** The rows that exist. */
  rows(moment: Moment): readonly number[]
  /** Every field, by name. All have `name`. */
  readonly fields: Readonly<Record<string, (moment: Moment, row: number) => Value>>
}

/** Seconds on the timeline's clock. */
export function timelineSeconds({ cluster }: Moment, us: number): number {
  return (us - cluster.model.zeroUs) / 1e6
}

/** A code's NONE as something that is not there. */
export function orNothing(value: number): number | typeof NOTHING {
  return value < 0 ? NOTHING : value
}

/** The rows of a table of objects that exist, in order. */
export function existingRows<Id extends number>(exists: ReadonlyColumn<Id>, count: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row++) if (exists[row as Id] === 1) rows.push(row)
  return rows
}
