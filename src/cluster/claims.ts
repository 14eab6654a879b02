// PersistentVolumeClaims: one for each claim template and ordinal of a StatefulSet, then those of the manifests. A claim outlives its pod, and its
// owner references say with whom it goes: with the set, with the pod, or with nobody.

import { type Column, fillColumn, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import type { Model, StatefulSetId } from '../model/types.ts'
import type { StatefulSets } from './statefulSets.ts'

export type ClaimId = Row<'Claim'>

export class Claims {
  readonly exists: Column<ClaimId>
  /** UID of the StatefulSet in the owner references; NONE without one. */
  readonly ownerSet: Column<ClaimId>
  /** UID of the pod in the owner references; NONE without one. */
  readonly ownerPod: Column<ClaimId>
  /** Claims of each row that have an owner: only those can become garbage. */
  readonly ownedOf: Int32Array
  /** 1: an owner of the row's claims may be gone (claimCollector.ts). */
  readonly suspected: Uint8Array
  /** Any row is suspected. */
  areSuspected = false
  /** Names of claim templates that a row ever has. */
  readonly templateNames: readonly (readonly string[])[]
  /** For each spec of a row, its claim templates as indices of templateNames. */
  private readonly templatesOfSpec: readonly (readonly (readonly number[])[])[]
  /** The claim templates in force, by row. */
  private readonly templatesNow: (readonly number[])[]
  /** The first claim of the manifests, and the number of all claims. */
  readonly firstObject: number
  readonly count: number
  private readonly sets: StatefulSets
  private readonly namesMax: number

  constructor(model: Model, sets: StatefulSets) {
    this.sets = sets
    this.templateNames = model.statefulSets.map(({ specs }) => [
      ...new Set(specs.flatMap(({ claimTemplates }) => claimTemplates)),
    ])
    this.templatesOfSpec = model.statefulSets.map(({ specs }, row) =>
      specs.map(({ claimTemplates }) => claimTemplates.map((name) => this.templateNames[row].indexOf(name))),
    )
    this.templatesNow = model.statefulSets.map(() => NO_TEMPLATES)
    this.namesMax = Math.max(0, ...this.templateNames.map((names) => names.length))
    this.firstObject = sets.places * this.namesMax
    const n = this.firstObject + (model.storage?.claims.length ?? 0)
    this.count = n
    this.exists = uint8Column(n)
    this.ownerSet = int32Column(n)
    this.ownerPod = int32Column(n)
    this.ownedOf = new Int32Array(sets.count)
    this.suspected = new Uint8Array(sets.count)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    this.ownedOf.fill(0)
    this.suspected.fill(0)
    this.areSuspected = false
    for (let set = 0; set < this.templatesNow.length; set++) this.templatesNow[set] = NO_TEMPLATES
  }

  /** The claim of a template (an index of templateNames) and ordinal, whether it exists or not. */
  claimOf(set: StatefulSetId, template: number, ordinal: number): ClaimId {
    return (this.sets.placeOf(set, ordinal) * this.namesMax + template) as ClaimId
  }

  /** The claim templates of a row's spec in force, as indices of templateNames. */
  templatesOf(set: StatefulSetId): readonly number[] {
    return this.templatesNow[set]
  }

  /** Takes over the claim templates of a spec. */
  useSpec(set: StatefulSetId, spec: number): void {
    this.templatesNow[set] = this.templatesOfSpec[set][spec]
  }

  /** The set, or a pod of it, may be gone: the garbage collector has a look when the instant is quiet. */
  suspect(set: StatefulSetId): void {
    if (this.ownedOf[set] === 0) return
    this.suspected[set] = 1
    this.areSuspected = true
  }

  /** Whether somebody is named as an owner. */
  isOwned(claim: ClaimId): boolean {
    return this.ownerSet[claim] !== NONE || this.ownerPod[claim] !== NONE
  }
}

const NO_TEMPLATES: readonly number[] = []
