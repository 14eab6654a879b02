// The vendored OpenAPI definitions of Kubernetes, by version.

import { otherVersions } from './schemas/otherVersions.ts'
import { referenceDefinitions, referenceVersion } from './schemas/referenceVersion.ts'

export { referenceVersion } from './schemas/referenceVersion.ts'

/** The part of JSON Schema that the definitions use. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
}

export type Definitions = Readonly<Record<string, Schema>>

/** Kubernetes versions whose schemas we have, in ascending order. */
export const knownVersions: readonly string[] = [...Object.keys(otherVersions), referenceVersion].sort((a, b) =>
  a < b ? -1 : 1,
)

const loaded = new Map<string, Definitions>()

/** The definitions of a Kubernetes version, such as `1.36`; it must be one of `knownVersions`. */
export function definitionsOf(version: string): Definitions {
  const known = loaded.get(version)
  if (known !== undefined) return known
  const reference = JSON.parse(referenceDefinitions) as Definitions
  const changes = JSON.parse(otherVersions[version] ?? '{}') as Record<string, Schema | null>
  const entries = Object.entries({ ...reference, ...changes }).filter((entry) => entry[1] !== null)
  const definitions = Object.fromEntries(entries) as Definitions
  loaded.set(version, definitions)
  return definitions
}

const definitionPrefix = '#/$defs/'

/** Follows a reference to a definition. Siblings of the reference are about the field, not about its type. */
export function resolveSchema(definitions: Definitions, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (definitions[schema.$ref.slice(definitionPrefix.length)] ?? {})
}

/** Name of the definition of a kind: `apps/v1` Deployment is `apps.v1.Deployment`, `v1` Pod is `core.v1.Pod`. */
export function definitionName(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return `core.${apiVersion}.${kind}`
  // Kubernetes' own groups are named there without their domain: `storage.k8s.io/v1` is storage.v1.
  return `${apiVersion.slice(0, slash).replace(/\.k8s\.io$/, '')}.${apiVersion.slice(slash + 1)}.${kind}`
}
