// The real kubelet, one mechanism at a time, in the profile without delays: every time can be worked out with a pencil.
// A pod is created, bound and seen at once; its volumes are mounted at the second look, 0.3 s later.

import { describe, expect, test } from 'vitest'
import { AppState } from '../src/cluster/applications.ts'
import { setApplication } from '../src/cluster/applicationWrites.ts'
import { EventKind, nameOf, PodChange, PodPhase, Rank } from '../src/cluster/codes.ts'
import type { PodId } from '../src/cluster/pods.ts'
import { Player } from '../src/engine/engine.ts'
import { CREATED_AT_US, compileModel } from '../src/model/compile.ts'
import { IDEAL_KUBELET } from '../src/scenario/kubeletSettings.ts'
import type { DurationSpec, ImageSettings, Step } from '../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from './scenarios.ts'

const list = (...values: number[]): DurationSpec => ({ type: 'list', entriesUs: values.map((value) => value * 1e6) })

/** Image settings beside the ideal ones. */
function images(settings: Record<string, Partial<ImageSettings>>): { images: Record<string, ImageSettings> } {
  const plain = IDEAL_KUBELET.images['*']
  const entries = Object.entries(settings).map(([image, own]) => [image, { ...plain, ...own }] as const)
  return { images: { '*': plain, ...Object.fromEntries(entries) } }
}

/** What happens to the pods of a Deployment with one replica, in seconds since its first pod was created. */
function story(options: SimpleOptions, act?: (player: Player) => void): string[] {
  const warmUpSeconds = options.timeline === undefined ? 0 : 600
  const scenario = simpleScenario({ replicas: 1, nodes: 1, warmUpSeconds, kubelet: 'real', timeline: [], ...options })
  const player = new Player(compileModel(scenario, scenario.arms[0]))
  const { cluster } = player.machine
  const { applications, pods, watch } = cluster
  const lines: string[] = []
  const tell = (text: string): void => {
    lines.push(`${Number(((cluster.nowUs - CREATED_AT_US) / 1e6).toFixed(6))} ${text}`)
  }
  watch.add({
    podUpdated: (pod, change) => {
      const name = nameOf(PodChange, change)
      if (change !== PodChange.Bound) tell(change === PodChange.Finished ? nameOf(PodPhase, pods.phase[pod]) : name)
    },
    podDeleted: () => tell('gone'),
    applicationChanged: (pod) => tell(`app ${nameOf(AppState, applications.state[pod])}`),
  })
  act?.(player)
  player.run(1)
  return lines
}

/** The times at which something was told. */
function times(lines: readonly string[], what: string): number[] {
  return lines.filter((line) => line.slice(line.indexOf(' ') + 1) === what).map((line) => Number(line.split(' ')[0]))
}

const deletion: Step = {
  atUs: 0,
  op: 'deletePod',
  workload: { kind: 'Deployment', name: 'web' },
  index: 0,
  force: false,
}

/** Seconds since the deletion, which is 600 s after the first pod's creation. */
function ending(options: SimpleOptions): string[] {
  return story({ ...options, timeline: [deletion] })
    .map((line) => line.split(' '))
    .filter(([at]) => Number(at) >= 600)
    .map(([at, ...words]) => `${Number((Number(at) - 600).toFixed(6))} ${words.join(' ')}`)
}

