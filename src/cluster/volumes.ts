// Which disk stands behind which claim, where it can be used, and what is on it. Rows of volumes: those of the manifests
// first, then one for each claim, for which a provisioner may make a disk. Without storage in the model all is empty.

import { type Column, fillColumn, float64Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import { matchesNodeAffinity } from '../model/nodeAffinity.ts'
import type { ClaimSpec } from '../model/specTypes.ts'
import { AccessMode, type StorageClassModel } from '../model/storageTypes.ts'
import { Kind, type Model, type NodeId, type StatefulSetId } from '../model/types.ts'
import type { ClaimId, Claims } from './claims.ts'
import type { Nodes } from './nodes.ts'
import type { PodId, Pods } from './pods.ts'
import type { StatefulSets } from './statefulSets.ts'

export type VolumeId = Row<'Volume'>

export class Volumes {
  /** Volumes of the manifests; the volume made for a claim is this number plus the claim. */
  readonly givenCount: number
  readonly count: number
  /** 1: the PersistentVolume is in the store. */
  readonly exists: Column<VolumeId>
  /** The claim that a volume is bound to, or NONE. */
  readonly claimOf: Column<VolumeId, ClaimId>
  /** Of disks that a provisioner made: the zone (NodeModel.zone) or the node that they are in; NONE: any. */
  readonly zone: Column<VolumeId>
  readonly pinnedTo: Column<VolumeId, NodeId>
  /** 1: it has a file system. */
  readonly formatted: Column<VolumeId>
  /** The volume that a claim is bound to, or NONE. */
  readonly volumeOf: Column<ClaimId, VolumeId>
  /** The node for whose pod a claim is to be provisioned (annotation selected-node), or NONE. */
  readonly selectedNode: Column<ClaimId, NodeId>
  /** 1: deleted, but a pod still uses it (pvc-protection). */
  readonly deleting: Column<ClaimId>
  /** What applications keep on the claim's disk: how often one has started there (counterOf). */
  readonly counter: Column<ClaimId>
  /** The node that the scheduler has chosen for a pod, bound or not; NONE: none. */
  readonly assumedOn: Column<PodId, NodeId>
  /** Since when a pod on its node waits for its volumes; Infinity: it does not. */
  readonly waitsSinceUs: Column<PodId>
  /** Claims of the manifests by row. */
  readonly ofObject: readonly ClaimId[]
  private readonly model: Model
  private readonly pods: Pods
  private readonly nodes: Nodes
  private readonly claims: Claims
  private readonly sets: StatefulSets
  private readonly names: readonly string[]
  private readonly specs: readonly ClaimSpec[]
  /** Claims of the volumes of each template; NONE for a name that nothing ever has. */
  private readonly claimsOfTemplate: readonly (readonly ClaimId[])[]
  /** Claims of pods of StatefulSets, by place and template: made when first asked for. */
  private readonly claimsOfPlace = new Map<number, readonly ClaimId[]>()

  constructor(model: Model, pods: Pods, nodes: Nodes, claims: Claims, sets: StatefulSets) {
    this.model = model
    this.pods = pods
    this.nodes = nodes
    this.claims = claims
    this.sets = sets
    const { storage } = model
    const known = storage === undefined ? NO_CLAIMS : nameClaims(model, claims, sets)
    this.names = known.names
    this.specs = known.specs
    this.ofObject = known.ofObject
    const ids = new Map(known.names.map((name, claim) => [name, claim as ClaimId]))
    this.claimsOfTemplate = model.templates.map(({ volumes }) =>
      storage === undefined ? [] : volumes.map((name) => ids.get(name) ?? (NONE as ClaimId)),
    )
    this.givenCount = storage?.volumes.length ?? 0
    const n = known.names.length
    this.count = this.givenCount + n
    this.exists = uint8Column(this.count)
    this.claimOf = int32Column<VolumeId, ClaimId>(this.count)
    this.zone = int32Column(this.count)
    this.pinnedTo = int32Column<VolumeId, NodeId>(this.count)
    this.formatted = uint8Column(this.count)
    this.volumeOf = int32Column<ClaimId, VolumeId>(n)
    this.selectedNode = int32Column<ClaimId, NodeId>(n)
    this.deleting = uint8Column(n)
    this.counter = int32Column(n)
    this.assumedOn = int32Column<PodId, NodeId>(pods.capacity)
    this.waitsSinceUs = float64Column(pods.capacity)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.claimOf, NONE as ClaimId)
    fillColumn(this.zone, NONE)
    fillColumn(this.pinnedTo, NONE as NodeId)
    fillColumn(this.formatted, 0)
    fillColumn(this.volumeOf, NONE as VolumeId)
    fillColumn(this.selectedNode, NONE as NodeId)
    fillColumn(this.deleting, 0)
    fillColumn(this.counter, 0)
    fillColumn(this.assumedOn, NONE as NodeId)
    fillColumn(this.waitsSinceUs, Infinity)
  }

  /** The claims that a pod uses, in the order of its volumes; NONE for a name that nothing ever has. */
  claimsOf(pod: PodId): readonly ClaimId[] {
    const { claims, pods, sets } = this
    const template = pods.template[pod]
    if (pods.ownerKind[pod] !== Kind.StatefulSet || this.model.storage === undefined)
      return this.claimsOfTemplate[template]
    const set = pods.owner[pod] as StatefulSetId
    const ordinal = pods.ordinal[pod]
    const key = sets.placeOf(set, ordinal) * this.model.templates.length + template
    const known = this.claimsOfPlace.get(key)
    if (known !== undefined) return known
    const own = claims.templatesOf(set).map((name) => claims.claimOf(set, name, ordinal))
    const all = [...own, ...this.claimsOfTemplate[template].filter((claim) => !own.includes(claim))]
    this.claimsOfPlace.set(key, all)
    return all
  }

  nameOf(claim: ClaimId): string {
    return this.names[claim]
  }

  /** The name of a volume as an event would give it. */
  nameOfVolume(volume: VolumeId): string {
    if (volume < this.givenCount) return this.model.storage!.volumes[volume].name
    return `pvc-${this.names[volume - this.givenCount]}`
  }

  specOf(claim: ClaimId): ClaimSpec {
    return this.specs[claim]
  }

  /** Index of a claim's class among StorageModel.classes. */
  classOf(claim: ClaimId): number {
    const { classOf, defaultClass } = this.model.storage!
    const name = this.specs[claim].className
    return name === undefined ? defaultClass : classOf.get(name)!
  }

  /** The class that a volume is of, whose timings are its own. */
  classOfVolume(volume: VolumeId): StorageClassModel {
    const { classes, classOf, volumes } = this.model.storage!
    if (volume >= this.givenCount) return classes[this.classOf((volume - this.givenCount) as ClaimId)]
    return classes[classOf.get(volumes[volume].specs[0].className)!]
  }

  /** The volume that a provisioner makes for a claim. */
  madeFor(claim: ClaimId): VolumeId {
    return (this.givenCount + claim) as VolumeId
  }

  /** Whether a driver must attach it to a node. */
  isAttachable(volume: VolumeId): boolean {
    if (volume >= this.givenCount) return this.classOfVolume(volume).attachable
    return this.model.storage!.volumes[volume].specs[0].attachable
  }

  /** Whether it may be attached to several nodes: any of its modes says so, or it has none (IsMultiAttachAllowed). */
  allowsMany(volume: VolumeId): boolean {
    const modes =
      volume >= this.givenCount
        ? this.specs[volume - this.givenCount].accessModes
        : this.model.storage!.volumes[volume].specs[0].accessModes
    return modes === 0 || (modes & (AccessMode.ReadWriteMany | AccessMode.ReadOnlyMany)) !== 0
  }

  /** Whether a node lies where the volume can be used: its node affinity and zone labels. */
  isUsableOn(volume: VolumeId, node: NodeId): boolean {
    const { model, nodes } = this
    if (volume < this.givenCount) {
      const { nodes: terms } = model.storage!.volumes[volume].specs[0]
      return matchesNodeAffinity(terms, model.nodes[node].name, nodes.labels[node])
    }
    if (this.pinnedTo[volume] !== NONE) return this.pinnedTo[volume] === node
    return this.zone[volume] === NONE || this.zone[volume] === model.nodes[node].zone
  }

  /** Whether all claims of a pod are bound. */
  areBound(pod: PodId): boolean {
    const claims = this.claimsOf(pod)
    for (let i = 0; i < claims.length; i++) if (claims[i] === NONE || this.volumeOf[claims[i]] === NONE) return false
    return true
  }
}

