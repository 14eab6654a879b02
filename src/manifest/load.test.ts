import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError, formatProblem } from '../base/errors.ts'
import { loadManifests } from './load.ts'

const fixture = (file: string) => ({ file, text: readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8') })
const source = (text: string, file = 'f.yaml') => ({ file, text })

/** Every problem as it would be printed, whether thrown or returned. */
function problemsOf(...sources: { file: string; text: string }[]): string[] {
  try {
    return loadManifests(sources).problems.map(formatProblem)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(formatProblem)
    throw error
  }
}

describe('manifests as they are found in the wild', () => {
  it('reads what Helm renders: objects out, warnings for the rest', () => {
    const { objects, raw, problems } = loadManifests([fixture('helm-chart.yaml')])
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Service',
      'Deployment',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
    ])
    expect(raw.map(({ kind }) => kind)).toEqual(objects.map(({ kind }) => kind))
    expect(raw[1]?.value).not.toHaveProperty('spec.progressDeadlineSeconds')
    expect(objects[1]).toHaveProperty('spec.progressDeadlineSeconds', 600)
    expect(problems.map(formatProblem)).toEqual([
      'helm-chart.yaml:3:1  warning  ServiceAccount/release-name-checkout  ServiceAccount is not modelled; the document is ignored',
      'helm-chart.yaml:16:1  warning  ConfigMap/release-name-checkout  ConfigMap is not modelled; the document is ignored',
      'helm-chart.yaml:47:1  warning  Deployment/release-name-checkout  not modelled, so without effect: spec.template.spec.securityContext, spec.template.spec.containers[].securityContext, spec.template.spec.containers[].envFrom',
      'helm-chart.yaml:178:1  warning  Ingress/release-name-checkout  Ingress is not modelled; the document is ignored',
      'helm-chart.yaml:199:1  warning  Pod/release-name-checkout-test-connection  is a Helm hook (test), not part of the release; the document is ignored',
      'helm-chart.yaml:214:1  warning  ServiceMonitor/release-name-checkout  ServiceMonitor is not modelled; the document is ignored',
    ])
  })

  it('reads a StatefulSet with claims, a DaemonSet, a Job and a CronJob', () => {
    const { objects, problems } = loadManifests(['statefulset.yaml', 'daemonset.yaml', 'jobs.yaml'].map(fixture))
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'Service default/postgres',
      'StatefulSet data/postgres',
      'DaemonSet monitoring/node-exporter',
      'Job default/reindex',
      'CronJob default/backup',
    ])
    expect(problems.map(formatProblem)).toEqual([
      'daemonset.yaml:1:1  warning  DaemonSet/node-exporter  not modelled, so without effect: spec.template.spec.hostNetwork, spec.template.spec.hostPID',
    ])
  })
})

