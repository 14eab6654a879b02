// The containers of a pod template as the kubelet starts them: init containers and sidecars first, then the others.

import { NONE } from '../base/columns.ts'
import { preStopSeconds } from '../manifest/preStop.ts'
import type { Container, LifecycleHandler, PodSpec, Probe } from '../manifest/types.ts'
import type { ImageId } from './ids.ts'

export const ContainerRole = { Init: 0, Sidecar: 1, Regular: 2 } as const
export type ContainerRole = (typeof ContainerRole)[keyof typeof ContainerRole]

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never'

export interface ProbeModel {
  readonly asks: 'http' | 'tcp' | 'grpc' | 'exec'
  readonly initialDelayUs: number
  readonly periodUs: number
  readonly timeoutUs: number
  readonly successThreshold: number
  readonly failureThreshold: number
  /** Of liveness and startup probes: the grace period after a failure; NONE: the pod's. */
  readonly graceSeconds: number
}

/** A hook: how long it takes; NONE: what the scenario says of its image; undefined: there is none. */
export interface HookModel {
  readonly us: number
}

export interface ContainerModel {
  readonly name: string
  readonly image: ImageId
  readonly role: ContainerRole
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  /** Its own policy, or the pod's. */
  readonly restartPolicy: RestartPolicy
  readonly startup: ProbeModel | undefined
  readonly readiness: ProbeModel | undefined
  readonly liveness: ProbeModel | undefined
  readonly postStart: HookModel | undefined
  readonly preStop: HookModel | undefined
  /** The scenario gives its image timings of its own; others than the application listen at once without. */
  readonly isTimed: boolean
}

/** What of a pod template concerns the kubelet alone. */
export interface PodContainers {
  readonly list: readonly ContainerModel[]
  /** Index of the application: the first regular container. */
  readonly application: number
  readonly readinessGates: readonly string[]
  /** NONE: no deadline. */
  readonly activeDeadlineSeconds: number
}

/** Gives ids to images, and says whether the scenario has timings for one by name. */
export interface ContainerImages {
  imageId(name: string): ImageId
  isTimed(name: string): boolean
}

/** Compiles the containers of a defaulted pod spec. */
export function compileContainers(spec: PodSpec, images: ContainerImages): PodContainers {
  const inits = (spec.initContainers ?? []).map((container) => {
    const role = container.restartPolicy === 'Always' ? ContainerRole.Sidecar : ContainerRole.Init
    // Init containers of a pod that restarts for ever are repeated until they succeed.
    const policy = spec.restartPolicy === 'Always' ? 'OnFailure' : spec.restartPolicy
    return compileContainer(container, role, container.restartPolicy ?? policy, images)
  })
  const regular = spec.containers.map((container) =>
    compileContainer(container, ContainerRole.Regular, container.restartPolicy ?? spec.restartPolicy, images),
  )
  return {
    list: [...inits, ...regular],
    application: inits.length,
    readinessGates: (spec.readinessGates ?? []).map(({ conditionType }) => conditionType),
    activeDeadlineSeconds: spec.activeDeadlineSeconds ?? NONE,
  }
}

function compileContainer(
  container: Container,
  role: ContainerRole,
  restartPolicy: RestartPolicy,
  images: ContainerImages,
): ContainerModel {
  const image = container.image
  const preStop = container.lifecycle?.preStop
  return {
    name: container.name,
    image: images.imageId(image),
    role,
    pullPolicy: container.imagePullPolicy,
    restartPolicy,
    startup: compileProbe(container.startupProbe),
    readiness: compileProbe(container.readinessProbe),
    liveness: compileProbe(container.livenessProbe),
    postStart: compileHook(container.lifecycle?.postStart),
    preStop: compileHook(preStop),
    isTimed: images.isTimed(image),
  }
}

function compileProbe(probe: Probe | undefined): ProbeModel | undefined {
  if (probe === undefined) return undefined
  const second = 1_000_000
  return {
    asks: probe.httpGet ? 'http' : probe.tcpSocket ? 'tcp' : probe.grpc ? 'grpc' : 'exec',
    initialDelayUs: probe.initialDelaySeconds * second,
    periodUs: probe.periodSeconds * second,
    timeoutUs: probe.timeoutSeconds * second,
    successThreshold: probe.successThreshold,
    failureThreshold: probe.failureThreshold,
    graceSeconds: probe.terminationGracePeriodSeconds ?? NONE,
  }
}

/** A sleep says how long it takes; other hooks do not. */
function compileHook(hook: LifecycleHandler | undefined): HookModel | undefined {
  if (hook === undefined) return undefined
  const seconds = preStopSeconds({ lifecycle: { preStop: hook } })
  return { us: seconds === undefined ? NONE : Math.round(seconds * 1_000_000) }
}
