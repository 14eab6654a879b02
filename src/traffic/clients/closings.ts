// Connections that a server has closed, or that went silent, until their clients know. All of one kind take equally long,
// so they are a queue: shares of the clients by follower, and the first that came is the first that is known.

import { CapacityError } from '../../base/assert.ts'

export class Closings {
  /** By follower: the share of its clients that does not know yet. */
  readonly unaware: Float64Array
  private readonly followers: number
  private readonly places: number
  /** By place and follower; a ring. */
  private readonly shares: Float64Array
  private first = 0
  private count = 0

  constructor(followers: number, places: number) {
    this.followers = followers
    this.places = places
    this.unaware = new Float64Array(followers)
    this.shares = new Float64Array(followers * places)
  }

  reset(): void {
    this.first = this.count = 0
    this.unaware.fill(0)
  }

  /** Begins an entry, of which `put` says the shares. */
  open(): void {
    if (this.count === this.places) throw new CapacityError('closed connections (Capacity.pods)')
    const place = (this.first + this.count++) % this.places
    this.shares.fill(0, place * this.followers, (place + 1) * this.followers)
  }

  /** Adds a follower's clients to the entry that was opened last. */
  put(follower: number, share: number): void {
    const place = (this.first + this.count - 1) % this.places
    this.shares[place * this.followers + follower] = share
    this.unaware[follower] += share
  }

  /**
   * Those of the first entry know.
   *
   * @param left what of a connection is left after that time; the others have ended by themselves
   */
  close(left: number): void {
    const from = this.first * this.followers
    this.first = (this.first + 1) % this.places
    this.count -= 1
    for (let follower = 0; follower < this.followers; follower++) {
      const rest = this.unaware[follower] - this.shares[from + follower] * left
      // Sums of shares that come and go leave rounding errors, and none of them is a client.
      this.unaware[follower] = this.count === 0 || rest < 0 ? 0 : rest
    }
  }

  /** Connections end by themselves meanwhile. */
  decay(left: number): void {
    for (let follower = 0; follower < this.followers; follower++) this.unaware[follower] *= left
  }
}
