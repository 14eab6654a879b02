import { describe, expect, it } from 'vitest'
import { applyDefaults } from './defaults.ts'
import { admitPod, imageTag, podRequests } from './defaultsPod.ts'
import type { JsonObject, KubeObject, PodSpec } from './types.ts'

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
const selector = { matchLabels: { app: 'a' } }
const of = (kind: string, spec: JsonObject): JsonObject => ({ apiVersion: 'x', kind, metadata: { name: 'x' }, spec })
const withSpec = (object: KubeObject) => object as Exclude<KubeObject, { kind: 'StorageClass' | 'PriorityClass' }>
const specOf = (kind: string, spec: JsonObject) => withSpec(applyDefaults(of(kind, spec))).spec

describe('defaults', () => {
  it('fills in a Deployment', () => {
    expect(applyDefaults(of('Deployment', { selector, template }))).toEqual({
      apiVersion: 'x',
      kind: 'Deployment',
      metadata: { name: 'x', namespace: 'default', labels: {}, annotations: {} },
      spec: {
        replicas: 1,
        minReadySeconds: 0,
        paused: false,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        selector,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          metadata: { labels: { app: 'a' }, annotations: {} },
          spec: {
            containers: [{ name: 'c', image: 'nginx', imagePullPolicy: 'Always', resources: {} }],
            restartPolicy: 'Always',
            terminationGracePeriodSeconds: 30,
            schedulerName: 'default-scheduler',
          },
        },
      },
    })
  })

  it('leaves the given object alone', () => {
    const given = of('Deployment', { selector, template })
    const before = JSON.stringify(given)
    applyDefaults(given)
    expect(JSON.stringify(given)).toBe(before)
  })

  it('gives a Recreate strategy no rolling block', () => {
    expect(specOf('Deployment', { template, strategy: { type: 'Recreate' } })).toMatchObject({
      strategy: { type: 'Recreate' },
    })
    expect(specOf('Deployment', { template, strategy: { type: 'Recreate' } })).not.toHaveProperty(
      'strategy.rollingUpdate',
    )
  })

  it.each([
    [undefined, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }],
    [{}, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }],
    // The trap: the type alone keeps the block absent.
    [{ type: 'RollingUpdate' }, { type: 'RollingUpdate' }],
    [
      { type: 'RollingUpdate', rollingUpdate: {} },
      { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    ],
    [{ rollingUpdate: { partition: 2 } }, { type: 'RollingUpdate', rollingUpdate: { partition: 2 } }],
    [{ type: 'OnDelete' }, { type: 'OnDelete' }],
  ])('defaults the updateStrategy %j of a StatefulSet to %j', (given, wanted) => {
    const spec = specOf('StatefulSet', { template, ...(given === undefined ? {} : { updateStrategy: given }) })
    expect(spec).toHaveProperty('updateStrategy', wanted)
  })

  it('fills in the other kinds', () => {
    expect(specOf('StatefulSet', { template })).toMatchObject({
      podManagementPolicy: 'OrderedReady',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      revisionHistoryLimit: 10,
    })
    expect(specOf('DaemonSet', { template })).toMatchObject({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    })
    expect(specOf('CronJob', { schedule: '* * * * *', jobTemplate: { spec: { template } } })).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { completions: 1, parallelism: 1, backoffLimit: 6 } },
    })
    expect(specOf('Service', { ports: [{ port: 80 }] })).toMatchObject({
      type: 'ClusterIP',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    })
    expect(applyDefaults({ ...of('Node', {}), status: { capacity: { cpu: 4 } } })).toMatchObject({
      metadata: { namespace: '' },
      status: { allocatable: { cpu: 4 } },
    })
  })

  it.each([
    [{}, { completions: 1, parallelism: 1, backoffLimit: 6, podReplacementPolicy: 'TerminatingOrFailed' }],
    [{ completions: 3 }, { completions: 3, parallelism: 1 }],
    [{ backoffLimitPerIndex: 1 }, { backoffLimit: 2 ** 31 - 1 }],
    [{ podFailurePolicy: { rules: [] } }, { podReplacementPolicy: 'Failed' }],
  ])('defaults the Job %j to %j', (given, wanted) => {
    expect(specOf('Job', { template, ...given })).toMatchObject(wanted)
  })

  it('leaves completions open where parallelism alone is given', () => {
    expect(specOf('Job', { template, parallelism: 2 })).not.toHaveProperty('completions')
  })

  it('copies template labels to Jobs and ReplicationControllers without any', () => {
    expect(applyDefaults(of('Job', { template })).metadata.labels).toEqual({ app: 'a' })
    const controller = withSpec(applyDefaults(of('ReplicationController', { template })))
    expect(controller.spec).toMatchObject({ selector: { app: 'a' } })
  })

  it('fills in probes and hooks', () => {
    const container = {
      name: 'c',
      image: 'x:1',
      readinessProbe: { httpGet: { port: 80 }, periodSeconds: 0 },
      lifecycle: { preStop: { httpGet: { port: 80 } } },
    }
    expect(specOf('Pod', { containers: [container] })).toMatchObject({
      containers: [
        {
          imagePullPolicy: 'IfNotPresent',
          readinessProbe: {
            initialDelaySeconds: 0,
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
            httpGet: { path: '/', scheme: 'HTTP' },
          },
          lifecycle: { preStop: { httpGet: { path: '/', scheme: 'HTTP' } } },
        },
      ],
    })
  })

  it.each([
    ['nginx', 'latest'],
    ['nginx:latest', 'latest'],
    ['nginx:1.27', '1.27'],
    ['localhost:5000/nginx', 'latest'],
    ['localhost:5000/nginx:1', '1'],
    ['nginx@sha256:abc', ''],
    ['nginx:latest@sha256:abc', 'latest'],
  ])('reads the tag of %s as "%s"', (image, tag) => {
    expect(imageTag(image)).toBe(tag)
  })
})

