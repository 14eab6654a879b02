import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { setPath } from './patch.ts'
import type { Json, JsonObject } from './types.ts'
import { validateObject } from './validate.ts'

interface Recorded {
  readonly source: string
  readonly bases: Readonly<Record<string, JsonObject>>
  readonly rows: readonly { kind: string; path: string; value: Json; errors: readonly string[] }[]
}

const recorded = JSON.parse(readFileSync(new URL('fixtures/apiServerRules.json', import.meta.url), 'utf8')) as Recorded

/** Where we say more than the API server: the label at fault, the strategy's type, the field `requests` really has. */
function plain(message: string): string {
  return message
    .replace(/^([^:]*(?:labels|annotations|matchLabels|nodeSelector|requests|limits))(?:\[[^:]*?\]|\.[^:]*?): /, '$1: ')
    .replace('template.labels', 'template.metadata.labels')
    .replace('template.annotations', 'template.metadata.annotations')
    .replace('resources[storage]', 'resources.requests')
    .replace('metadata.taints', 'spec.taints')
    .replace(/^status\.allocatable[.[]\w+\]?/, 'status.allocatable')
}

/** Second messages of the API server about what another message already says. */
const repeated = [
  /: invalid label selector$/,
  /^spec\.selector: Invalid value: .*\}$/,
  /must be a standard resource type or fully qualified/,
  /topologyKey: Invalid value: "": name part/,
  /`selector` does not match template `labels`/,
]

/** Values that the API server prints in its internal form, or not at all. */
const shown =
  /Invalid value: (\{.*?\}(?=: |$)|\[.*?\](?=: |$))|Invalid value(?=: specifying)|(Unsupported|Duplicate) value: \{.*?\}/

const messagesOf = (object: JsonObject) =>
  validateObject(object).problems.map(({ path, message }) =>
    plain(`${path === undefined ? '' : `${path}: `}${message}`),
  )

describe("the API server's rules", () => {
  it.each(Object.entries(recorded.bases))('accepts the %s that the rows start from', (_kind, base) => {
    expect(messagesOf(base)).toEqual([])
  })

  const unlike = recorded.rows.flatMap((row) => {
    const base = recorded.bases[row.kind] ?? {}
    return [{ ...row, found: messagesOf(setPath(base, row.path, row.value)) }]
  })

  it(`accepts and refuses the same of ${recorded.rows.length} objects`, () => {
    expect(recorded.rows.length).toBeGreaterThan(600)
    expect(unlike.filter(({ errors, found }) => (errors.length === 0) !== (found.length === 0))).toEqual([])
  })

  it('says so in the same words', () => {
    const missing = unlike.flatMap(({ kind, path, value, errors, found }) =>
      errors
        .map(plain)
        .filter((error) => !repeated.some((pattern) => pattern.test(error)))
        .filter((error) => {
          const text = error.replace(shown, '')
          const field = text.split(':', 1)[0] ?? ''
          const words = text.slice(field.length).replace(/^[:\s]+/, '')
          return !found.some((message) => message.startsWith(field) && message.includes(words))
        })
        .map((error) => ({ kind, path, value, error, found })),
    )
    expect(missing.map(({ error }) => error)).toEqual([
      // Lt and Gt are listed by the server although it refuses them.
      'spec.template.spec.tolerations[0].operator: Unsupported value: "Lt": supported values: "Equal", "Exists", "Lt", "Gt"',
    ])
  })
})

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'x' }] } }
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { selector: { matchLabels: { app: 'a' } }, template },
}
const faultsOf = (changes: Readonly<Record<string, Json>>, base: JsonObject = deployment) =>
  messagesOf(Object.entries(changes).reduce<JsonObject>((object, [path, value]) => setPath(object, path, value), base))

