// What requests meet in a pod: a number of servers and one line before them, first come first served.
//
// No event is needed for any of it. A request that comes knows at once when its service begins, because those before it
// in the line are known: when the first server is free. So each pod keeps when its servers are free (a heap, the earliest
// at the root), and a request costs one step down that heap. Requests must come in order of time.
//
// 2 servers, free at 10 and 14. A request at 12 that takes 9 begins at once and ends at 21: free at 14 and 21. One at 13
// waits until 14.
//
// Times are microseconds with fractions: requests are no events of the cluster, and a million of them a second would
// otherwise fall on the same instants.

/** Servers of a station that never lets anyone wait. */
export const UNLIMITED = 0

/** What `admit` says of a request that is turned away: the line is full, or longer than its sender will wait. */
export const TURNED_AWAY = -1

const LEDGER_LENGTH = 16

const NO_TIMES = new Float64Array(0)

export class Stations {
  /** By station: servers, and places in the line; Infinity for any number. */
  private readonly servers: Int32Array
  private readonly places: Float64Array
  /** By station: when each server is free, as a heap. */
  private readonly freeUs: Float64Array[]
  /** By station: when the service of those began who had to wait, the last ones; a ring with a power of two of places. */
  private readonly starts: Float64Array[]
  private readonly waited: Int32Array
  /** By station: requests that may be under way: when they came, when they end, of which stream. */
  private readonly cameUs: Float64Array[]
  private readonly doneUs: Float64Array[]
  private readonly streamOf: Uint8Array[]
  private readonly ledgerSize: Int32Array

  /** @param count stations: rows of the table of pods */
  constructor(count: number) {
    this.servers = new Int32Array(count)
    this.places = new Float64Array(count)
    this.waited = new Int32Array(count)
    this.ledgerSize = new Int32Array(count)
    this.freeUs = Array.from({ length: count }, () => NO_TIMES)
    this.starts = Array.from({ length: count }, () => NO_TIMES)
    this.cameUs = Array.from({ length: count }, () => NO_TIMES)
    this.doneUs = Array.from({ length: count }, () => NO_TIMES)
    this.streamOf = Array.from({ length: count }, () => new Uint8Array(0))
  }

  /**
   * A station begins its work with free servers and nobody in line.
   *
   * @param servers UNLIMITED: nobody ever waits
   * @param places of the line; Infinity: any number
   */
  open(station: number, servers: number, places: number): void {
    this.servers[station] = servers
    this.places[station] = places
    if (this.freeUs[station].length === servers) this.freeUs[station].fill(0)
    else this.freeUs[station] = new Float64Array(servers)
    const length = places === Infinity || servers === UNLIMITED ? 0 : powerOfTwoFrom(places)
    if (this.starts[station].length !== length) this.starts[station] = new Float64Array(length)
    this.starts[station].fill(-Infinity)
    this.waited[station] = 0
    this.ledgerSize[station] = 0
  }

  /**
   * A request comes.
   *
   * @param patienceUs how long it may wait for its service to begin
   * @returns when it is answered, or TURNED_AWAY
   */
  admit(station: number, atUs: number, serviceUs: number, patienceUs: number): number {
    const servers = this.servers[station]
    if (servers === UNLIMITED) return atUs + serviceUs
    const free = this.freeUs[station]
    let startUs = free[0]
    if (startUs > atUs) {
      if (startUs - atUs > patienceUs || !this.joinLine(station, atUs, startUs)) return TURNED_AWAY
    } else startUs = atUs
    const doneUs = startUs + serviceUs
    // The first server is busy until then: its time sinks from the root of the heap.
    let slot = 0
    let child = 1
    while (child < servers) {
      if (child + 1 < servers) child += +(free[child + 1] < free[child])
      if (free[child] >= doneUs) break
      free[slot] = free[child]
      slot = child
      child = 2 * slot + 1
    }
    free[slot] = doneUs
    return doneUs
  }

  /**
   * Takes a place in the line; false if none is left. Those who wait begin in the order in which they came, so all places
   * are taken exactly if the one who took the last of them, as many ago as there are places, has not begun yet.
   */
  private joinLine(station: number, atUs: number, startUs: number): boolean {
    const places = this.places[station]
    if (places === Infinity) return true
    if (places === 0) return false
    const starts = this.starts[station]
    const mask = starts.length - 1
    const waited = this.waited[station]
    if (starts[(waited - places) & mask] > atUs) return false
    starts[waited & mask] = startUs
    this.waited[station] = (waited + 1) | 0
    return true
  }

  /** Notes a request that is under way, in case its pod is killed before it is answered. */
  note(station: number, stream: number, atUs: number, doneUs: number): void {
    let size = this.ledgerSize[station]
    if (size === this.doneUs[station].length) size = this.makeRoom(station, atUs)
    this.cameUs[station][size] = atUs
    this.doneUs[station][size] = doneUs
    this.streamOf[station][size] = stream
    this.ledgerSize[station] = size + 1
  }

  /** Forgets what is answered; doubles the ledger if most of it is not. Returns how many are under way. */
  private makeRoom(station: number, nowUs: number): number {
    const came = this.cameUs[station]
    const done = this.doneUs[station]
    const streams = this.streamOf[station]
    let size = 0
    for (let i = 0; i < done.length; i++) {
      if (done[i] <= nowUs) continue
      came[size] = came[i]
      done[size] = done[i]
      streams[size] = streams[i]
      size++
    }
    if (2 * size >= done.length) {
      const length = Math.max(LEDGER_LENGTH, 2 * done.length)
      this.cameUs[station] = grown(new Float64Array(length), came)
      this.doneUs[station] = grown(new Float64Array(length), done)
      this.streamOf[station] = grown(new Uint8Array(length), streams)
    }
    return size
  }

  /**
   * A pod's process ends: whoever is under way there is never answered.
   *
   * @param lose told of each: its stream, and the time that its answer would have taken
   */
  kill(station: number, nowUs: number, lose: (stream: number, latencyUs: number) => void): void {
    const size = this.ledgerSize[station]
    for (let i = 0; i < size; i++) {
      const doneUs = this.doneUs[station][i]
      if (doneUs > nowUs) lose(this.streamOf[station][i], doneUs - this.cameUs[station][i])
    }
    this.ledgerSize[station] = 0
  }
}

function grown<Times extends Float64Array | Uint8Array>(longer: Times, times: Times): Times {
  longer.set(times)
  return longer
}

function powerOfTwoFrom(count: number): number {
  let power = 1
  while (power < count) power *= 2
  return power
}