describe('the start of a pod', () => {
  test('without a probe it is ready as soon as it runs, whatever its process does', () => {
    const timings = { '*': { start: seconds(3), ready: seconds(4) } }
    expect(story({ probe: false, timings })).toEqual([
      '3.3 app Starting',
      '3.3 Started',
      '3.3 Ready',
      '7.3 app Serving',
    ])
  })

  test('the first look is when it is seen to run; later ones are on a grid from there', () => {
    const ready = (us: number) =>
      times(story({ timings: { '*': { ready: seconds(us) } }, container: { readinessProbe: probe({}) } }), 'Ready')
    expect(ready(0)).toEqual([0.3])
    expect(ready(0.1)).toEqual([10.3])
    expect(ready(10)).toEqual([10.3])
    expect(ready(10.1)).toEqual([20.3])
  })

  test('init containers run one after another, sidecars stay', () => {
    const podSpec = {
      initContainers: [
        { name: 'a', image: 'a:1' },
        {
          name: 'side',
          image: 'side:1',
          restartPolicy: 'Always',
          startupProbe: probe({ periodSeconds: 1, failureThreshold: 30 }),
        },
        { name: 'b', image: 'b:1' },
      ],
    }
    const timings = { 'a:1': { run: seconds(5) }, 'side:1': { ready: seconds(2.5) }, 'b:1': { run: seconds(7) } }
    // a ends at 5.3; the sidecar listens at 7.8 and is asked each second since 0.3; b runs from 8.3 to 15.3.
    expect(times(story({ probe: false, podSpec, timings }), 'Started')).toEqual([15.3])
  })

  test('regular containers start one after another', () => {
    const podSpec = {
      containers: [
        { name: 'app', image: 'web:v1' },
        { name: 'second', image: 'x:1', lifecycle: { postStart: { exec: { command: ['sleep', '4'] } } } },
        { name: 'third', image: 'x:1' },
      ],
    }
    const lines = story({ podSpec, kubeletSettings: { create: seconds(2) }, timings: { '*': { start: seconds(3) } } })
    expect(times(lines, 'app Serving')).toEqual([3.3])
    // The status is written when the sync is over: 3.3 + 2 + 4 + 2.
    expect(times(lines, 'Started')).toEqual([11.3])
  })

  test('a readiness gate opens when others say so, or never', () => {
    const podSpec = { readinessGates: [{ conditionType: 'lb/ready' }] }
    expect(times(story({ podSpec, kubeletSettings: { readinessGates: { 'lb/ready': 5e6 } } }), 'Ready')).toEqual([5.3])
    expect(times(story({ podSpec }), 'Ready')).toEqual([])
  })
})

function probe(fields: Record<string, number>) {
  return {
    httpGet: { port: 80 },
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
    ...fields,
  }
}

describe('probes', () => {
  test('initialDelay 20 and period 60 make 60 s', () => {
    const container = { readinessProbe: probe({ initialDelaySeconds: 20, periodSeconds: 60 }) }
    expect(times(story({ container }), 'Ready')).toEqual([60.3])
  })

  test('several successes are needed in a row', () => {
    const container = { readinessProbe: probe({ periodSeconds: 4, successThreshold: 3 }) }
    // At 0.3 twice (the sync that sees it, and the one that the stored Failure causes), then on the grid.
    expect(times(story({ container }), 'Ready')).toEqual([4.3])
  })

  test('a startup probe holds the others back, and kills after its failures', () => {
    const slow = (us: number) => ({ '*': { ready: seconds(us) } })
    const container = { readinessProbe: probe({}), startupProbe: probe({ periodSeconds: 5, failureThreshold: 4 }) }
    expect(times(story({ container, timings: slow(12) }), 'Ready')).toEqual([15.3])
    // Looks at 0.3, 5.3, 10.3 and 15.3 fail; SIGTERM ends it at once, and it is started again in the same sync.
    const dead = story({ container, timings: slow(1e6), horizonSeconds: 100 })
    expect(times(dead, 'app Starting').slice(0, 3)).toEqual([0.3, 15.3, 35.3])
  })

  test('liveness finds a hang after (F - 1) periods and a time-out; the container is killed with its grace period', () => {
    const container = { livenessProbe: probe({ periodSeconds: 10, timeoutSeconds: 2 }) }
    const lines = story({ container, graceSeconds: 5 }, (player) => hangAt(player, 104))
    // Looks at 110.3, 120.3 and 130.3 time out after 2 s. A hung process does not hear SIGTERM: SIGKILL 5 s later.
    expect(times(lines, 'app Hung')).toEqual([104.3])
    expect(times(lines, 'app None').slice(0, 1)).toEqual([137.3])
    expect(times(lines, 'app Serving')).toEqual([0.3, 137.3])
  })

  test('readiness is lost after three failures, and found again by the grid of the last sync', () => {
    const container = { readinessProbe: probe({}) }
    const lines = story({ container }, (player) => hangAt(player, 104, 200))
    expect(times(lines, 'NotReady')).toEqual([131.3])
    // The resync 60 s after 131.3 comes at the tick of 192 and looks at once; from there it is every 10 s.
    expect(times(lines, 'Ready')).toEqual([0.3, 202])
  })

  test('a healthy pod costs no event', () => {
    const container = { readinessProbe: probe({}), livenessProbe: probe({}), startupProbe: probe({}) }
    const count = (horizonSeconds: number): number => {
      const scenario = simpleScenario({ kubelet: 'real', timeline: [], container, horizonSeconds })
      const player = new Player(compileModel(scenario, scenario.arms[0]))
      player.run(1)
      return player.eventCount
    }
    expect(count(100_000)).toBe(count(10))
  })
})

