// What clients see of a Service: the endpoints that were Ready and not terminating `endpointDelay` ago; if there are
// none, the terminating ones that were Ready (kube-proxy's fallback). Requests spread evenly over the view, so the
// loss is exact in expectation: rate × the integral of the share of the view that does not serve.

import { CapacityError } from '../base/assert.ts'
import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, PodChange, Rank } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { isOfActiveHash } from '../cluster/serviceSelectors.ts'
import type { Watcher } from '../cluster/watch.ts'
import { type DeploymentId, Kind, type NodeId, type TrafficModel } from '../model/types.ts'
import { ViewIntegrals } from './viewIntegrals.ts'

/** Where an endpoint stands in the view. */
const Place = { Out: 0, Ready: 1, Terminating: 2 } as const
type Place = (typeof Place)[keyof typeof Place]

/** Layout of an event's word: kind (8 bits), new place or serving flag (2 bits), index of the traffic stream. */
const VALUE_SHIFT = 8
const STREAM_SHIFT = 10

export class ClientView {
  readonly integrals: ViewIntegrals
  private readonly cluster: Cluster
  private readonly model: TrafficModel
  private readonly stream: number
  /** Endpoints: a row from the moment a pod is first Ready until it has left the view. */
  private readonly template: Int32Array
  private readonly place: Uint8Array
  private readonly serving: Uint8Array
  /** Changes of place under way, and whether the pod is gone: a row is free when both are over. */
  private readonly pendingChanges: Int32Array
  private readonly podGone: Uint8Array
  private readonly endpointOfPod: Int32Array
  private readonly podOfEndpoint: Int32Array
  private readonly free: Int32Array
  private freeCount = 0

  constructor(cluster: Cluster, stream: number) {
    this.cluster = cluster
    this.stream = stream
    this.model = cluster.model.traffic[stream]!
    const pods = cluster.pods.capacity
    const endpoints = pods * 2
    this.template = new Int32Array(endpoints)
    this.place = new Uint8Array(endpoints)
    this.serving = new Uint8Array(endpoints)
    this.pendingChanges = new Int32Array(endpoints)
    this.podGone = new Uint8Array(endpoints)
    this.podOfEndpoint = new Int32Array(endpoints)
    this.endpointOfPod = new Int32Array(pods)
    this.free = new Int32Array(endpoints)
    this.integrals = new ViewIntegrals(cluster.model)
  }

  reset(): void {
    this.endpointOfPod.fill(NONE)
    this.freeCount = this.free.length
    for (let i = 0; i < this.freeCount; i++) this.free[i] = this.freeCount - 1 - i
    this.integrals.reset()
  }

  watcher(): Watcher {
    const { pods } = this.cluster
    return {
      podAdded: (pod) => {
        this.endpointOfPod[pod] = NONE
      },
      podUpdated: (pod, change) => {
        if (this.model.selects[pods.template[pod]] === 0) return
        if (change === PodChange.Ready) this.onReady(pod)
        else if (change === PodChange.NotReady) this.onNotReady(pod)
        else if (change === PodChange.DeletionMark) this.onDeletionMark(pod)
        else if (change === PodChange.Finished) this.onEnd(pod)
      },
      podDeleted: (pod) => {
        if (this.endpointOfPod[pod] !== NONE) this.onGone(pod)
      },
      podEnding: (pod) => this.onEnding(pod),
      nodeChanged: (node) => this.onNode(node),
      selectorSwitched: (deployment) => this.onSwitch(deployment),
    }
  }

  private onReady(pod: PodId): void {
    const { cluster } = this
    let endpoint = this.endpointOfPod[pod]
    if (endpoint === NONE) {
      if (this.freeCount === 0) throw new CapacityError(`${this.free.length} endpoints (Capacity.pods)`)
      endpoint = this.free[--this.freeCount]!
      this.endpointOfPod[pod] = endpoint
      this.podOfEndpoint[endpoint] = pod
      this.template[endpoint] = cluster.pods.template[pod]
      this.place[endpoint] = Place.Out
      this.serving[endpoint] = 0
      this.pendingChanges[endpoint] = 0
      this.podGone[endpoint] = 0
    }
    const servesFromUs = cluster.pods.servesFromUs[pod]
    if (servesFromUs <= cluster.nowUs) this.setServing(endpoint, 1)
    else if (servesFromUs < Infinity) this.scheduleServing(servesFromUs, endpoint, 1)
    this.move(pod, Place.Ready)
  }

  /** The endpoint leaves; one whose containers have ended serves nobody meanwhile. */
  private onNotReady(pod: PodId): void {
    const endpoint = this.endpointOfPod[pod]
    if (endpoint === NONE) return
    if (this.cluster.pods.servesFromUs[pod] > this.cluster.nowUs) this.setServing(endpoint, 0)
    this.move(pod, Place.Out)
  }

  /** From here the endpoint is terminating, if it ever became one. */
  private onDeletionMark(pod: PodId): void {
    this.move(pod, this.cluster.pods.ready[pod] === 1 ? Place.Terminating : Place.Out)
  }

  /** The kubelet has seen the mark, at once or when its machine came back: the pod serves until SIGTERM. */
  private onEnding(pod: PodId): void {
    const endpoint = this.endpointOfPod[pod]
    if (endpoint === NONE) return
    const untilUs = this.cluster.pods.servesUntilUs[pod]
    if (untilUs <= this.cluster.nowUs) this.setServing(endpoint, 0)
    else this.scheduleServing(untilUs, endpoint, 0)
  }

