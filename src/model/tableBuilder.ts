// Gives rows to images, templates and objects while the arm is compiled.

import { NONE, type Row } from '../base/columns.ts'
import { InputError } from '../base/errors.ts'
import type { KubeObject, PodTemplateSpec } from '../manifest/types.ts'
import { canonicalJson } from '../scenario/hash.ts'
import { IDEAL_KUBELET } from '../scenario/kubeletSettings.ts'
import type {
  ApplicationSpec,
  DurationSpec,
  ImageSettings,
  ImageTimings,
  Scenario,
  WorkloadRef,
} from '../scenario/types.ts'
import { COMPILERS } from './kinds.ts'
import { compileTemplate } from './template.ts'
import {
  type CompiledSpec,
  type ImageId,
  type ImageModel,
  Kind,
  type KindName,
  type ObjectTables,
  type TemplateId,
  type TemplateModel,
  type TimelessAction,
} from './types.ts'

/** A row that an object has, and whether the object exists at this point of the timeline. */
export interface KnownObject {
  readonly kind: Kind
  readonly row: number
  readonly exists: boolean
}

interface Entry {
  readonly kind: Kind
  readonly row: number
  exists: boolean
  /** Template of each of its specs; NONE where a spec has none. */
  readonly templates: TemplateId[]
}

export class TableBuilder implements ObjectTables {
  readonly images: ImageModel[] = []
  readonly templates: TemplateModel[] = []
  readonly changeCauses: string[] = []
  readonly objects: { name: string; specs: CompiledSpec[]; hasFinalizers: boolean[] }[][] = Object.values(Kind).map(
    () => [],
  )
  readonly horizonUs: number
  /** How long requests take, by the word of the first stream that says so. */
  readonly requestTime: DurationSpec | undefined
  private readonly scenario: Scenario
  private readonly imageIds = new Map<string, ImageId>()
  private readonly templateIds = new Map<string, TemplateId>()
  private readonly entries = new Map<string, Entry>()

  /** @param horizonUs the engine's last instant */
  constructor(scenario: Scenario, horizonUs: number) {
    this.scenario = scenario
    this.requestTime = scenario.traffic.find(({ duration }) => duration !== undefined && takesTime(duration))?.duration
    this.horizonUs = horizonUs
  }

  find(ref: WorkloadRef): KnownObject | undefined {
    return this.entries.get(`${ref.kind}/${ref.name}`)
  }

  /** Workloads that own pods, in the order of their creation. */
  workloads(): WorkloadRef[] {
    return [...this.entries].flatMap(([key, entry]) => {
      if (!MEASURED_KINDS.includes(entry.kind)) return []
      const slash = key.indexOf('/')
      return [{ kind: key.slice(0, slash), name: key.slice(slash + 1) }]
    })
  }

  /** The template of each spec that an object has had, in order. */
  templatesOf(ref: WorkloadRef): readonly TemplateId[] {
    return this.entries.get(`${ref.kind}/${ref.name}`)?.templates ?? []
  }

  /** The action that creates an object; a kind without a table creates nothing. */
  create(object: KubeObject): TimelessAction {
    const key = `${object.kind}/${object.metadata.name}`
    const known = this.entries.get(key)
    if (known !== undefined) {
      known.exists = true
      return { type: 'applySpec', kind: known.kind, row: known.row, spec: this.addSpec(known, object) }
    }
    const kind = Kind[object.kind as KindName] ?? Kind.None
    if (COMPILERS[kind] === undefined) return { type: 'create', kind: Kind.None, row: NONE }
    const row = this.objects[kind].push({ name: object.metadata.name, specs: [], hasFinalizers: [] }) - 1
    const entry: Entry = { kind, row, exists: true, templates: [] }
    this.entries.set(key, entry)
    return { type: 'applySpec', kind, row, spec: this.addSpec(entry, object) }
  }

  /** Notes a deletion; later steps may create the object again. */
  remove(ref: WorkloadRef): KnownObject | undefined {
    const entry = this.entries.get(`${ref.kind}/${ref.name}`)
    if (entry === undefined) return undefined
    entry.exists = false
    return { ...entry }
  }

  /** Compiles the object's next spec and returns its index among the row's specs. */
  addSpec(known: KnownObject, object: KubeObject): number {
    const spec = COMPILERS[known.kind]!(object, this)
    this.entries.get(`${object.kind}/${object.metadata.name}`)?.templates.push(spec.template)
    const row = this.objects[known.kind][known.row]
    row.hasFinalizers.push((object.metadata.finalizers ?? []).length > 0)
    return row.specs.push(spec) - 1
  }

  /** The id of an image, with the timings that the scenario gives it. */
  imageId(name: string): ImageId {
    const known = this.imageIds.get(name)
    if (known !== undefined) return known
    const id = (this.images.push({ name, timings: this.timingsOf(name), settings: this.settingsOf(name) }) -
      1) as ImageId
    this.imageIds.set(name, id)
    return id
  }

  /** How the application of an image behaves; undefined where the scenario says nothing. */
  applicationOf(image: string): ApplicationSpec | undefined {
    const { applications } = this.scenario
    return applications?.[image] ?? applications?.['*']
  }

  /** Whether the scenario has timings for this image by name. */
  isTimed(image: string): boolean {
    return this.scenario.timings[image] !== undefined
  }

  private timingsOf(image: string): ImageTimings {
    const { timings: all } = this.scenario
    const timings = all[image] ?? all[tagOf(image)] ?? all['*']
    if (timings === undefined)
      throw new InputError([{ severity: 'error', message: `there are no timings for image ${image}` }])
    return timings
  }

  private settingsOf(image: string): ImageSettings {
    const { images } = this.scenario.kubeletSettings ?? IDEAL_KUBELET
    return images[image] ?? images[tagOf(image)] ?? images['*']
  }

  /** The id of a template; equal templates have equal ids. */
  templateId(template: PodTemplateSpec): TemplateId {
    const key = canonicalJson(template)
    const known = this.templateIds.get(key)
    if (known !== undefined) return known
    const id = (this.templates.push(compileTemplate(template, this)) - 1) as Row<'Template'>
    this.templateIds.set(key, id)
    return id
  }

  changeCauseId(text: string): number {
    const known = this.changeCauses.indexOf(text)
    return known < 0 ? this.changeCauses.push(text) - 1 : known
  }
}

/** The image of a pushed version: IMAGE of IMAGE#VERSION. */
function tagOf(image: string): string {
  const hash = image.indexOf('#')
  return hash < 0 ? image : image.slice(0, hash)
}

/** Kinds whose rollouts and capacity are measured. */
const MEASURED_KINDS: readonly Kind[] = [
  Kind.Deployment,
  Kind.StatefulSet,
  Kind.DaemonSet,
  Kind.Job,
  Kind.ReplicaSet,
  Kind.ReplicationController,
]

function takesTime(duration: DurationSpec): boolean {
  return duration.type !== 'fixed' || duration.us > 0
}