describe('admission of a pod', () => {
  const podSpec = (changes: JsonObject): PodSpec =>
    specOf('Pod', { containers: [{ name: 'c', image: 'x' }], ...changes }) as PodSpec

  it('adds the two tolerations of 300 seconds', () => {
    expect(admitPod(podSpec({})).tolerations).toEqual([
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ])
  })

  it.each([
    [{ operator: 'Exists' }, 0],
    [{ operator: 'Exists', effect: 'NoExecute' }, 0],
    [{ operator: 'Exists', effect: 'NoSchedule' }, 2],
    [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }, 1],
    [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }, 1],
    [{ key: 'other', operator: 'Exists' }, 2],
  ])('beside %j it adds %i', (toleration, added) => {
    expect(admitPod(podSpec({ tolerations: [toleration] })).tolerations).toHaveLength(1 + added)
  })

  it('takes requests from limits, container by container', () => {
    const containers = [
      { name: 'a', image: 'x', resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '100m' } } },
      { name: 'b', image: 'x', resources: { requests: { memory: '1Mi' } } },
    ]
    expect(podRequests(podSpec({ containers }))).toEqual({ cpuMillis: 100, memoryBytes: 2 ** 30 + 2 ** 20 })
  })

  it('counts the largest init container, and sidecars beside everything', () => {
    const cpu = (value: string) => ({ resources: { requests: { cpu: value } } })
    const containers = [{ name: 'a', image: 'x', ...cpu('200m') }]
    const initContainers = [
      { name: 'i', image: 'x', ...cpu('300m') },
      { name: 's', image: 'x', restartPolicy: 'Always', ...cpu('50m') },
      { name: 'j', image: 'x', ...cpu('400m') },
    ]
    expect(podRequests(podSpec({ containers, initContainers })).cpuMillis).toBe(450)
    expect(podRequests(podSpec({ containers, initContainers: initContainers.slice(1, 2) })).cpuMillis).toBe(250)
  })
})
