// Rules of containers, their probes, hooks, ports and resources, after pkg/apis/core/validation/validation.go (v1.36).

import { canonicalQuantity, parseQuantity } from '../quantity.ts'
import type { Container, LifecycleHandler, Probe, Quantity, ResourceRequirements, Volume } from '../types.ts'
import type { FieldErrors, Path } from './fieldErrors.ts'
import { dnsLabelFaults, labelKeyFaults, portNameFaults, portNumberFaults } from './names.ts'

const protocols = ['SCTP', 'TCP', 'UDP']

/** What the rules of a container need to know of its pod. */
export interface PodContext {
  readonly graceSeconds: number
  readonly volumes: readonly Volume[]
}

/** validateContainers and validateInitContainers. */
export function checkContainers(
  lists: { readonly containers: readonly Container[]; readonly initContainers: readonly Container[] },
  pod: PodContext,
  path: Path,
  errors: FieldErrors,
): void {
  const { containers, initContainers } = lists
  if (containers.length === 0) errors.required([...path, 'containers'], '', 'a pod has at least one container')
  const names = new Set<string>()
  for (const [index, container] of containers.entries()) {
    const at = [...path, 'containers', index]
    checkContainer(container, pod, at, errors)
    checkName(container, names, at, errors)
    checkLifecycle(container, pod, at, errors)
  }
  for (const [index, container] of initContainers.entries()) {
    const at = [...path, 'initContainers', index]
    checkContainer(container, pod, at, errors)
    checkName(container, names, at, errors)
    if (container.restartPolicy === 'Always') checkLifecycle(container, pod, at, errors)
    else forbidLifecycle(container, at, errors)
  }
}

function checkName({ name }: Container, names: Set<string>, at: Path, errors: FieldErrors): void {
  if (names.has(name)) errors.duplicate([...at, 'name'], name, '', 'give each container a name of its own')
  names.add(name)
}

/** validateContainerCommon. */
function checkContainer(container: Container, pod: PodContext, at: Path, errors: FieldErrors): void {
  const { name, image, imagePullPolicy, resources } = container
  if (name === '') errors.required([...at, 'name'])
  else for (const fault of dnsLabelFaults(name)) errors.invalid([...at, 'name'], name, fault)
  if (image === '') errors.required([...at, 'image'])
  errors.oneOf([...at, 'imagePullPolicy'], imagePullPolicy, ['Always', 'IfNotPresent', 'Never'])
  checkPorts(container, at, errors)
  checkResources(resources, [...at, 'resources'], errors)
  const volumes = new Set(pod.volumes.map((volume) => volume.name))
  const mounted = new Set<string>()
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const place = [...at, 'volumeMounts', index]
    if (!volumes.has(mount.name)) errors.notFound([...place, 'name'], mount.name, 'name a volume of this pod')
    if (mounted.has(mount.mountPath)) errors.invalid([...place, 'mountPath'], mount.mountPath, 'must be unique')
    mounted.add(mount.mountPath)
  }
}

/** validateContainerPorts. */
function checkPorts(container: Container, at: Path, errors: FieldErrors): void {
  const names = new Set<string>()
  for (const [index, port] of (container.ports ?? []).entries()) {
    const place = [...at, 'ports', index]
    const { name = '', containerPort, hostPort = 0, protocol } = port
    if (name !== '') {
      const faults = portNameFaults(name)
      for (const fault of faults) errors.invalid([...place, 'name'], name, fault)
      if (faults.length === 0 && names.has(name)) errors.duplicate([...place, 'name'], name)
      names.add(name)
    }
    if (containerPort === 0) errors.required([...place, 'containerPort'])
    else {
      for (const fault of portNumberFaults(containerPort))
        errors.invalid([...place, 'containerPort'], containerPort, fault)
    }
    if (hostPort !== 0) {
      for (const fault of portNumberFaults(hostPort)) errors.invalid([...place, 'hostPort'], hostPort, fault)
    }
    errors.oneOf([...place, 'protocol'], protocol, protocols)
  }
}

