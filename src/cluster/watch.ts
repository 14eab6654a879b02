// Who is told of which write: the informers. Controllers, the scheduler, kubelets and observers add their handlers
// once, in wiring.ts; the writers in cluster/ call them in that order, at once.

import type { CronJobId, DeploymentId, Kind, NodeId, ServiceId } from '../model/types.ts'
import type { AppState } from './applications.ts'
import type { AttachmentId } from './attachments.ts'
import type { ClaimId } from './claims.ts'
import type { PodChange } from './codes.ts'
import type { EndpointId } from './endpoints.ts'
import type { PodId } from './pods.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import type { VolumeId } from './volumes.ts'

export interface Watcher {
  podAdded?(pod: PodId): void
  podUpdated?(pod: PodId, change: PodChange): void
  /** The row still holds the last state; it is free after the call. */
  podDeleted?(pod: PodId): void
  /** Its kubelet has begun to end a pod and knows when it stops to serve; the object has not changed. */
  podEnding?(pod: PodId): void
  /** What the process in a pod does is another thing now (cluster/applications.ts); `before` is what it did. */
  applicationChanged?(pod: PodId, before: AppState): void
  /** A pod gets more or fewer requests a second than before. */
  loadChanged?(pod: PodId, before: number): void
  /** An HTTP probe has been answered by a pod's application. */
  probed?(pod: PodId): void
  /** A single request has taken the last good answer of a pod's application. */
  answersUsedUp?(pod: PodId): void
  replicaSetChanged?(rs: ReplicaSetId): void
  replicaSetDeleted?(rs: ReplicaSetId): void
  /** A ReplicaSet without a controller is new, or has lost its controller or changed its labels. */
  replicaSetOrphaned?(rs: ReplicaSetId): void
  /** A pod was adopted, released or orphaned: the row has its new owner; podUpdated follows. */
  podOwnerChanged?(pod: PodId, formerKind: Kind, formerOwner: number): void
  /** A ReplicaSet was adopted, released or orphaned; replicaSetChanged follows. NONE: it had no Deployment. */
  replicaSetOwnerChanged?(rs: ReplicaSetId, former: DeploymentId): void
  /** An object was created, or its spec written. */
  specChanged?(kind: Kind, row: number): void
  objectDeleted?(kind: Kind, row: number): void
  /** The status of an object was written. */
  statusChanged?(kind: Kind, row: number): void
  /** A write to an EndpointSlice changes an endpoint; endpointSliceWritten follows the last of a write. */
  endpointChanged?(service: ServiceId, endpoint: EndpointId): void
  endpointSliceWritten?(service: ServiceId): void
  nodeChanged?(node: NodeId): void
  /** The Services of a workload select pods of another hash (serviceSelectors.ts). */
  selectorSwitched?(deployment: DeploymentId): void
  /** A CronJob got another schedule or time zone. */
  scheduleChanged?(cronJob: CronJobId): void
  /** A ControllerRevision of the object was changed or deleted. */
  revisionChanged?(kind: Kind, row: number): void
  /** A claim was created, selected for a node, bound or deleted. */
  claimChanged?(claim: ClaimId): void
  /** A PersistentVolume of the manifests was created. */
  volumeAdded?(volume: VolumeId): void
  /** What a node's status says of a volume was written. */
  attachmentChanged?(at: AttachmentId): void
  /** The status of a pod says that none of its containers runs any more; its phase may still be Running. */
  containersStopped?(pod: PodId): void
  /** A pod does not wait for its volumes any more: it did since `sinceUs`. */
  volumeWaitEnded?(pod: PodId, sinceUs: number): void
}

export class Watch {
  /** True since the last time someone looked: anything at all was written. */
  changed = false
  private readonly podAddedTo: Watcher[] = []
  private readonly podUpdatedTo: Watcher[] = []
  private readonly podDeletedTo: Watcher[] = []
  private readonly podEndingTo: Watcher[] = []
  private readonly applicationTo: Watcher[] = []
  private readonly loadTo: Watcher[] = []
  private readonly probedTo: Watcher[] = []
  private readonly replicaSetTo: Watcher[] = []
  private readonly othersTo: Watcher[] = []

