// What keeps an object in the store after its deletion was asked for: a deletion mark and finalizers.

import type { Kind } from '../model/types.ts'

/** Bits of one object. */
export const Hold = {
  /** metadata.deletionTimestamp is set. */
  Mark: 1,
  /** Finalizer foregroundDeletion: dependents that block go first. */
  Foreground: 2,
  /** Finalizer orphan: dependents lose their owner first. */
  Orphan: 4,
  /** Finalizers of the manifest, which only a patch removes. */
  Manifest: 8,
} as const

export class Holds {
  /** Bits by Kind and row; ReplicaSets by ReplicaSetId. */
  readonly bits: readonly Uint8Array[]
  /** Objects in foreground deletion now. */
  foregroundCount = 0

  /** @param rows sizes of the tables by Kind */
  constructor(rows: readonly number[]) {
    this.bits = rows.map((count) => new Uint8Array(count))
  }

  reset(): void {
    for (const bits of this.bits) bits.fill(0)
    this.foregroundCount = 0
  }

  /** Replaces the bits of one object. */
  set(kind: Kind, row: number, bits: number): void {
    const before = this.bits[kind][row] & Hold.Foreground
    const after = bits & Hold.Foreground
    if (before !== after) this.foregroundCount += after === 0 ? -1 : 1
    this.bits[kind][row] = bits
  }

  /** Adds or removes the finalizers of the manifest. */
  setManifest(kind: Kind, row: number, present: boolean): void {
    const others = this.bits[kind][row] & ~Hold.Manifest
    this.bits[kind][row] = present ? others | Hold.Manifest : others
  }

  /** Whether metadata.deletionTimestamp is set. */
  isMarked(kind: Kind, row: number): boolean {
    return (this.bits[kind][row] & Hold.Mark) !== 0
  }
}