/** What is known of claims before a run, by ClaimId. */
interface KnownClaims {
  readonly names: readonly string[]
  readonly specs: readonly ClaimSpec[]
  readonly ofObject: readonly ClaimId[]
}

const NO_CLAIMS: KnownClaims = { names: [], specs: [], ofObject: [] }

/** Names the claims of all StatefulSets, then those of the manifests; one that has the name of the former is that. */
function nameClaims(model: Model, claims: Claims, sets: StatefulSets): KnownClaims {
  const names: string[] = Array.from({ length: claims.count }, () => '')
  const specs: ClaimSpec[] = []
  for (let set = 0 as StatefulSetId; set < sets.count; set++) {
    for (const { first, last } of sets.rangesOf(set)) {
      for (let ordinal = first; ordinal <= last; ordinal++) {
        claims.templateNames[set].forEach((template, index) => {
          const claim = claims.claimOf(set, index, ordinal)
          names[claim] = `${template}-${model.statefulSets[set].name}-${ordinal}`
          specs[claim] = specOfTemplate(model, set, template)
        })
      }
    }
  }
  const ofObject = model.storage!.claims.map(({ name, specs: [spec] }, row) => {
    const known = names.indexOf(name)
    const claim = known < 0 ? claims.firstObject + row : known
    names[claim] = name
    specs[claim] = spec
    return claim as ClaimId
  })
  return { names, specs, ofObject }
}

function specOfTemplate(model: Model, set: StatefulSetId, template: string): ClaimSpec {
  for (const { claimTemplates, claims } of model.statefulSets[set].specs) {
    const index = claimTemplates.indexOf(template)
    if (index >= 0) return claims[index]
  }
  throw new Error(`Bug in rollbench: no claim template ${template}`)
}