describe('errors', () => {
  it('come all at once, each with its place', () => {
    expect(problemsOf(fixture('broken.yaml'))).toEqual([
      'broken.yaml:7:3  error  Deployment/checkout  unknown field "spec.repplicas" (did you mean "spec.replicas"?)',
      'broken.yaml:8:13  error  Deployment/checkout  spec.replicas: expected integer, got string "3"; write it without quotes',
      'broken.yaml:13:38  error  Deployment/checkout  spec.strategy.rollingUpdate.maxUnavailable: expected integer or percentage, got 1.5',
      'broken.yaml:22:1  warning  ConfigMap/settings  ConfigMap is not modelled; the document is ignored',
      'broken.yaml:31:28  error  Deployment/cart  spec.progressDeadlineSeconds: Invalid value: 30: must be greater than minReadySeconds; write at least 31, or lower minReadySeconds',
      'broken.yaml:38:23  error  Deployment/cart  spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0; set maxSurge or maxUnavailable to 1 or more',
      'broken.yaml:41:7  error  Deployment/cart  spec.template.metadata.labels: Invalid value: {"app":"card"}: `selector` does not match template `labels`; give the template the labels {"app":"cart"}',
      'broken.yaml:47:30  error  Deployment/cart  spec.template.spec.containers[0].resources.requests[cpu]: Invalid value: "2": must be less than or equal to cpu limit of 500m',
    ])
  })

  it.each([
    ['', 'f.yaml  error  holds no Kubernetes object'],
    ['# only a comment\n---\n', 'f.yaml  error  holds no Kubernetes object'],
    [
      'apiVersion: v1\nkind: Deployment\n',
      'f.yaml:2:1  error  Deployment  no matches for kind "Deployment" in version "v1" (did you mean apiVersion: apps/v1?)',
    ],
    [
      'apiVersion: extensions/v1beta1\nkind: Deployment\n',
      'f.yaml:2:1  error  Deployment  no matches for kind "Deployment" in version "extensions/v1beta1" (did you mean apiVersion: apps/v1?)',
    ],
    [
      'apiVersion: batch/v1beta1\nkind: CronJob\n',
      'f.yaml:2:1  error  CronJob  no matches for kind "CronJob" in version "batch/v1beta1" (did you mean apiVersion: batch/v1?)',
    ],
    [
      'apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: x}\n',
      'f.yaml:2:1  error  Deploymnet/x  no matches for kind "Deploymnet" in version "apps/v1" (did you mean kind: Deployment?)',
    ],
  ])('%j', (text, problem) => {
    expect(problemsOf(source(text))).toEqual([problem])
  })

  it('leaves kinds of foreign groups alone, whatever they are called', () => {
    const text = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {template: {}}\n'
    expect(problemsOf(source(text))).toEqual([
      'f.yaml:1:1  warning  Service/x  Service is not modelled; the document is ignored',
    ])
  })

  it('refuses one object given twice, in whatever file, but not in two namespaces', () => {
    const claim = (namespace: string) =>
      `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x${namespace}}\nspec: {minAvailable: 1}\n`
    expect(problemsOf(source(claim(''), 'a.yaml'), source(claim(', namespace: default'), 'b.yaml'))).toEqual([
      'b.yaml:1:1  error  PodDisruptionBudget/x  is already given at a.yaml:1; keep one of the two, or give them different names',
    ])
    expect(problemsOf(source(claim('')), source(claim(', namespace: other')))).toEqual([])
  })

  it('judges every file before it gives up', () => {
    const found = problemsOf(source('a: [', 'a.yaml'), source('kind: Pod\n', 'b.yaml'), fixture('broken.yaml'))
    expect(new Set(found.map((text) => text.split(':', 1)[0]))).toEqual(new Set(['a.yaml', 'b.yaml', 'broken.yaml']))
  })
})

describe('damaged input', () => {
  const texts = ['helm-chart.yaml', 'statefulset.yaml', 'jobs.yaml'].map((file) => fixture(file).text)
  const damage = fc.constantFrom(
    ':',
    '-',
    '\n',
    '[',
    '}',
    '"',
    '&a ',
    '*a ',
    '<<: ',
    '\t',
    '? ',
    '!!x ',
    '|',
    '#',
    '5',
    'null',
  )
  const cuts = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), damage), { maxLength: 5 })

  it('is refused or read, but never crashes the program', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, (text, places) => {
        const damaged = places.reduce((rest, [at, piece]) => {
          const place = Math.floor(at * rest.length)
          return rest.slice(0, place) + piece + rest.slice(place + 1)
        }, text)
        for (const problem of problemsOf(source(damaged))) expect(problem).not.toMatch(/undefined|\[object/)
      }),
    )
  })
})

describe('Kubernetes versions', () => {
  const budget = source('apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\n')

  it('warns that another version is simulated as 1.36', () => {
    expect(loadManifests([budget], { kubernetes: '1.36' }).problems).toEqual([])
    expect(loadManifests([budget], { kubernetes: '1.33' }).problems.map(formatProblem)).toEqual([
      'warning  Kubernetes 1.33: manifests are checked against its schema, but simulated as 1.36',
    ])
  })

  it('refuses a version it does not know', () => {
    expect(() => loadManifests([budget], { kubernetes: '1.20' })).toThrow(
      'unknown Kubernetes version "1.20"; write one of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, 1.37',
    )
  })
})
