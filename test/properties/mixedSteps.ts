// What people and machines do in random runs of all kinds of workloads.

import fc from 'fast-check'
import type { Step } from '../../src/scenario/types.ts'

/** A step without its time; a node is chosen among `names`. */
export type StepOf = (atUs: number, names: readonly string[]) => Step

const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max })
const image = fc.constantFrom('app:v1', 'app:v2', 'app:v3')
const place = fc.nat(60)
const ref = (key: string): { kind: string; name: string } => ({ kind: key.split('/')[0], name: key.split('/')[1] })

const WORKLOADS = [
  'Deployment/web',
  'Deployment/web',
  'Deployment/api',
  'StatefulSet/db',
  'StatefulSet/db',
  'DaemonSet/agent',
]

/** Steps on workloads and machines; scales reach up to `replicasMax`. */
export function stepOf(replicasMax: number): fc.Arbitrary<StepOf> {
  return fc.oneof(...releases(), ...releases(), scaling(replicasMax), scaling(replicasMax), ...disturbances())
}

function scaling(replicasMax: number): fc.Arbitrary<StepOf> {
  const scalable = fc.constantFrom(...WORKLOADS.slice(0, 5)).map(ref)
  return fc.tuple(scalable, int(0, replicasMax)).map(([on, replicas]): StepOf => (atUs) => ({
    atUs,
    op: 'scale',
    workload: on,
    replicas: on.kind === 'StatefulSet' ? replicas % 13 : replicas,
  }))
}

function releases(): fc.Arbitrary<StepOf>[] {
  const target = fc.constantFrom(...WORKLOADS).map(ref)
  const release = fc.tuple(target, image).map(([on, version]): StepOf => (atUs) => ({
    atUs,
    op: 'setImage',
    workload: on,
    container: 'app',
    image: version,
  }))
  const onWorkload = fc.tuple(target, fc.constantFrom('restart' as const, 'undo' as const)).map(
    ([on, op]): StepOf =>
      (atUs) =>
        op === 'undo' ? { atUs, op, workload: on, toRevision: 0 } : { atUs, op, workload: on },
  )
  const pausing = fc
    .constantFrom('pause' as const, 'resume' as const)
    .map((op): StepOf => (atUs) => ({ atUs, op, workload: ref('Deployment/web') }))
  return [release, onWorkload, pausing]
}

function disturbances(): fc.Arbitrary<StepOf>[] {
  const target = fc.constantFrom(...WORKLOADS).map(ref)
  const patched = fc
    .oneof(
      int(0, 4).map((partition) => ({
        on: ref('StatefulSet/db'),
        spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } },
      })),
      int(0, 5).map((parallelism) => ({ on: ref('Job/batch'), spec: { parallelism } })),
      fc.boolean().map((suspend) => ({ on: ref('Job/batch'), spec: { suspend } })),
    )
    .map(({ on, spec }): StepOf => (atUs) => ({ atUs, op: 'patch', workload: on, patch: { spec } }))
  const lost = fc
    .tuple(place, fc.boolean())
    .map(([index, force]): StepOf => (atUs) => ({ atUs, op: 'deletePod', index, force }))
  const machine = fc.constantFrom(
    ...(['nodeDown', 'nodeUp', 'nodeUp', 'cordon', 'uncordon', 'drain', 'drain', 'deleteNode'] as const),
  )
  const onNode = fc
    .tuple(machine, place)
    .map(([op, index]): StepOf => (atUs, names) => ({ atUs, op, node: names[index % names.length] }))
  const gone = target.map((on): StepOf => (atUs) => ({ atUs, op: 'delete', object: on, cascade: 'background' }))
  return [patched, lost, onNode, onNode, gone]
}