  add(watcher: Watcher): void {
    if (watcher.podAdded) this.podAddedTo.push(watcher)
    if (watcher.podUpdated) this.podUpdatedTo.push(watcher)
    if (watcher.podDeleted) this.podDeletedTo.push(watcher)
    if (watcher.podEnding) this.podEndingTo.push(watcher)
    if (watcher.applicationChanged) this.applicationTo.push(watcher)
    if (watcher.loadChanged) this.loadTo.push(watcher)
    if (watcher.probed) this.probedTo.push(watcher)
    if (watcher.replicaSetChanged || watcher.replicaSetDeleted) this.replicaSetTo.push(watcher)
    this.othersTo.push(watcher)
  }

  podAdded(pod: PodId): void {
    this.changed = true
    const watchers = this.podAddedTo
    for (let i = 0; i < watchers.length; i++) watchers[i].podAdded!(pod)
  }

  podUpdated(pod: PodId, change: PodChange): void {
    this.changed = true
    const watchers = this.podUpdatedTo
    for (let i = 0; i < watchers.length; i++) watchers[i].podUpdated!(pod, change)
  }

  podDeleted(pod: PodId): void {
    this.changed = true
    const watchers = this.podDeletedTo
    for (let i = 0; i < watchers.length; i++) watchers[i].podDeleted!(pod)
  }

  podEnding(pod: PodId): void {
    const watchers = this.podEndingTo
    for (let i = 0; i < watchers.length; i++) watchers[i].podEnding!(pod)
  }

  applicationChanged(pod: PodId, before: AppState): void {
    const watchers = this.applicationTo
    for (let i = 0; i < watchers.length; i++) watchers[i].applicationChanged!(pod, before)
  }

  loadChanged(pod: PodId, before: number): void {
    const watchers = this.loadTo
    for (let i = 0; i < watchers.length; i++) watchers[i].loadChanged!(pod, before)
  }

  probed(pod: PodId): void {
    const watchers = this.probedTo
    for (let i = 0; i < watchers.length; i++) watchers[i].probed!(pod)
  }

  answersUsedUp(pod: PodId): void {
    for (const watcher of this.othersTo) watcher.answersUsedUp?.(pod)
  }

  replicaSetChanged(rs: ReplicaSetId): void {
    this.changed = true
    const watchers = this.replicaSetTo
    for (let i = 0; i < watchers.length; i++) watchers[i].replicaSetChanged?.(rs)
  }

  replicaSetDeleted(rs: ReplicaSetId): void {
    this.changed = true
    for (const watcher of this.replicaSetTo) watcher.replicaSetDeleted?.(rs)
  }

  replicaSetOrphaned(rs: ReplicaSetId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.replicaSetOrphaned?.(rs)
  }

  podOwnerChanged(pod: PodId, formerKind: Kind, formerOwner: number): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.podOwnerChanged?.(pod, formerKind, formerOwner)
  }

  replicaSetOwnerChanged(rs: ReplicaSetId, former: DeploymentId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.replicaSetOwnerChanged?.(rs, former)
  }

  specChanged(kind: Kind, row: number): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.specChanged?.(kind, row)
  }

  objectDeleted(kind: Kind, row: number): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.objectDeleted?.(kind, row)
  }

  statusChanged(kind: Kind, row: number): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.statusChanged?.(kind, row)
  }

  scheduleChanged(cronJob: CronJobId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.scheduleChanged?.(cronJob)
  }

  revisionChanged(kind: Kind, row: number): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.revisionChanged?.(kind, row)
  }

  selectorSwitched(deployment: DeploymentId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.selectorSwitched?.(deployment)
  }

  endpointChanged(service: ServiceId, endpoint: EndpointId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.endpointChanged?.(service, endpoint)
  }

  endpointSliceWritten(service: ServiceId): void {
    for (const watcher of this.othersTo) watcher.endpointSliceWritten?.(service)
  }

  /** Whether anyone wants to know how many requests pods get. */
  get carriesLoad(): boolean {
    return this.loadTo.length > 0
  }

  claimChanged(claim: ClaimId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.claimChanged?.(claim)
  }

  volumeAdded(volume: VolumeId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.volumeAdded?.(volume)
  }

  attachmentChanged(at: AttachmentId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.attachmentChanged?.(at)
  }

  containersStopped(pod: PodId): void {
    for (const watcher of this.othersTo) watcher.containersStopped?.(pod)
  }

  volumeWaitEnded(pod: PodId, sinceUs: number): void {
    for (const watcher of this.othersTo) watcher.volumeWaitEnded?.(pod, sinceUs)
  }

  nodeChanged(node: NodeId): void {
    this.changed = true
    for (const watcher of this.othersTo) watcher.nodeChanged?.(node)
  }
}
