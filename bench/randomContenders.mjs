// Measures the generators of seedrandom as named streams: `npm run bench:random`.
//
// Cost: making a stream, and one number with 53 bits. Quality, for the way we use them, with a key for each seed: do the
// first numbers of 20,000 neighbouring seeds repeat, follow their neighbour (lag-1 correlation, in standard errors), or
// miss uniformity (chi-squared on 99 degrees of freedom, 67 to 139 expected)? One process measures all, so that
// costs compare only roughly; the verdict does not hang on them.

import seedrandom from 'seedrandom'
import { Bench } from 'tinybench'

const SEEDS = 20_000
const DRAWS = 1_000

const generators = {
  'tychei (in use)': seedrandom.tychei,
  alea: seedrandom.alea,
  xor128: seedrandom.xor128,
  xorwow: seedrandom.xorwow,
  xor4096: seedrandom.xor4096,
  xorshift7: seedrandom.xorshift7,
  'ARC4 (default)': seedrandom,
}

function judgeFirstNumbers(make) {
  const firsts = Array.from({ length: SEEDS }, (_, seed) => make(`${seed}/kubelet/imagePull`).double())
  const bins = new Float64Array(100)
  for (const u of firsts) bins[Math.floor(u * 100)]++
  const expected = SEEDS / 100
  const chiSquared = bins.reduce((sum, n) => sum + ((n - expected) * (n - expected)) / expected, 0)
  let lag = 0
  for (let i = 1; i < SEEDS; i++) lag += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5)
  return { repeats: SEEDS - new Set(firsts).size, chiSquared, lag: (12 * lag) / Math.sqrt(SEEDS) }
}

const bench = new Bench({ time: 300, warmupTime: 100, throws: true })
let sink = 0
for (const [name, make] of Object.entries(generators)) {
  let seed = 0
  const generator = make('1/draws')
  bench.add(`${name} make`, () => {
    for (let i = 0; i < 10; i++) sink += make(`${seed++}/kubelet/imagePull`).int32()
  })
  bench.add(`${name} draw`, () => {
    for (let i = 0; i < DRAWS; i++) sink += generator.double()
  })
}
await bench.run()
if (Number.isNaN(sink)) throw new Error('a generator gave no number')

const nanoseconds = (name, count) => (bench.getTask(name).result.latency.p50 * 1e6) / count
console.log('generator        make ns  draw ns  repeats  chi-squared   lag-1')
for (const [name, make] of Object.entries(generators)) {
  const { repeats, chiSquared, lag } = judgeFirstNumbers(make)
  const cells = [nanoseconds(`${name} make`, 10).toFixed(0).padStart(8), nanoseconds(`${name} draw`, DRAWS).toFixed(1)]
  console.log(
    `${name.padEnd(15)} ${cells[0]} ${cells[1].padStart(8)} ${String(repeats).padStart(8)} ` +
      `${chiSquared.toFixed(0).padStart(12)} ${lag.toFixed(1).padStart(7)}`,
  )
}
