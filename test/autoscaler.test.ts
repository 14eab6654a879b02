// An autoscaler with a load that the test spreads evenly over the ready pods: each step can be worked out with a pencil.

import { describe, expect, test } from 'vitest'
import { setLoad } from '../src/cluster/applicationWrites.ts'
import { NONE } from '../src/base/columns.ts'
import { Player } from '../src/engine/engine.ts'
import { applyDefaults } from '../src/manifest/defaults.ts'
import type { JsonObject } from '../src/manifest/types.ts'
import { compileModel } from '../src/model/compile.ts'
import type { DeploymentId } from '../src/model/types.ts'
import type { Step } from '../src/scenario/types.ts'
import { seconds, simpleScenario } from './scenarios.ts'

const second = 1_000_000
const row = 0 as DeploymentId

interface Scaled {
  readonly atSeconds: number
  readonly replicas: number
}

/**
 * Plays 600 s of warm-up and 900 s of timeline with a load by time, or with the traffic of clients; 5 millicores a request
 * of 500 requested.
 */
function play(
  load: ((atSeconds: number) => number) | undefined,
  spec: JsonObject,
  timeline: readonly Step[] = [],
  pods = 4,
  sidecars: readonly JsonObject[] = [],
  cpuPerRequest: Readonly<Record<string, number>> = { '*': 5 },
): Scaled[] {
  const scenario = simpleScenario({
    replicas: pods,
    requestsPerSecond: load === undefined ? 500 : 0,
    horizonSeconds: 900,
    timeline,
  })
  const hpa: JsonObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, ...spec },
  }
  const deployment = structuredClone(scenario.arms[0].rawObjects[0]) as {
    spec: { template: { spec: { containers: JsonObject[] } } }
  }
  deployment.spec.template.spec.containers[0]['resources'] = { requests: { cpu: '500m' } }
  deployment.spec.template.spec.containers.push(...sidecars)
  const objects = [deployment as unknown as JsonObject, hpa]
  const arm = {
    ...scenario.arms[0],
    rawObjects: objects,
    objects: objects.map((raw) => applyDefaults(structuredClone(raw))),
  }
  const timings = { '*': { ...scenario.timings['*'], start: seconds(1), ready: seconds(1) } }
  const applications = Object.fromEntries(
    Object.entries(cpuPerRequest).map(([name, millis]) => [name, { cpuPerRequest: millis }]),
  )
  const model = compileModel({ ...scenario, timings, applications, arms: [arm] }, arm)
  const scaled: Scaled[] = []
  const player: Player = new Player(model, () => {
    const { cluster } = player.machine
    const { deployments, nowUs, pods } = cluster
    const atSeconds = (nowUs - model.zeroUs) / second
    const replicas = deployments.replicas[row]
    if (deployments.exists[row] === 1 && scaled.at(-1)?.replicas !== replicas) scaled.push({ atSeconds, replicas })
    if (load === undefined) return
    const ready = deployments.readyPods[row]
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
      setLoad(cluster, pod, pods.ready[pod] === 1 && pods.deletionMark[pod] === 0 ? load(atSeconds) / ready : 0)
  })
  player.run(1)
  return scaled
}

const cpu = (averageUtilization: number): JsonObject => ({
  minReplicas: 2,
  maxReplicas: 20,
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }],
})