describe('structural faults', () => {
  it.each([
    ['spec.repplicas', 3, 'unknown field "spec.repplicas" (did you mean "spec.replicas"?)'],
    ['spec.Replicas', 3, 'unknown field "spec.Replicas" (did you mean "spec.replicas"?)'],
    ['spec.containers', [], 'unknown field "spec.containers" (did you mean "spec.template.spec.containers"?)'],
    ['spec.maxSurge', 1, 'unknown field "spec.maxSurge" (did you mean "spec.strategy.rollingUpdate.maxSurge"?)'],
    ['spec.qqq', 1, 'unknown field "spec.qqq"; remove it'],
    ['replicas', 1, 'unknown field "replicas" (did you mean "spec.replicas"?)'],
    ['spec.replicas', '3', 'spec.replicas: expected integer, got string "3"; write it without quotes'],
    ['spec.replicas', 1.5, 'spec.replicas: expected integer, got 1.5'],
    ['spec.replicas', 3e9, 'spec.replicas: expected integer, got integer 3000000000; it does not fit 32 bits'],
    ['spec.paused', 'yes', 'spec.paused: expected boolean, got string "yes"; write true or false without quotes'],
    [
      'spec.strategy.rollingUpdate.maxSurge',
      1.5,
      'spec.strategy.rollingUpdate.maxSurge: expected integer or percentage, got 1.5',
    ],
    ['metadata.labels.a', true, 'metadata.labels: expected string, got boolean true; write it in quotes'],
    [
      'spec.template.spec.containers',
      { name: 'c' },
      'spec.template.spec.containers: expected a list, got a mapping; begin each entry with "- "',
    ],
    [
      'spec.template.spec.containers[0].resources.limits.memory',
      '1GB',
      'spec.template.spec.containers[0].resources.limits: expected a quantity such as 500m or 1Gi, got string "1GB"; write 1Gi',
    ],
    [
      'spec.template.spec.containers[0].ports',
      [{ name: 'x' }],
      'spec.template.spec.containers[0].ports[0].containerPort: Required value',
    ],
    [
      'spec.template.spec.containers[0].readinessProbe',
      { tcpSocket: { port: true } },
      'spec.template.spec.containers[0].readinessProbe.tcpSocket.port: expected integer or port name, got boolean true',
    ],
    ['spec.template.spec.tolerations', [null], 'spec.template.spec.tolerations[0]: expected a mapping, got nothing'],
    ['spec.template', 'x', 'spec.template: expected a mapping, got string "x"'],
  ] as const)('%s: %j', (path, value, message) => {
    expect(faultsOf({ [path]: value as Json })).toEqual([message])
  })

  it('names what is missing', () => {
    expect(messagesOf({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual([
      'spec.selector: Required value',
      'spec.template: Required value',
      'metadata.name: Required value: name or generateName is required',
    ])
  })

  it('judges the rest of an object whose structure is wrong', () => {
    const found = faultsOf({
      'spec.replicas': '3',
      'spec.minReadySeconds': -1,
      'spec.template.spec.containers[0].image': 5,
    })
    expect(found).toEqual([
      'spec.replicas: expected integer, got string "3"; write it without quotes',
      'spec.template.spec.containers[0].image: expected string, got integer 5; write it in quotes',
      'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
    ])
  })

  it('takes null as absent, and as empty among labels', () => {
    expect(faultsOf({ 'spec.replicas': null, 'spec.strategy': null, 'metadata.labels.a': null })).toEqual([])
  })

  it('lets no prototype name pass for a field', () => {
    expect(faultsOf({ 'spec.constructor': 1 })).toEqual(['unknown field "spec.constructor"; remove it'])
  })
})

describe('remedies', () => {
  it.each([
    [
      { 'spec.strategy.rollingUpdate': { maxSurge: 0, maxUnavailable: 0 } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0; set maxSurge or maxUnavailable to 1 or more',
    ],
    [
      { 'spec.minReadySeconds': 600 },
      'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds; write at least 601, or lower minReadySeconds',
    ],
    [
      { 'spec.strategy': { type: 'Recreate', rollingUpdate: {} } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'; remove it, or write type: RollingUpdate",
    ],
    [
      { 'spec.template.metadata.labels': { app: 'b' } },
      'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`; give the template the labels {"app":"a"}',
    ],
    [
      { 'spec.strategy': { type: 'Foo' } },
      'spec.strategy.type: Unsupported value: "Foo": supported values: "Recreate", "RollingUpdate"',
    ],
  ] as const)('%j', (changes, message) => {
    expect(faultsOf(changes as unknown as Record<string, Json>)).toEqual([message])
  })

  it('explains the default that stands in the way of a surging DaemonSet', () => {
    const daemonSet = { ...deployment, kind: 'DaemonSet' }
    expect(faultsOf({ 'spec.updateStrategy.rollingUpdate.maxSurge': 1 }, daemonSet)).toEqual([
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero; write maxUnavailable: 0 beside it (its default is 1)',
    ])
  })
})

describe('other versions', () => {
  it('uses the schema of the version that is asked for', () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'x' },
      spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
    }
    for (const kubernetes of ['1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37']) {
      expect(validateObject(job, { kubernetes }).problems).toEqual([])
    }
    // stopSignal came with 1.33.
    const stopping = setPath(deployment, 'spec.template.spec.containers[0].lifecycle', { stopSignal: 'SIGUSR1' })
    expect(validateObject(stopping, { kubernetes: '1.36' }).problems).toEqual([])
    expect(validateObject(stopping, { kubernetes: '1.31' }).problems.map(({ message }) => message)).toEqual([
      'unknown field "spec.template.spec.containers[0].lifecycle.stopSignal"; remove it',
    ])
  })
})