  /** The containers ended: nothing serves, and the endpoint leaves. */
  private onEnd(pod: PodId): void {
    const endpoint = this.endpointOfPod[pod]
    if (endpoint === NONE) return
    this.setServing(endpoint, 0)
    this.move(pod, Place.Out)
  }

  private onGone(pod: PodId): void {
    const endpoint = this.endpointOfPod[pod]
    this.setServing(endpoint, 0)
    this.move(pod, Place.Out)
    this.podGone[endpoint] = 1
    this.endpointOfPod[pod] = NONE
    this.releaseIfOver(endpoint)
  }

  /** A machine that is down serves nobody; one that is back serves what still runs on it. */
  private onNode(node: NodeId): void {
    const { nodes, pods, nowUs } = this.cluster
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node || this.endpointOfPod[pod] === NONE) continue
      const alive = nodes.down[node] !== NodeState.Down && !isTerminal(pods, pod)
      const inTime = pods.servesFromUs[pod] <= nowUs && nowUs < pods.servesUntilUs[pod]
      this.setServing(this.endpointOfPod[pod], alive && inTime ? 1 : 0)
    }
  }

  /** The selector has another hash: pods of the one enter, those of the other leave. */
  private onSwitch(deployment: DeploymentId): void {
    const { pods, replicaSets } = this.cluster
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (this.endpointOfPod[pod] === NONE || pods.ownerKind[pod] !== Kind.ReplicaSet) continue
      if (replicaSets.deployment[pods.owner[pod] as ReplicaSetId] !== deployment) continue
      const isReady = pods.ready[pod] === 1 && !isTerminal(pods, pod)
      this.move(pod, !isReady ? Place.Out : pods.deletionMark[pod] === 1 ? Place.Terminating : Place.Ready)
    }
  }

  /** Changes the place of a pod's endpoint, seen by clients after the endpoint delay; a pod not selected has none. */
  private move(pod: PodId, wanted: Place): void {
    const endpoint = this.endpointOfPod[pod]
    if (endpoint === NONE) return
    const place = isOfActiveHash(this.cluster, pod) ? wanted : Place.Out
    const delayUs = this.model.endpointDelayUs
    if (delayUs === 0) {
      this.setPlace(endpoint, place)
      return
    }
    this.pendingChanges[endpoint] += 1
    const word = EventKind.EndpointChange | (place << VALUE_SHIFT) | (this.stream << STREAM_SHIFT)
    this.cluster.agenda.push(this.cluster.nowUs + delayUs, Rank.World, word, endpoint)
  }

  private scheduleServing(atUs: number, endpoint: number, serving: 0 | 1): void {
    this.pendingChanges[endpoint] += 1
    const word = EventKind.ServingChange | (serving << VALUE_SHIFT) | (this.stream << STREAM_SHIFT)
    this.cluster.agenda.push(atUs, Rank.World, word, endpoint)
  }

  /** A delayed change arrives. */
  fire(kind: EventKind, value: number, endpoint: number): void {
    this.pendingChanges[endpoint] -= 1
    if (kind === EventKind.EndpointChange) this.setPlace(endpoint, value as Place)
    else if (value === 0) this.setServing(endpoint, 0)
    else if (this.mayBeginToServe(endpoint)) this.setServing(endpoint, 1)
    this.releaseIfOver(endpoint)
  }

  private mayBeginToServe(endpoint: number): boolean {
    if (this.podGone[endpoint] === 1) return false
    const { nodes, nowUs, pods } = this.cluster
    const pod = this.podOfEndpoint[endpoint] as PodId
    const inTime = pods.servesFromUs[pod] <= nowUs && nowUs < pods.servesUntilUs[pod]
    return inTime && nodes.down[pods.node[pod]] !== NodeState.Down && !isTerminal(pods, pod)
  }

  private releaseIfOver(endpoint: number): void {
    if (this.podGone[endpoint] === 0 || this.pendingChanges[endpoint] > 0) return
    this.setPlace(endpoint, Place.Out)
    this.podGone[endpoint] = 0
    this.free[this.freeCount++] = endpoint
  }

  private setPlace(endpoint: number, place: Place): void {
    const before = this.place[endpoint]
    if (before === place) return
    this.integrals.advance(this.cluster.nowUs)
    if (before !== Place.Out) this.integrals.count(before - 1, this.template[endpoint], this.serving[endpoint], -1)
    this.place[endpoint] = place
    if (place !== Place.Out) this.integrals.count(place - 1, this.template[endpoint], this.serving[endpoint], 1)
  }

  private setServing(endpoint: number, serving: 0 | 1): void {
    if (this.serving[endpoint] === serving) return
    this.serving[endpoint] = serving
    const place = this.place[endpoint]
    if (place === Place.Out) return
    this.integrals.advance(this.cluster.nowUs)
    this.integrals.countServing(place - 1, this.template[endpoint], serving === 1 ? 1 : -1)
  }
}

/** Takes apart the word of an endpoint event and gives it to its view. */
export function fireEndpointEvent(views: readonly ClientView[], kind: EventKind, word: number, endpoint: number): void {
  views[word >>> STREAM_SHIFT].fire(kind, (word >>> VALUE_SHIFT) & 3, endpoint)
}