/** The application hangs some seconds after it began to serve, and perhaps recovers. */
function hangAt(player: Player, hangSeconds: number, untilSeconds = Infinity): void {
  const { cluster } = player.machine
  let done = 0
  const handlers = player.machine.handlers as ((word: number, detail: number) => void)[]
  handlers[200] = (_, pod) => {
    setApplication(cluster, pod as PodId, done++ === 0 ? AppState.Hung : AppState.Serving)
  }
  cluster.watch.add({
    applicationChanged: (pod) => {
      if (cluster.applications.state[pod] !== AppState.Serving || done > 0) return
      cluster.agenda.push(cluster.nowUs + hangSeconds * 1e6, Rank.World, 200, pod)
      cluster.agenda.push(cluster.nowUs + untilSeconds * 1e6, Rank.World, 200, pod)
    },
  })
}

describe('containers that end', () => {
  test('crash loops: at once, then 10, 20, 40, 80, 160, 300 s after each end', () => {
    const lines = story({ probe: false, timings: { '*': { run: seconds(1), fail: 1 } }, horizonSeconds: 2000 })
    const starts = times(lines, 'app Serving')
    const waits = starts.slice(1).map((at, i) => Number((at - starts[i] - 1).toFixed(6)))
    // Retries come at whole seconds of the node, 0.3 s past which the containers end.
    expect(waits.slice(0, 9)).toEqual([0, 10.7, 20, 40, 80, 160, 300, 300, 300])
  })

  test('a run of more than 600 s starts the back-off over', () => {
    const lines = story({ probe: false, timings: { '*': { run: seconds(601), fail: 1 } }, horizonSeconds: 3000 })
    expect(times(lines, 'app Serving').slice(0, 4)).toEqual([0.3, 601.3, 1202.3, 1803.3])
  })

  test('the cap of the back-off can be lowered', () => {
    const timings = { '*': { run: seconds(1), fail: 1 } }
    const lines = story({ probe: false, timings, kubeletSettings: { restartPeriodUsMax: 5e6 } })
    const starts = times(lines, 'app Serving')
    expect(starts[3] - starts[2]).toBeCloseTo(6, 6)
  })
})

describe('images', () => {
  test('a tag that does not exist is asked for again 10 s, 20 s, 40 s … after each failure, when a sync comes by', () => {
    const scenario = simpleScenario({
      replicas: 1,
      nodes: 1,
      kubelet: 'real',
      timeline: [{ atUs: 0, op: 'apply', object: bare('x:1') }],
      horizonSeconds: 1500,
      kubeletSettings: {
        ...images({ 'x:1': { exists: false } }),
        registry: { ...IDEAL_KUBELET.registry, request: { type: 'fixed', us: 1 } },
      },
    })
    const player = new Player(compileModel(scenario, scenario.arms[0]))
    const { cluster } = player.machine
    const pulls: number[] = []
    const handlers = player.machine.handlers as ((word: number, detail: number) => void)[]
    const pulled = handlers[EventKind.ImagePulled]
    handlers[EventKind.ImagePulled] = (word, detail) => {
      if (cluster.nowUs > 601e6) pulls.push(Math.floor(cluster.nowUs / 1e6) - 601)
      pulled(word, detail)
    }
    player.run(1)
    // Each failure comes 1 us after a second: the back-off of 10 s is over at the second tick after it, and so on.
    expect(pulls.slice(0, 7)).toEqual([0, 11, 32, 73, 154, 315, 616])
  })

  test('pulls of one node add up, unless they run side by side', () => {
    const readyAfter = (pullsMax: number): number[] => {
      const timeline: Step[] = ['x:1', 'y:1'].map((image) => ({ atUs: 0, op: 'apply', object: bare(image) }))
      return times(
        story({
          timeline,
          kubeletSettings: { pullsMax },
          timings: { 'x:1': { pull: seconds(5) }, 'y:1': { pull: seconds(7) } },
        }),
        'Started',
      ).slice(1)
    }
    expect(readyAfter(1)).toEqual([605.3, 612.3])
    expect(readyAfter(0)).toEqual([605.3, 607.3])
  })

  test('the size decides where no duration is given', () => {
    const settings = images({ 'x:1': { sizeBytes: 100e6, pulledBySize: true, layersShared: 0.8 } })
    const registry = { ...IDEAL_KUBELET.registry, bandwidth: { median: 10e6, p95: 10e6 }, request: seconds(0.5) }
    const timeline: Step[] = [{ atUs: 0, op: 'apply', object: bare('x:1') }]
    expect(times(story({ timeline, kubeletSettings: { ...settings, registry } }), 'Started').slice(1)).toEqual([602.8])
  })

  test('nodes keep old bits under a tag that was pushed again, unless the policy is Always', () => {
    const run = (policy: string): string[] => {
      const timeline: Step[] = [
        { atUs: 0, op: 'pushImage', image: 'web:v1', version: 'b' },
        { atUs: 1e6, op: 'deletePod', workload: { kind: 'Deployment', name: 'web' }, index: 0, force: true },
      ]
      const scenario = simpleScenario({
        replicas: 1,
        nodes: 1,
        kubelet: 'real',
        timeline,
        container: { imagePullPolicy: policy },
      })
      const player = new Player(compileModel(scenario, scenario.arms[0]))
      const { cluster } = player.machine
      player.run(1)
      const { first } = cluster.pods
      return [cluster.model.images[cluster.images.running[first]].name]
    }
    expect(run('IfNotPresent')).toEqual(['web:v1'])
    expect(run('Always')).toEqual(['web:v1#b'])
  })
})