describe('an autoscaler', () => {
  test('scales up by at most the double at a time, until the target is met', () => {
    // 500 x 5m on 4 pods of 500m are 125 %, on 8 pods 62 %, on 10 pods 50 %: 4, 8, ceil(1.24 x 8) = 10.
    const replicas = play(() => 500, cpu(50)).map((each) => each.replicas)
    expect(replicas).toEqual([4, 8, 10])
  })

  test('leaves alone what is within a tenth of the target', () => {
    expect(play(() => 215, cpu(50)).map((each) => each.replicas)).toEqual([4])
  })

  test('with a tolerance of its own that is smaller, it goes on to the target', () => {
    const behavior = { scaleUp: { tolerance: '0.05' }, scaleDown: { tolerance: 0 } }
    // 8 pods at 313m of 500m, 62 %: ceil(1.24 x 8) = 10. 9 pods would be at 55 %, which is 1.1 times the target.
    expect(play(() => 500, { ...cpu(50), behavior }, [], 9).map((each) => each.replicas)).toEqual([9, 10])
    expect(play(() => 500, cpu(50), [], 9).map((each) => each.replicas)).toEqual([9])
  })

  test('does nothing while a container of its pods requests no CPU', () => {
    const sidecar = { name: 'log', image: 'log:v1' }
    expect(play(() => 500, cpu(50), [], 4, [sidecar]).map((each) => each.replicas)).toEqual([4])
    const asking = { ...sidecar, resources: { requests: { cpu: '500m' } } }
    // 625m of 1000m are 62 %.
    expect(play(() => 500, cpu(50), [], 4, [asking]).map((each) => each.replicas)).toEqual([4, 5])
  })

  test('by its rules: no more than the policies allow in a period', () => {
    const behavior = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } }
    const scaled = play(() => 500, { ...cpu(50), behavior })
    // 9 pods are at 278m of 500m, 55 %: 1.1 times the target, and just within.
    expect(scaled.map((each) => each.replicas)).toEqual([4, 5, 6, 7, 8, 9])
    for (let i = 2; i < scaled.length; i++)
      expect(scaled[i].atSeconds - scaled[i - 1].atSeconds).toBeGreaterThanOrEqual(60)
  })

  test('keeps its replicas through a release: a patch of the image does not write them', () => {
    const release: Step = {
      atUs: 60 * second,
      op: 'setImage',
      workload: { kind: 'Deployment', name: 'web' },
      container: 'app',
      image: 'web:v2',
    }
    expect(play(() => 500, cpu(50), [release]).at(-1)?.replicas).toBe(10)
  })
})

describe('an autoscaler in the traffic of a service', () => {
  const image = (atSeconds: number, name: string): Step => ({
    atUs: atSeconds * second,
    op: 'setImage',
    workload: { kind: 'Deployment', name: 'web' },
    container: 'app',
    image: name,
  })
  // 500 requests a second. On 10 pods of web:v1, 5m a request, 50 % of 500m; with web:v2, 10m a request, 100 %.
  const cpuPerRequest = { 'web:v1': 5, 'web:v2': 10 }

  test('gives a release that needs more CPU its pods, and takes them back 300 s after it is undone', () => {
    const spec = { ...cpu(60), minReplicas: 10 }
    const scaled = play(undefined, spec, [image(100, 'web:v2'), image(300, 'web:v1')], 10, [], cpuPerRequest)
    const peak = Math.ceil((100 / 60) * 10)
    // On 17 pods web:v2 is at 295m, 59 %: 0.98 of the target, and it stays. web:v1 would ask for ceil(29 / 60 x 17) = 9.
    expect(scaled[0].replicas).toBe(10)
    expect(Math.max(...scaled.map((each) => each.replicas))).toBe(peak)
    expect(scaled.at(-1)?.replicas).toBe(10)
    const up = scaled[1]
    const down = scaled.at(-1) as Scaled
    expect(up.atSeconds).toBeGreaterThan(100)
    expect(up.atSeconds).toBeLessThanOrEqual(100 + 4 * 15)
    // The last 17 is asked for before, or at the latest two windows after, the undo.
    expect(down.atSeconds).toBeGreaterThanOrEqual(300 + 300 - 15)
    expect(down.atSeconds).toBeLessThanOrEqual(300 + 300 + 3 * 15)
    // All syncs are 15 s apart.
    for (const { atSeconds } of scaled.slice(2)) expect((atSeconds - up.atSeconds) % 15).toBeCloseTo(0, 9)
  })
})
