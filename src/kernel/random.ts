// Named streams of random numbers from one seed. The only module that knows where randomness comes from.
//
// Each stream is the generator Tyche-i (S. Neves and F. Araujo, Fast and Small Nonlinear Pseudorandom Number Generators
// for Computer Simulation, 2011) of the package seedrandom, keyed by `seed/name`, so adding a draw in one stream moves
// no other. A number has a place in its stream: asking for the k-th number gives the same answer in every arm of a
// scenario, whatever was drawn before, which is what makes arms comparable seed by seed (common random numbers).
// Other generators of the package that were measured and dropped: docs/design.md.

import seedrandom from 'seedrandom'

const FIRST_LENGTH = 64

/** One stream. Take its numbers either by place (`at`) or in turn (`next`): both read the same numbers. */
export class RandomStream {
  readonly name: string
  #seed = ''
  #generator: seedrandom.PRNG | undefined
  #draws = new Float64Array(FIRST_LENGTH)
  #drawn = 0
  #cursor = 0

  constructor(name: string) {
    this.name = name
  }

  /** Starts the stream over for a seed. Costs nothing until the first number is asked for. */
  reset(seed: string): void {
    this.#seed = seed
    this.#generator = undefined
    this.#drawn = 0
    this.#cursor = 0
  }

  /** The k-th number of the stream, from 0, uniform in the open interval (0, 1) with 53 random bits. */
  at(k: number): number {
    if (k >= this.#drawn) this.#drawUpTo(k)
    return this.#draws[k]
  }

  /** The next number of the stream, uniform in (0, 1). */
  next(): number {
    return this.at(this.#cursor++)
  }

  #drawUpTo(k: number): void {
    this.#generator ??= seedrandom.tychei(`${this.#seed}/${this.name}`)
    if (k >= this.#draws.length) {
      const longer = new Float64Array(Math.max(2 * this.#draws.length, k + 1))
      longer.set(this.#draws)
      this.#draws = longer
    }
    while (this.#drawn <= k) this.#draws[this.#drawn++] = this.#generator.double()
  }
}

/** A stream that is only ever read forwards, as far as one likes: it keeps none of its numbers. */
export class RandomSequence {
  readonly name: string
  #generator: seedrandom.PRNG | undefined
  #seed = ''

  constructor(name: string) {
    this.name = name
  }

  /** Starts over for a seed. Costs nothing until the first number is asked for. */
  reset(seed: string): void {
    this.#seed = seed
    this.#generator = undefined
  }

  /** The next number, uniform in the open interval (0, 1) with 53 random bits: those of the stream of that name. */
  next(): number {
    this.#generator ??= seedrandom.tychei(`${this.#seed}/${this.name}`)
    return this.#generator.double()
  }
}

/** The streams of one engine. They are made once by name and start over with each run. */
export class RandomStreams {
  readonly #streams = new Map<string, RandomStream>()
  readonly #sequences = new Map<string, RandomSequence>()
  #seed = ''

  /** Starts every stream over. The seeds 1 and '1' are the same seed. */
  reset(seed: string | number): void {
    this.#seed = String(seed)
    for (const stream of this.#streams.values()) stream.reset(this.#seed)
    for (const sequence of this.#sequences.values()) sequence.reset(this.#seed)
  }

  /** The stream of that name, for example `kubelet/imagePull`. Ask before the run and keep it: this is a look-up. */
  stream(name: string): RandomStream {
    const known = this.#streams.get(name)
    if (known) return known
    const stream = new RandomStream(name)
    stream.reset(this.#seed)
    this.#streams.set(name, stream)
    return stream
  }

  /** The sequence of that name, for numbers without end of which none is asked for twice. */
  sequence(name: string): RandomSequence {
    const known = this.#sequences.get(name)
    if (known) return known
    const sequence = new RandomSequence(name)
    sequence.reset(this.#seed)
    this.#sequences.set(name, sequence)
    return sequence
  }
}
