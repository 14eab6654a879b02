// Everything that happens in one run, written down by an observer: every state of every pod, of the Deployment, and of the
// machines. Oracles compute from this list and from nothing else.

import { NONE } from '../../src/base/columns.ts'
import { ConditionStatus, DeploymentReason, NodeState, PodPhase } from '../../src/cluster/codes.ts'
import type { PodId } from '../../src/cluster/pods.ts'
import { Player } from '../../src/engine/engine.ts'
import { type DeploymentId, Kind, type Model, type NodeId } from '../../src/model/types.ts'

export interface PodState {
  readonly atUs: number
  readonly gone: boolean
  readonly node: number
  readonly terminal: boolean
  readonly running: boolean
  readonly ready: boolean
  readonly marked: boolean
  readonly graceSeconds: number
  readonly reason: number
}

export interface PodTrace {
  readonly uid: number
  readonly template: number
  readonly image: number
  /** The pods of its image that were created before it. */
  readonly index: number
  readonly states: PodState[]
}

export interface DeploymentState {
  readonly atUs: number
  readonly exists: boolean
  readonly template: number
  readonly replicas: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  readonly generation: number
  readonly observedGeneration: number
  readonly updated: number
  readonly total: number
  readonly available: number
  readonly deadlineExceeded: boolean
}

export interface MachineState {
  readonly atUs: number
  readonly node: number
  readonly down: boolean
}

export interface Trace {
  readonly model: Model
  readonly pods: readonly PodTrace[]
  readonly deployment: readonly DeploymentState[]
  readonly nodes: readonly MachineState[]
  /** Ends of instants at which something was written. */
  readonly instants: readonly number[]
  /** Pods in the store at the end, and those that were ever created and deleted, as the table counts them. */
  readonly alive: number
  readonly created: number
  readonly deleted: number
  /** Revision annotations of ReplicaSets when they came or changed, by row. */
  readonly revisions: readonly { readonly rs: number; readonly revision: number }[]
}

/** Plays one run and writes it down; the model must hold one Deployment, in row 0. */
export function traceRun(model: Model, seed: number): Trace {
  const instants: number[] = []
  const player = new Player(model, (nowUs) => instants.push(nowUs))
  const { cluster } = player.machine
  const { deployments, nodes, pods, replicaSets } = cluster
  const traces = new Map<number, PodTrace>()
  const createdOfImage = new Map<number, number>()
  const revisions: { rs: number; revision: number }[] = []
  const deployment: DeploymentState[] = []
  const nodeStates: MachineState[] = []
  const row = 0 as DeploymentId

  const look = (pod: PodId, gone: boolean): void => {
    if (pods.uid[pod] === NONE) return
    const phase = pods.phase[pod]
    traces.get(pods.uid[pod])!.states.push({
      atUs: cluster.nowUs,
      gone,
      node: pods.node[pod],
      terminal: phase === PodPhase.Succeeded || phase === PodPhase.Failed,
      running: phase === PodPhase.Running,
      ready: pods.ready[pod] === 1,
      marked: pods.deletionMark[pod] === 1,
      graceSeconds: pods.deletionGraceSeconds[pod],
      reason: pods.deletionReason[pod],
    })
  }
  const lookAtDeployment = (): void => {
    const status = deployments.status[row]
    deployment.push({
      atUs: cluster.nowUs,
      exists: deployments.exists[row] === 1,
      template: deployments.template[row],
      replicas: deployments.replicas[row],
      maxSurge: deployments.maxSurge[row],
      maxUnavailable: deployments.maxUnavailable[row],
      generation: deployments.generation[row],
      observedGeneration: status.observedGeneration,
      updated: status.updatedReplicas,
      total: status.replicas,
      available: status.availableReplicas,
      deadlineExceeded:
        status.progressing === ConditionStatus.False &&
        status.progressingReason === DeploymentReason.ProgressDeadlineExceeded,
    })
  }
  const lookIfDeployment = (kind: Kind): void => {
    if (kind === Kind.Deployment) lookAtDeployment()
  }
  cluster.watch.add({
    podAdded(pod) {
      const template = pods.template[pod]
      const image = model.templates[template].image
      const index = createdOfImage.get(image) ?? 0
      createdOfImage.set(image, index + 1)
      traces.set(pods.uid[pod], { uid: pods.uid[pod], template, image, index, states: [] })
      look(pod, false)
    },
    podUpdated: (pod) => look(pod, false),
    podDeleted: (pod) => look(pod, true),
    specChanged: lookIfDeployment,
    statusChanged: lookIfDeployment,
    objectDeleted: lookIfDeployment,
    replicaSetChanged: (rs) => revisions.push({ rs, revision: replicaSets.revision[rs] }),
    nodeChanged(node: NodeId) {
      nodeStates.push({ atUs: cluster.nowUs, node, down: nodes.down[node] === NodeState.Down })
    },
  })
  player.run(seed)
  const { count: alive, created, deleted } = pods
  return {
    model,
    pods: [...traces.values()],
    deployment,
    nodes: nodeStates,
    instants,
    alive,
    created,
    deleted,
    revisions,
  }
}