function bare(image: string) {
  const name = image.replace(':', '-')
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image }] } }
}

describe('the end of a pod', () => {
  const drains = { '*': { terminate: seconds(4) } }

  test('an application that drains refuses new connections, ends, and its object goes two polls later', () => {
    expect(ending({ probe: false, timings: drains })).toEqual(
      expect.arrayContaining(['0 app Draining', '4 app None', '4 Succeeded', '4.4 gone']),
    )
  })

  test('an application that exits is gone at once, and counts as failed', () => {
    const lines = ending({ probe: false, timings: drains, kubeletSettings: images({ '*': { onSigterm: 'exits' } }) })
    expect(times(lines, 'Failed')).toEqual([0])
    expect(times(lines, 'gone')).toEqual([0.4])
  })

  test('one that ignores SIGTERM serves until SIGKILL', () => {
    const kubeletSettings = images({ '*': { onSigterm: 'ignores' } })
    const lines = ending({ probe: false, timings: drains, graceSeconds: 30, kubeletSettings })
    expect(times(lines, 'app Draining')).toEqual([])
    expect(times(lines, 'app None')).toEqual([30])
  })

  test('the preStop hook takes its whole seconds of the grace period, and 2 s are left in any case', () => {
    const end = (preStopSeconds: number, terminateSeconds: number): number[] =>
      times(
        ending({
          probe: false,
          preStopSeconds,
          graceSeconds: 10,
          timings: { '*': { terminate: seconds(terminateSeconds) } },
        }),
        'app None',
      )
    expect(end(3, 4)).toEqual([7])
    expect(end(3, 99)).toEqual([10])
    expect(end(9, 99)).toEqual([11])
    expect(end(60, 99)).toEqual([12])
  })

  test('sidecars go last', () => {
    const podSpec = { initContainers: [{ name: 'side', image: 'side:1', restartPolicy: 'Always' }] }
    const timings = { '*': { terminate: seconds(4) }, 'side:1': { terminate: seconds(3) } }
    const lines = ending({ probe: false, podSpec, timings })
    expect(times(lines, 'app None')).toEqual([4])
    expect(times(lines, 'gone')).toEqual([7.4])
  })

  test('a machine that is shut down with grace ends its pods as Failed, without a deletion mark', () => {
    const timeline: Step[] = [{ atUs: 0, op: 'shutdownNode', node: 'node-01', graceUs: 20e6 }]
    const lines = story({
      probe: false,
      graceSeconds: 30,
      timings: { '*': { terminate: list(99) } },
      timeline,
      horizonSeconds: 30,
    })
    expect(times(lines, 'Failed').slice(0, 1)).toEqual([620])
    expect(times(lines, 'NotReady')).toEqual([])
    expect(times(lines, 'DeletionMark')).toEqual([])
  })
})
