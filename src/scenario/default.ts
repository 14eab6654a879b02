// What is simulated if only manifests are given: a new image tag for everything that rolls out, two ways to do it.

import type { JsonObject } from '../manifest/types.ts'
import { admit } from './admission.ts'
import { describePatch, unchangedArm } from './expand.ts'
import { containersOf, keyOf, member, ROLLOUT_KINDS, textOf, type ScenarioObject } from './objects.ts'
import { patchObject } from './patches.ts'
import type { WrittenStep } from './schema.ts'
import type { ScenarioArm } from './types.ts'

/** The tag of an image that a new release would have: `web:1.4` becomes `web:1.4-next`, a digest gives way to a tag. */
export function nextImage(image: string): string {
  const digest = image.indexOf('@')
  const named = digest < 0 ? image : image.slice(0, digest)
  const tagged = named.lastIndexOf(':') > named.lastIndexOf('/')
  return tagged ? `${named}-next` : `${named}:next`
}

/** The objects that roll out a new template. */
export function rolloutObjects(objects: readonly ScenarioObject[]): ScenarioObject[] {
  return objects.filter(({ object }) => ROLLOUT_KINDS.includes(object.kind))
}

/** A new image tag at 0 for the first container of every Deployment, StatefulSet and DaemonSet. */
export function assumeTimeline(objects: readonly ScenarioObject[]): WrittenStep[] {
  return rolloutObjects(objects).flatMap(({ raw }) => {
    const [container] = containersOf(raw, 'app')
    if (container === undefined) return []
    const image = nextImage(textOf(container['image']))
    return [{ at: '0s', setImage: { workload: keyOf(raw), container: textOf(container['name']), image } }]
  })
}

/** One of the two arms: its name, and how it changes the objects that roll out. */
interface Way {
  readonly name: string
  /** Undefined leaves the object as it is. */
  readonly patch: (object: ScenarioObject) => JsonObject | undefined
}

/**
 * The arms that are assumed. With Deployments: the manifests as they are, and Recreate (RollingUpdate if all of them
 * are Recreate already). With StatefulSets and no Deployment: OrderedReady and Parallel. With DaemonSets alone: as they
 * are, and the other of surge and unavailable. Whatever else is there takes its own second way in the second arm.
 */
export function assumeArms(objects: readonly ScenarioObject[], kubernetes: string): ScenarioArm[] {
  return chooseWays(objects).flatMap(({ name, patch }) => {
    const words: string[] = []
    const changed: ScenarioObject[] = []
    for (const object of objects) {
      const wanted = patch(object)
      if (wanted === undefined) {
        changed.push(object)
        continue
      }
      const patched = patchObject(object.raw, wanted)
      if ('wrong' in patched) return []
      const raw = patched.value
      const admission = admit(raw, kubernetes)
      if (admission.state === 'refused') return []
      changed.push({ ...object, raw, object: admission.object })
      words.push(describeWay(raw))
    }
    const arm = unchangedArm(name, changed)
    return [{ ...arm, label: words.length > 0 ? [...new Set(words)].join(', ') : arm.label }]
  })
}

function unchanged(): undefined {
  return undefined
}

function managed({ object }: ScenarioObject, podManagementPolicy: string): JsonObject | undefined {
  return object.kind === 'StatefulSet' ? { spec: { podManagementPolicy } } : undefined
}

function chooseWays(objects: readonly ScenarioObject[]): readonly [Way, Way] {
  const kinds = new Set(objects.map(({ object }) => object.kind))
  if (kinds.has('Deployment')) {
    const deployments = objects.filter(({ object }) => object.kind === 'Deployment')
    const allRecreate = deployments.every(
      ({ object }) => object.kind === 'Deployment' && object.spec.strategy.type === 'Recreate',
    )
    const other = (object: ScenarioObject) => secondWay(object, allRecreate ? 'RollingUpdate' : 'Recreate')
    return [
      { name: 'manifest', patch: unchanged },
      { name: allRecreate ? 'rolling' : 'recreate', patch: other },
    ]
  }
  if (kinds.has('StatefulSet')) {
    return [
      { name: 'ordered', patch: (object) => managed(object, 'OrderedReady') },
      { name: 'parallel', patch: (object) => managed(object, 'Parallel') ?? secondWay(object, 'Recreate') },
    ]
  }
  const [daemonSet] = objects.filter(({ object }) => object.kind === 'DaemonSet')
  const surges = daemonSet !== undefined && surgesAlready(daemonSet)
  return [
    { name: 'manifest', patch: unchanged },
    { name: surges ? 'unavailable' : 'surge', patch: (object) => secondWay(object, 'Recreate') },
  ]
}

/** The way to roll out that an object's manifest does not say. */
function secondWay(object: ScenarioObject, deploymentType: 'Recreate' | 'RollingUpdate'): JsonObject | undefined {
  switch (object.object.kind) {
    case 'Deployment':
      return { spec: { strategy: { type: deploymentType } } }
    case 'StatefulSet': {
      const ordered = object.object.spec.podManagementPolicy === 'OrderedReady'
      return { spec: { podManagementPolicy: ordered ? 'Parallel' : 'OrderedReady' } }
    }
    case 'DaemonSet': {
      if (object.object.spec.updateStrategy.type === 'OnDelete')
        return { spec: { updateStrategy: { type: 'RollingUpdate' } } }
      const rollingUpdate = surgesAlready(object)
        ? { maxSurge: 0, maxUnavailable: 1 }
        : { maxSurge: 1, maxUnavailable: 0 }
      return { spec: { updateStrategy: { rollingUpdate } } }
    }
    default:
      return undefined
  }
}

function surgesAlready({ object }: ScenarioObject): boolean {
  if (object.kind !== 'DaemonSet' || object.spec.updateStrategy.type === 'OnDelete') return false
  return !/^0+%?$/.test(String(object.spec.updateStrategy.rollingUpdate.maxSurge))
}

/** How an object of an assumed arm rolls out, in words. */
function describeWay(raw: JsonObject): string {
  const spec = member(raw, 'spec')
  if (raw['kind'] === 'StatefulSet') return textOf(spec?.['podManagementPolicy'])
  if (raw['kind'] === 'Deployment') return textOf(member(spec, 'strategy')?.['type'])
  const rollingUpdate = member(member(spec, 'updateStrategy'), 'rollingUpdate')
  if (rollingUpdate === undefined) return 'RollingUpdate'
  return describePatch(rollingUpdate).join(', ')
}
