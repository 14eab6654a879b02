// The endpoints as each follower of a route knows them: for each level how many there are, in which states, of which
// templates, and which they are. Kept by integer counters, so that a change costs one step for each follower and the
// shares of requests follow from the counters alone, however many pods there are.

import type { Cluster } from '../cluster/cluster.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import type { EndpointStates } from './endpointStates.ts'
import { CHOSEN_LEVELS, ENDPOINT_STATES, EndpointState, Level, LEVELS } from './types.ts'

export class EndpointSets {
  readonly followers: number
  /** By follower and level: endpoints. */
  readonly sizes: Int32Array
  /** By follower, level and state: endpoints. */
  readonly inState: Int32Array
  /** By follower and level: the sum of the error shares of those that answer, in billionths. */
  readonly errorUnits: Float64Array
  /** By follower and level: templates of those that answer, and the sum of these templates' ids. */
  readonly versions: Int32Array
  readonly versionSum: Int32Array
  /** By follower, level and template: endpoints that answer. */
  private readonly answering: Int32Array
  /** By follower and endpoint: its level, and its place among the members of that level. */
  private readonly level: Uint8Array
  private readonly position: Int32Array
  private readonly members: Int32Array
  /** By follower: 1 if it is on a machine that takes no connection. */
  readonly isCutOff: Uint8Array
  private readonly capacity: number
  private readonly templates: number
  private readonly cluster: Cluster
  private readonly states: EndpointStates

  constructor(cluster: Cluster, states: EndpointStates, followers: number) {
    const { capacity } = cluster.endpoints
    this.cluster = cluster
    this.states = states
    this.followers = followers
    this.capacity = capacity
    this.templates = cluster.model.templates.length
    this.isCutOff = new Uint8Array(followers)
    this.sizes = new Int32Array(followers * LEVELS)
    this.inState = new Int32Array(followers * LEVELS * ENDPOINT_STATES)
    this.errorUnits = new Float64Array(followers * LEVELS)
    this.versions = new Int32Array(followers * LEVELS)
    this.versionSum = new Int32Array(followers * LEVELS)
    this.answering = new Int32Array(followers * LEVELS * this.templates)
    this.level = new Uint8Array(followers * capacity)
    this.position = new Int32Array(followers * capacity)
    this.members = new Int32Array(followers * LEVELS * capacity)
  }

  reset(): void {
    this.isCutOff.fill(0)
    this.sizes.fill(0)
    this.inState.fill(0)
    this.errorUnits.fill(0)
    this.versions.fill(0)
    this.versionSum.fill(0)
    this.answering.fill(0)
    this.level.fill(Level.Out)
  }

  levelOf(follower: number, endpoint: EndpointId): Level {
    return this.level[follower * this.capacity + endpoint] as Level
  }

  /** The level that new connections go to now; Level.Out if there is none. */
  activeLevel(follower: number): Level {
    const { sizes } = this
    if (this.isCutOff[follower] === 1) return Level.Out
    const first = follower * LEVELS
    for (let level = 0; level < CHOSEN_LEVELS; level++) if (sizes[first + level] > 0) return level as Level
    return Level.Out
  }

  /** Ready endpoints that a follower may choose. */
  readyCount(follower: number): number {
    const first = follower * LEVELS
    return this.sizes[first + Level.SameNode] + this.sizes[first + Level.SameZone] + this.sizes[first + Level.Ready]
  }

  /** The k-th endpoint of a level, in no order that means anything. */
  memberOf(follower: number, level: Level, k: number): EndpointId {
    return this.members[(follower * LEVELS + level) * this.capacity + k] as EndpointId
  }

  /** A follower learns that an endpoint stands somewhere else than before. */
  setLevel(follower: number, endpoint: EndpointId, level: Level): void {
    const at = follower * this.capacity + endpoint
    const before = this.level[at] as Level
    if (before === level) return
    if (before !== Level.Out) {
      this.count(follower, before, endpoint, -1)
      this.unlist(follower * LEVELS + before, at)
    }
    this.level[at] = level
    if (level === Level.Out) return
    this.count(follower, level, endpoint, 1)
    const set = follower * LEVELS + level
    this.position[at] = this.sizes[set] - 1
    this.members[set * this.capacity + this.position[at]] = endpoint
  }

  /** Takes an endpoint off its level's list: the last one takes its place. */
  private unlist(set: number, at: number): void {
    const { capacity, members, position } = this
    // Its size has been lowered, so it is the place of the last member.
    const last = members[set * capacity + this.sizes[set]]
    const place = position[at]
    members[set * capacity + place] = last
    position[at - (at % capacity) + last] = place
  }

  /** An endpoint's state or share of errors is another one; `states` holds what it was until the call is over. */
  setState(endpoint: EndpointId, state: EndpointState, errorUnits: number): void {
    const { capacity, level, states } = this
    for (let follower = 0; follower < this.followers; follower++) {
      const at = level[follower * capacity + endpoint]
      if (at !== Level.Out) this.count(follower, at as Level, endpoint, -1)
    }
    const before = states.state[endpoint]
    const errorsBefore = states.errorUnits[endpoint]
    states.state[endpoint] = state
    states.errorUnits[endpoint] = errorUnits
    for (let follower = 0; follower < this.followers; follower++) {
      const at = level[follower * capacity + endpoint]
      if (at !== Level.Out) this.count(follower, at as Level, endpoint, 1)
    }
    states.state[endpoint] = before
    states.errorUnits[endpoint] = errorsBefore
  }

  /** Adds an endpoint to the sums of a level, or takes it away. */
  private count(follower: number, level: Level, endpoint: EndpointId, sign: 1 | -1): void {
    const set = follower * LEVELS + level
    const state = this.states.state[endpoint]
    this.sizes[set] += sign
    this.inState[set * ENDPOINT_STATES + state] += sign
    if (state !== EndpointState.Answering) return
    this.errorUnits[set] += sign * this.states.errorUnits[endpoint]
    const template = this.cluster.endpoints.template[endpoint]
    const of = set * this.templates + template
    const before = this.answering[of]
    this.answering[of] = before + sign
    if (before === 0 || before + sign === 0) {
      this.versions[set] += sign
      this.versionSum[set] += sign * template
    }
  }
}
