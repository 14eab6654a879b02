// What `rollbench bench` measures: the engine that `run` uses, on fixed scenarios, and the event queue alone.

import type { Engine } from '../engine/types.ts'
import type { Scenario, ScenarioArm } from '../scenario/types.ts'
import { EventQueue } from '../kernel/eventQueue.ts'

/** Something to measure. */
export interface Benchmark {
  readonly name: string
  readonly text: string
  /** One measured call. */
  readonly run: () => void
  /** Work of one call that does not depend on the machine, counted without the clock. */
  readonly events: number
}

/** The scenarios of the engine benchmarks: name, meaning, replicas and strategy of the Deployment. */
const ENGINE_BENCHMARKS = [
  ['rolling-10', '10 replicas, RollingUpdate 25 % / 25 %', 10, 'type: RollingUpdate'],
  ['rolling-100', '100 replicas, RollingUpdate 25 % / 25 %', 100, 'type: RollingUpdate'],
  ['recreate-10', '10 replicas, Recreate', 10, 'type: Recreate'],
] as const

/** Runs of one seed each cycle over this many seeds, so that the mean number of events is a fixed number. */
const SEEDS = 64

/** The scenario file of an engine benchmark. */
function scenarioText(replicas: number, strategy: string, rest = 'horizon: 20m'): string {
  return `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: bench }
spec:
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: ${replicas}
        strategy: { ${strategy} }
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - { name: app, image: "web:v1", readinessProbe: { httpGet: { path: /, port: 80 } } }
  cluster: { nodes: [{ name: node, count: ${Math.max(4, replicas / 10)}, allocatable: { cpu: "8", memory: 32Gi, pods: 110 } }] }
  timings:
    "*": { pull: 4s, start: { lognormal: { median: 2s, p95: 6s } }, ready: { uniform: [3s, 9s] }, terminate: 2s }
  traffic: [{ to: Deployment/web, requestsPerSecond: 1000 }]
  timeline: [{ at: 0s, setImage: { workload: Deployment/web, container: app, image: "web:v2" } }]
  ${rest}
`
}

/** Compiles the benchmarks. Loading and compiling is not measured. */
export function prepareBenchmarks(
  load: (text: string) => Scenario,
  createEngine: (scenario: Scenario, arm: ScenarioArm) => Engine,
): Benchmark[] {
  const benchmarks: Benchmark[] = []
  for (const [name, text, replicas, strategy] of ENGINE_BENCHMARKS) {
    const scenario = load(scenarioText(replicas, strategy))
    const arm = scenario.arms[0]
    if (arm === undefined) throw new Error(`benchmark ${name} has no arm`)
    benchmarks.push(engineBenchmark(name, text, createEngine(scenario, arm)))
  }
  const single = load(scenarioText(REQUESTS_REPLICAS, 'type: RollingUpdate', REQUESTS_REST))
  const [arm] = single.arms
  if (arm === undefined) throw new Error('benchmark requests has no arm')
  return [...benchmarks, requestsBenchmark(createEngine(single, arm)), queueBenchmark()]
}

function engineBenchmark(name: string, text: string, engine: Engine): Benchmark {
  let events = 0
  for (let seed = 1; seed <= SEEDS; seed++) events += engine.run(seed).events
  let seed = 0
  const run = () => {
    seed = (seed % SEEDS) + 1
    engine.run(seed)
  }
  return { name, text, run, events: events / SEEDS }
}

const REQUESTS_REPLICAS = 10
const REQUESTS_REST = 'horizon: 15s\n  requests: { mode: requests }'

/** A whole run with every single request; its events are the requests of one seed, some 15,000. */
function requestsBenchmark(engine: Engine): Benchmark {
  return {
    name: 'requests',
    text: `${REQUESTS_REPLICAS} replicas, RollingUpdate, each of 1000 requests a second for 15 seconds`,
    run: () => engine.run(1),
    events: engine.run(1).rows[0]?.requests ?? NaN,
  }
}

const QUEUE_PENDING = 1000
const QUEUE_STEPS = 10_000

/** The hold model (Jones, Communications of the ACM 29, 1986): each popped event schedules its successor. */
function queueBenchmark(): Benchmark {
  const queue = new EventQueue(QUEUE_PENDING + 1, 2 ** 36)
  const draw = createDraws()
  const run = () => {
    queue.reset()
    for (let i = 0; i < QUEUE_PENDING; i++) queue.push(draw() & 0xfffff, 0, 0, i)
    for (let step = 0; step < QUEUE_STEPS; step++) {
      queue.pop()
      queue.push(queue.timeUs + (draw() & 0xfffff), 0, 0, queue.detail)
    }
  }
  return {
    name: 'queue-1000',
    text: `event queue alone, ${QUEUE_PENDING} events pending`,
    run,
    events: QUEUE_STEPS,
  }
}

/** Whole numbers below 2^31 that are the same in every process (Marsaglia's xorshift32); speed is all that is asked of them. */
function createDraws(): () => number {
  let state = 2463534242
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 1
  }
}

const CALIBRATION_CELLS = 4096
const CALIBRATION_STEPS = 40_000

/**
 * The yardstick: a fixed loop over typed arrays with data-dependent branches, the kind of work that the engine does but
 * none of its code. Speeds are given relative to it, so that baselines of one machine say something on another.
 */
export function createCalibration(): () => void {
  const cells = new Float64Array(CALIBRATION_CELLS)
  const draw = createDraws()
  return () => {
    for (let step = 0; step < CALIBRATION_STEPS; step++) {
      const cell = draw() & (CALIBRATION_CELLS - 1)
      const other = (cell * 2 + 1) & (CALIBRATION_CELLS - 1)
      if (cells[cell]! > cells[other]!) cells[other] = cells[cell]! + 1
      else cells[cell] = cells[other]! + (step & 7)
    }
  }
}
