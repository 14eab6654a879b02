// Claims, volumes and storage classes of an arm as rows; what a pod template says of its volumes.

import { NONE } from '../base/columns.ts'
import { bytes } from '../manifest/quantity.ts'
import { volumeSource } from '../manifest/rules/storage.ts'
import type {
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PodSpec,
  StorageClass,
} from '../manifest/types.ts'
import { DEFAULT_CLASS } from '../scenario/storage.ts'
import type { StorageSpec, StorageTimings } from '../scenario/types.ts'
import { compileNodeAffinity, type NodeTerm } from './nodeAffinity.ts'
import type { ClaimSpec } from './specTypes.ts'
import {
  AccessMode,
  type DiskTopology,
  type StorageClassModel,
  type StorageModel,
  type VolumeSpec,
} from './storageTypes.ts'
import { Kind, type ObjectModel, type ObjectTables, type StatefulSetSpec, type TemplateId } from './types.ts'

/** Names of the claims that a template's volumes are, in order; those of claim templates come on top. */
export function compileVolumes(spec: PodSpec): readonly string[] {
  const names = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
  return [...new Set(names)]
}

/** A claim's spec, of the manifests or of a claim template. */
export function compileClaimSpec(spec: PersistentVolumeClaimSpec): ClaimSpec {
  return {
    template: NONE as TemplateId,
    className: spec.storageClassName,
    accessModes: modesOf(spec.accessModes),
    bytes: bytes(spec.resources.requests?.['storage'] ?? 0),
    volumeName: spec.volumeName ?? '',
    selector: spec.selector,
  }
}

export function compileClaim({ spec }: PersistentVolumeClaim): ClaimSpec {
  return compileClaimSpec(spec)
}

/** A PersistentVolume; one whose zone labels name several zones (`a__b`) is in all of them. */
export function compileVolume({ metadata, spec }: PersistentVolume): VolumeSpec {
  return {
    template: NONE as TemplateId,
    className: spec.storageClassName ?? '',
    accessModes: modesOf(spec.accessModes),
    bytes: bytes(spec.capacity?.['storage'] ?? 0),
    nodes: withZones(
      compileNodeAffinity({
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: spec.nodeAffinity?.required },
      } as Parameters<typeof compileNodeAffinity>[0]),
      metadata.labels,
    ),
    labels: metadata.labels,
    claimName: spec.claimRef?.name ?? '',
    attachable: isAttachableSource(spec),
  }
}

const ZONE_LABELS: readonly string[] = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
]

/** The plugin VolumeZone asks the same of a node as node affinity would: its label is one of the volume's. */
function withZones(
  terms: readonly NodeTerm[] | undefined,
  labels: Readonly<Record<string, string>>,
): readonly NodeTerm[] | undefined {
  const zones = ZONE_LABELS.flatMap((key) =>
    labels[key] === undefined ? [] : [{ key, operator: 'In', values: labels[key].split('__') }],
  )
  if (zones.length === 0) return terms
  return (terms ?? [{ labels: [], fields: [] }]).map((term) => ({ ...term, labels: [...term.labels, ...zones] }))
}

function modesOf(modes: readonly string[] | undefined): number {
  return (modes ?? []).reduce((set, mode) => set | AccessMode[mode as keyof typeof AccessMode], 0)
}

/** Provisioners whose drivers declare attachRequired: false, or whose volumes are directories of a node. */
const UNATTACHED: readonly string[] = [
  'csi-nfsplugin',
  'efs.csi.aws.com',
  'file.csi.azure.com',
  'filestore.csi.storage.gke.io',
  'nfs.csi.k8s.io',
  'smb.csi.k8s.io',
  'secrets-store.csi.k8s.io',
]

/** Provisioners that make a directory or logical volume on the pod's node. */
const ON_NODE: readonly string[] = [
  'docker.io/hostpath',
  'k8s.io/minikube-hostpath',
  'local.csi.openebs.io',
  'openebs.io/local',
  'rancher.io/local-path',
  'topolvm.io',
]

function isAttachableSource(spec: PersistentVolume['spec']): boolean {
  const source = volumeSource(spec) ?? ''
  if (source === 'csi') return !UNATTACHED.includes(spec.csi?.driver ?? '') && !ON_NODE.includes(spec.csi?.driver ?? '')
  return ['awsElasticBlockStore', 'azureDisk', 'cinder', 'gcePersistentDisk', 'vsphereVolume'].includes(source)
}