const overcommitted = (name: string): boolean => !name.includes('/') && !name.startsWith('hugepages-')
const standardResources = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** validateResourceRequirements. */
export function checkResources(resources: ResourceRequirements, path: Path, errors: FieldErrors): void {
  const { limits = {}, requests = {} } = resources
  for (const [list, quantities] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const [name, quantity] of Object.entries(quantities)) {
      const at = [...path, list, name]
      for (const fault of labelKeyFaults(name)) errors.invalid(at, name, fault)
      if (!name.includes('/') && !standardResources.has(name) && !name.startsWith('hugepages-')) {
        errors.invalid(at, name, 'must be a standard resource for containers', 'write cpu, memory or ephemeral-storage')
      }
      checkQuantity(quantity, at, errors)
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name]
    if (limit === undefined) {
      if (!overcommitted(name))
        errors.required([...path, 'limits'], 'Limit must be set for non overcommitable resources')
      continue
    }
    const [wanted, allowed] = [parseQuantity(request)?.nano ?? 0n, parseQuantity(limit)?.nano ?? 0n]
    const shown = canonicalQuantity(request)
    const bound = `${name} limit of ${canonicalQuantity(limit)}`
    if (wanted !== allowed && !overcommitted(name))
      errors.invalid([...path, 'requests', name], shown, `must be equal to ${bound}`)
    else if (wanted > allowed)
      errors.invalid([...path, 'requests', name], shown, `must be less than or equal to ${bound}`)
  }
}

/** ValidateNonnegativeQuantity. */
export function checkQuantity(quantity: Quantity, at: Path, errors: FieldErrors): void {
  if ((parseQuantity(quantity)?.nano ?? 0n) < 0n) {
    errors.invalid(at, canonicalQuantity(quantity), 'must be greater than or equal to 0')
  }
}

const probeNames = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const

function checkLifecycle(container: Container, pod: PodContext, at: Path, errors: FieldErrors): void {
  for (const hook of ['postStart', 'preStop'] as const) {
    const handler = container.lifecycle?.[hook]
    if (handler !== undefined) checkHandler(handler, pod.graceSeconds, [...at, 'lifecycle', hook], errors)
  }
  for (const name of probeNames) {
    const probe = container[name]
    if (probe !== undefined) checkProbe(probe, name, pod.graceSeconds, [...at, name], errors)
  }
}

function forbidLifecycle(container: Container, at: Path, errors: FieldErrors): void {
  for (const field of ['lifecycle', ...probeNames] as const) {
    if (container[field] === undefined) continue
    errors.forbidden([...at, field], 'may not be set for init containers without restartPolicy=Always')
  }
}

/** validateProbe; liveness and startup probes succeed at once. */
function checkProbe(probe: Probe, name: string, graceSeconds: number, at: Path, errors: FieldErrors): void {
  checkHandler(probe, graceSeconds, at, errors)
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.nonNegative([...at, field], probe[field])
  }
  const own = probe.terminationGracePeriodSeconds
  if (name === 'readinessProbe') {
    if (own !== undefined) {
      errors.invalid([...at, 'terminationGracePeriodSeconds'], own, 'must not be set for readinessProbes')
    }
    return
  }
  if (probe.successThreshold !== 1) errors.invalid([...at, 'successThreshold'], probe.successThreshold, 'must be 1')
  if (own !== undefined && own <= 0) {
    errors.invalid([...at, 'terminationGracePeriodSeconds'], own, 'must be greater than 0')
  }
}

/** validateHandler: exactly one kind of action. */
function checkHandler(handler: Probe | LifecycleHandler, graceSeconds: number, at: Path, errors: FieldErrors): void {
  const actions = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'].filter((action) => action in handler)
  const [first, ...others] = actions
  if (first === undefined) errors.required(at, 'must specify a handler type', 'write exec, httpGet or tcpSocket')
  for (const action of others) errors.forbidden([...at, action], 'may not specify more than 1 handler type')
  if (first === 'exec' && (handler.exec?.command ?? []).length === 0) errors.required([...at, 'exec', 'command'])
  if (first === 'httpGet' && handler.httpGet !== undefined) {
    checkPort(handler.httpGet.port, [...at, 'httpGet', 'port'], errors)
    errors.oneOf([...at, 'httpGet', 'scheme'], handler.httpGet.scheme, ['HTTP', 'HTTPS'])
  }
  if (first === 'tcpSocket' && handler.tcpSocket !== undefined) {
    checkPort(handler.tcpSocket.port, [...at, 'tcpSocket', 'port'], errors)
  }
  if (first === 'grpc' && 'grpc' in handler) checkPort(handler.grpc?.port ?? 0, [...at, 'grpc', 'port'], errors)
  if (first === 'sleep' && 'sleep' in handler) {
    const seconds = handler.sleep?.seconds ?? 0
    if (seconds >= 0 && seconds <= graceSeconds) return
    const rule = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`
    errors.invalid([...at, 'sleep'], seconds, rule, 'sleep for less, or raise terminationGracePeriodSeconds')
  }
}

/** ValidatePortNumOrName. */
export function checkPort(port: string | number, at: Path, errors: FieldErrors): void {
  const faults = typeof port === 'number' ? portNumberFaults(port) : portNameFaults(port)
  for (const fault of faults) errors.invalid(at, port, fault)
}
