// Measures the event queue beside the others of queues.mjs: `npm run bench:queue [-- WAITING...]`. With `--digests` it
// measures nothing and prints the digest that each of them gives, one to a line.
//
// Work: the hold model. With N events waiting, take the next one and push a successor; delays come from a table drawn
// beforehand, a tenth of them 0 so that ties occur. All contenders must give the same digest of all popped events.
// Method: rounds; in each, every contender runs once in a process of its own (what one teaches the compiler would slow
// the next), in an order that is shuffled anew. The ratio to the queue in use is taken within a round, and the median of
// the rounds is printed. On a shared machine only the ratios mean something.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import seedrandom from 'seedrandom'
import { shuffle } from 'simple-statistics'
import { Bench } from 'tinybench'
import { EventQueue } from '../dist/kernel/eventQueue.js'
import { RandomStreams } from '../dist/kernel/random.js'
import { ObjectBinary, PackedBinary, PackedFourAry, SortedArray, TwoArrayBinary } from './queues.mjs'

const HOLDS = 100_000
const ROUNDS = 7
const TABLE = 65_536
const LAST_US = 2 ** 31 - 1

const contenders = {
  'in use: packed key, root hole, binary': (capacity) => new EventQueue(capacity, LAST_US),
  'packed key, root hole, 4-ary': (capacity) => new PackedFourAry(capacity),
  'packed key, ordinary binary': (capacity) => new PackedBinary(capacity),
  'time and order in two arrays, binary': (capacity) => new TwoArrayBinary(capacity),
  'event objects, binary': (capacity) => new ObjectBinary(capacity),
  'sorted array, packed key': (capacity) => new SortedArray(capacity),
}

/** Fills a queue, holds it `holds` times, and returns the digest of what it popped. */
function hold(queue, waiting, delays, ranks) {
  let at = 0
  for (let i = 0; i < waiting; i++, at++) queue.push(delays[at & (TABLE - 1)], ranks[at & (TABLE - 1)], i, at)
  let digest = 0
  for (let i = 0; i < HOLDS; i++, at++) {
    queue.pop()
    digest = (Math.imul(digest, 31) + queue.timeUs + queue.rank + queue.what + queue.detail) | 0
    queue.push(queue.timeUs + delays[at & (TABLE - 1)], ranks[at & (TABLE - 1)], queue.what, at)
  }
  return digest
}

/** The work of one contender: a function that does it once and returns the digest. */
function prepare(name, waiting) {
  const streams = new RandomStreams()
  streams.reset(1)
  const random = streams.stream('bench')
  const delays = Int32Array.from({ length: TABLE }, () =>
    random.next() < 0.1 ? 0 : Math.ceil(-1_000 * Math.log(random.next())),
  )
  const ranks = Int32Array.from({ length: TABLE }, () => Math.floor(4 * random.next()))
  return () => hold(contenders[name](waiting), waiting, delays, ranks)
}

/** Measures one contender in this process and prints its digest and its million events per second. */
async function measureOne(name, waiting) {
  const work = prepare(name, waiting)
  let digest = 0
  const bench = new Bench({ time: 200, warmupTime: 100, throws: true })
  bench.add(name, () => {
    digest = work()
  })
  await bench.run()
  const { result } = bench.tasks[0]
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  console.log(JSON.stringify({ digest, rate: HOLDS / result.latency.p50 / 1_000 }))
}

/** Runs one contender in a process of its own. */
function measureApart(name, waiting) {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--one', name, String(waiting)], {
    encoding: 'utf8',
  })
  if (child.status !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout)
}

const order = seedrandom.alea('rounds')
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

function compare(names, waiting) {
  const rates = new Map(names.map((name) => [name, []]))
  const digests = new Set()
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of shuffle(names, order)) {
      const { digest, rate } = measureApart(name, waiting)
      rates.get(name).push(rate)
      digests.add(digest)
    }
  }
  if (digests.size !== 1) throw new Error(`With ${waiting} events waiting the queues disagree about the order.`)
  const reference = rates.get(names[0])
  console.log(`\n${waiting} events waiting, digest ${[...digests][0] >>> 0}`)
  for (const name of names) {
    const ratio = median(rates.get(name).map((rate, round) => rate / reference[round]))
    console.log(`  ${name.padEnd(40)} ${median(rates.get(name)).toFixed(1).padStart(6)} M/s  ratio ${ratio.toFixed(2)}`)
  }
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--one') {
  await measureOne(rest[0], Number(rest[1]))
} else if (first === '--digests') {
  for (const name of Object.keys(contenders)) console.log(prepare(name, 32)())
} else {
  const sizes = first === undefined ? [8, 32, 256, 1_000, 10_000] : [first, ...rest].map(Number)
  for (const waiting of sizes) {
    compare(
      Object.keys(contenders).filter((name) => waiting <= 1_000 || !name.startsWith('sorted')),
      waiting,
    )
  }
}