/** All that the arm has of storage; undefined where no pod uses a claim. */
export function compileStorage(
  storage: StorageSpec | undefined,
  objects: readonly KubeObject[],
  tables: ObjectTables,
): StorageModel | undefined {
  if (storage === undefined) return undefined
  const claims = tables.objects[Kind.PersistentVolumeClaim] as unknown as readonly ObjectModel<ClaimSpec>[]
  const volumes = tables.objects[Kind.PersistentVolume] as unknown as readonly ObjectModel<VolumeSpec>[]
  const sets = tables.objects[Kind.StatefulSet] as unknown as readonly ObjectModel<StatefulSetSpec>[]
  const given = objects.flatMap((object) => (object.kind === 'StorageClass' ? [object] : []))
  const book = new ClassBook(storage, given, new Set(volumes.flatMap(({ specs }) => specs.map((s) => s.className))))
  const wanted = [
    ...claims.flatMap(({ specs }) => specs),
    ...sets.flatMap(({ specs }) => specs.flatMap(({ claims: own }) => own)),
  ]
  const defaultClass = book.indexOf(book.defaultName())
  for (const { className } of wanted) if (className !== undefined) book.indexOf(className)
  for (const { specs } of volumes) for (const { className } of specs) book.indexOf(className)
  const ofSets = Math.max(0, ...sets.flatMap(({ specs }) => specs.map((spec) => spec.claimTemplates.length)))
  const ofTemplates = Math.max(0, ...tables.templates.map((template) => template.volumes.length))
  return {
    classes: book.classes,
    classOf: book.indices,
    defaultClass,
    claims,
    volumes,
    jitter: storage.jitter,
    claimsMax: ofSets + ofTemplates,
  }
}

/** Gives indices to storage classes, also to those that no object describes. */
class ClassBook {
  readonly classes: StorageClassModel[] = []
  readonly indices = new Map<string, number>()
  private readonly storage: StorageSpec
  private readonly given: readonly StorageClass[]
  private readonly ofVolumes: ReadonlySet<string>

  constructor(storage: StorageSpec, given: readonly StorageClass[], ofVolumes: ReadonlySet<string>) {
    this.storage = storage
    this.given = given
    this.ofVolumes = ofVolumes
  }

  /** The class of claims without one: the one that says so, else none if volumes without a class are there. */
  defaultName(): string {
    const marked = this.given.findLast(({ metadata }) => metadata.annotations[DEFAULT_CLASS] === 'true')
    if (marked !== undefined) return marked.metadata.name
    return this.ofVolumes.has('') ? '' : ASSUMED_CLASS
  }

  indexOf(name: string): number {
    const known = this.indices.get(name)
    if (known !== undefined) return known
    const index = this.classes.push(this.describe(name)) - 1
    this.indices.set(name, index)
    return index
  }

  private describe(name: string): StorageClassModel {
    const object = this.given.find(({ metadata }) => metadata.name === name)
    const timings = this.storage.classes[name] ?? this.storage.classes['*']
    if (object !== undefined) return describeClass(object, timings, this.storage.classes[name] !== undefined)
    // Volumes of the manifests can have a class that is nothing but a name; other claims are provisioned for.
    const provisions = name !== '' && !this.ofVolumes.has(name)
    return {
      name,
      provisions,
      waitsForConsumer: provisions,
      attachable: timings.attachRequired ?? true,
      topology: timings.topology ?? 'zone',
      allowed: undefined,
      timings,
    }
  }
}

/** The name of the class that is assumed for claims that name none. */
const ASSUMED_CLASS = 'standard'

function describeClass(object: StorageClass, timings: StorageTimings, named: boolean): StorageClassModel {
  const { provisioner } = object
  const onNode = ON_NODE.includes(provisioner)
  const attachable = timings.attachRequired ?? !(onNode || UNATTACHED.includes(provisioner))
  const terms = (object.allowedTopologies ?? []).map(({ matchLabelExpressions }) => ({
    labels: (matchLabelExpressions ?? []).map(({ key, values }) => ({ key, operator: 'In', values })),
    fields: [],
  }))
  const topology: DiskTopology = onNode ? 'node' : attachable ? 'zone' : 'none'
  return {
    name: object.metadata.name,
    provisions: provisioner !== 'kubernetes.io/no-provisioner',
    waitsForConsumer: object.volumeBindingMode === 'WaitForFirstConsumer',
    attachable,
    topology: timings.topology ?? topology,
    allowed: terms.length === 0 ? undefined : terms,
    // Directories and shares are there at once, unless the scenario has a word for this class.
    timings: attachable || named ? timings : { ...timings, ...AT_ONCE },
  }
}

const NOTHING = { type: 'fixed', us: 0 } as const

/** Volumes that nobody attaches: nothing to wait for. */
const AT_ONCE = {
  provision: NOTHING,
  attach: NOTHING,
  detach: NOTHING,
  mount: NOTHING,
  format: NOTHING,
  unmount: NOTHING,
  attachFails: 0,
}
