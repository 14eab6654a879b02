// Renews the Kubernetes schemas under src/manifest/schemas/ from the PyPI package kubernetes-validate (Apache-2.0),
// which carries the API server's own OpenAPI definitions as strict JSON Schema. Needs python3 with pip:
//
//     node scripts/vendor-schemas.mjs
//
// Kept: the kinds that rollbench reads and what they refer to. Dropped: descriptions, and the status of workloads.
// The reference version is stored whole, the other versions as their differences from it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = 'kubernetes-validate==1.37.0'
const referenceVersion = '1.36'
const otherVersions = ['1.31', '1.32', '1.33', '1.34', '1.35', '1.37']
const kinds = [
  'apps.v1.DaemonSet',
  'apps.v1.Deployment',
  'apps.v1.ReplicaSet',
  'apps.v1.StatefulSet',
  'autoscaling.v1.HorizontalPodAutoscaler',
  'autoscaling.v2.HorizontalPodAutoscaler',
  'batch.v1.CronJob',
  'batch.v1.Job',
  'core.v1.Node',
  'core.v1.PersistentVolume',
  'core.v1.PersistentVolumeClaim',
  'core.v1.Pod',
  'core.v1.ReplicationController',
  'core.v1.Service',
  'policy.v1.PodDisruptionBudget',
  'scheduling.v1.PriorityClass',
  'storage.v1.StorageClass',
]
/** Kinds whose status a manifest may need to state; that of the others is written by controllers and ignored here. */
const kindsWithStatus = new Set(['core.v1.Node'])

const shortName = (name) => name.replace(/^io\.k8s\.(api|apimachinery\.pkg\.(apis|api|util))\./, '')

/** Reduces a schema to what the structural check and the strategic merge read. */
function reduce(schema) {
  if (Array.isArray(schema)) return schema.map(reduce)
  if (schema === null || typeof schema !== 'object') return schema
  const reduced = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' || key === 'default' || key === 'enum') continue
    if (key.startsWith('x-') && !key.startsWith('x-kubernetes-patch-')) continue
    // Nulls are dropped before the check, as the API server treats them as absent.
    if (key === 'type' && Array.isArray(value)) reduced.type = value.find((type) => type !== 'null')
    else if (key === '$ref') reduced.$ref = '#/$defs/' + shortName(value.split('/').pop())
    else if (key === 'properties') reduced.properties = mapValues(value, reduce)
    else reduced[key] = reduce(value)
  }
  return reduced
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
}

const unions = {
  'intstr.IntOrString': { type: ['integer', 'string'], format: 'int-or-string' },
  'resource.Quantity': { type: ['number', 'string'], format: 'quantity' },
}

/** The definitions of one version that the kinds reach, by short name. */
function definitionsOf(folder, version) {
  const file = join(folder, `v${version}.0-local-strict`, '_definitions.json')
  const all = mapValues(
    Object.fromEntries(
      Object.entries(JSON.parse(readFileSync(file, 'utf8')).$defs).map(([name, schema]) => [shortName(name), schema]),
    ),
    reduce,
  )
  for (const kind of kinds) if (!kindsWithStatus.has(kind)) all[kind].properties.status = { type: 'object' }
  all['meta.v1.ObjectMeta'].properties.managedFields = { type: 'array' }
  Object.assign(all, unions)
  const reached = new Map()
  const visit = (name) => {
    if (reached.has(name)) return
    reached.set(name, all[name])
    for (const [, target] of JSON.stringify(all[name]).matchAll(/"#\/\$defs\/([^"]+)"/g)) visit(target)
  }
  for (const kind of kinds) visit(kind)
  return Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What to assign over the reference definitions; null removes one. */
function differences(reference, other) {
  const names = [...new Set([...Object.keys(reference), ...Object.keys(other)])].sort()
  const changed = names.filter((name) => JSON.stringify(reference[name]) !== JSON.stringify(other[name]))
  return Object.fromEntries(changed.map((name) => [name, other[name] ?? null]))
}

/** One definition a line, so that a new version reads as a diff. */
function literal(definitions) {
  const lines = Object.entries(definitions).map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`)
  const text = `{\n${lines.join(',\n')}\n}`
  if (/[`\\]|\$\{/.test(text)) throw new Error('a definition holds a character that a template literal would change')
  return '`' + text + '`'
}

const work = mkdtempSync(join(tmpdir(), 'rollbench-schemas-'))
try {
  execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, source], {
    stdio: 'inherit',
  })
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl'))
  execFileSync('python3', ['-m', 'zipfile', '-e', join(work, wheel), work])
  const folder = join(work, 'kubernetes_validate', 'kubernetes-json-schema')
  const reference = definitionsOf(folder, referenceVersion)
  const origin = `// Generated by scripts/vendor-schemas.mjs from ${source} (Apache-2.0, after the OpenAPI of Kubernetes). Do not edit.\n`
  const target = (name) => fileURLToPath(new URL(`../src/manifest/schemas/${name}`, import.meta.url))
  writeFileSync(
    target('referenceVersion.ts'),
    `${origin}
/** The Kubernetes version that rollbench simulates. */
export const referenceVersion = '${referenceVersion}'

/** Its definitions as JSON text, one a line. */
export const referenceDefinitions = ${literal(reference)}
`,
  )
  const entries = otherVersions.map((version) => {
    const changed = differences(reference, definitionsOf(folder, version))
    return `  '${version}': ${literal(changed)},\n`
  })
  writeFileSync(
    target('otherVersions.ts'),
    `${origin}
/** Other versions as JSON text: the definitions that differ from the reference version; null is one that is absent. */
export const otherVersions: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`,
  )
} finally {
  rmSync(work, { recursive: true, force: true })
}
