// The Deployment controller once more, as slowly and plainly as possible: objects, arrays and spread copies, written
// from the description of Kubernetes v1.36 and not from src/controllers. One sync without API latency.

export interface TwinReplicaSet {
  id: number
  template: number
  replicas: number
  minReadySeconds: number
  desired: number | undefined
  max: number | undefined
  revision: number
  generation: number
  observed: number
  status: { replicas: number; ready: number; available: number; terminating: number | undefined }
  /** Phases of its pods that are not terminal. */
  runningPods: number
}

export interface TwinCondition {
  status: string
  reason: string
  update: number
  transition: number
}

export interface TwinDeployment {
  replicas: number
  template: number
  recreate: boolean
  maxSurge: number
  maxUnavailable: number
  minReadySeconds: number
  deadline: number | undefined
  historyLimit: number | undefined
  paused: boolean
  generation: number
  status: {
    observed: number
    replicas: number
    updated: number
    ready: number
    available: number
    unavailable: number
    terminating: number | undefined
    conditions: { Available?: TwinCondition; Progressing?: TwinCondition }
  }
}

export interface TwinState {
  deployment: TwinDeployment
  /** In creation order. */
  replicaSets: TwinReplicaSet[]
  nowSeconds: number
}

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0)

/** A deep copy; several times as fast as structuredClone on small objects. */
function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = copyOf(value[key])
  return copy as T
}

/** The state after one sync; the argument is left alone. */
export function syncTwin(before: TwinState): TwinState {
  const state = copyOf(before)
  const { deployment: d, replicaSets, nowSeconds: now } = state
  // What the sync knows: copies made at its beginning.
  const known = copyOf(replicaSets)
  const stored = (rs: TwinReplicaSet): TwinReplicaSet => replicaSets.find(({ id }) => id === rs.id)!
  const working = copyOf(d.status)
  const setCondition = (name: 'Available' | 'Progressing', status: string, reason: string): void => {
    const old = working.conditions[name]
    if (old?.status === status && old.reason === reason) return
    working.conditions[name] = {
      status,
      reason,
      update: now,
      transition: old?.status === status ? old.transition : now,
    }
  }

  if (d.deadline !== undefined && working.conditions.Progressing?.reason !== 'ProgressDeadlineExceeded') {
    const saysPaused = working.conditions.Progressing?.reason === 'DeploymentPaused'
    if (d.paused && !saysPaused) setCondition('Progressing', 'Unknown', 'DeploymentPaused')
    if (!d.paused && saysPaused) setCondition('Progressing', 'Unknown', 'DeploymentResumed')
    d.status.conditions = copyOf(working.conditions)
  }

  const wanted = { total: sum(known.map((rs) => rs.replicas)) }
  let fresh: TwinReplicaSet | undefined = known.find((rs) => rs.template === d.template)
  const olds = (): TwinReplicaSet[] => known.filter((rs) => rs !== fresh)
  const oldTotal = (): number => sum(olds().map((rs) => rs.replicas))

  const renew = (): void => {
    if (!fresh) return
    const revision = Math.max(0, ...olds().map((rs) => rs.revision)) + 1
    if (fresh.revision < revision || fresh.minReadySeconds !== d.minReadySeconds) {
      const target = stored(fresh)
      if (target.minReadySeconds !== d.minReadySeconds) target.generation++
      target.revision = Math.max(revision, target.revision)
      target.minReadySeconds = d.minReadySeconds
      fresh.revision = target.revision
      fresh.minReadySeconds = target.minReadySeconds
      fresh.generation = target.generation
      return
    }
    if (d.deadline !== undefined && !working.conditions.Progressing) {
      setCondition('Progressing', 'True', 'FoundNewReplicaSet')
      d.status.conditions = copyOf(working.conditions)
    }
  }
  const newSize = (size: number): number => {
    if (d.recreate) return d.replicas
    const room = d.replicas + d.maxSurge - oldTotal() - size
    return room <= 0 ? size : size + Math.min(room, d.replicas - size)
  }
  const create = (): void => {
    const replicas = newSize(0)
    const revision = Math.max(0, ...known.map((rs) => rs.revision)) + 1
    const made: TwinReplicaSet = {
      id: 1 + Math.max(-1, ...known.map(({ id }) => id)),
      template: d.template,
      replicas,
      minReadySeconds: d.minReadySeconds,
      desired: d.replicas,
      max: d.replicas + d.maxSurge,
      revision,
      generation: 1,
      observed: 0,
      status: { replicas: 0, ready: 0, available: 0, terminating: undefined },
      runningPods: 0,
    }
    replicaSets.push(copyOf(made))
    known.push(made)
    fresh = made
    wanted.total += replicas
    if (d.deadline !== undefined) setCondition('Progressing', 'True', 'NewReplicaSetCreated')
    d.status.conditions = copyOf(working.conditions)
  }
  const scaleTo = (rs: TwinReplicaSet, size: number, force = false): boolean => {
    const max = d.replicas + d.maxSurge
    if (!force && rs.replicas === size) return false
    const target = stored(rs)
    if (target.replicas !== size) target.generation++
    target.replicas = size
    target.desired = d.replicas
    target.max = max
    return true
  }

  const status = (): TwinDeployment['status'] => {
    const all = known.map((rs) => rs.status)
    const available = sum(all.map((s) => s.available))
    const terminating = known
      .filter((rs) => rs.status.terminating !== undefined || rs.observed !== 0)
      .map((rs) => rs.status.terminating)
    const next = copyOf(working)
    next.observed = d.generation
    next.replicas = sum(all.map((s) => s.replicas))
    next.updated = fresh?.status.replicas ?? 0
    next.ready = sum(all.map((s) => s.ready))
    next.available = available
    next.unavailable = Math.max(0, wanted.total - available)
    next.terminating = terminating.includes(undefined) ? undefined : sum(terminating as number[])
    return next
  }
  const withAvailable = (next: TwinDeployment['status']): void => {
    const enough = next.available >= d.replicas - (d.recreate ? 0 : d.maxUnavailable)
    const saved = copyOf(working.conditions)
    working.conditions = next.conditions
    setCondition(
      'Available',
      enough ? 'True' : 'False',
      enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    )
    next.conditions = working.conditions
    working.conditions = saved
  }
  const complete = (s: TwinDeployment['status']): boolean =>
    s.updated === d.replicas && s.replicas === d.replicas && s.available === d.replicas && s.observed >= d.generation
  const cleanup = (): void => {
    if (d.historyLimit === undefined) return
    const candidates = olds().sort((a, b) => a.revision - b.revision || a.id - b.id)
    for (const rs of candidates.slice(0, Math.max(0, candidates.length - d.historyLimit))) {
      if (rs.status.replicas !== 0 || rs.replicas !== 0 || rs.generation > rs.observed) continue
      replicaSets.splice(replicaSets.indexOf(stored(rs)), 1)
      known.splice(known.indexOf(rs), 1)
    }
  }
  const rolloutStatus = (): void => {
    const next = status()
    withAvailable(next)
    const reason = working.conditions.Progressing?.reason
    const progress = (value: string, why: string, replace = false): void => {
      const saved = working.conditions
      working.conditions = next.conditions
      const old = next.conditions.Progressing
      if (replace && old?.status === value) next.conditions.Progressing = { ...old, reason: why, update: now }
      else if (replace) next.conditions.Progressing = { status: value, reason: why, update: now, transition: now }
      else setCondition('Progressing', value, why)
      working.conditions = saved
    }
    if (d.deadline === undefined) delete next.conditions.Progressing
    else if (!(next.replicas === next.updated && reason === 'NewReplicaSetAvailable')) {
      const moved =
        next.updated > working.updated ||
        next.replicas - next.updated < working.replicas - working.updated ||
        next.ready > working.ready ||
        next.available > working.available
      const condition = next.conditions.Progressing
      const late =
        condition !== undefined &&
        condition.reason !== 'NewReplicaSetAvailable' &&
        (condition.reason === 'ProgressDeadlineExceeded' || condition.update + d.deadline < now)
      if (complete(next)) progress('True', 'NewReplicaSetAvailable')
      else if (moved) progress('True', 'ReplicaSetUpdated', true)
      else if (late) progress('False', 'ProgressDeadlineExceeded')
    }
    d.status = next
  }
  const pausedOrScaling = (): TwinState => {
    const active = known.filter((rs) => rs.replicas > 0)
    const only = active.length === 1 ? active[0] : active.length === 0 ? (fresh ?? known.at(-1)) : undefined
    if (only) scaleTo(only, d.replicas)
    else if (active.length > 1) {
      const saturated =
        fresh?.replicas === d.replicas && fresh.desired === d.replicas && fresh.status.available === d.replicas
      if (saturated) for (const rs of olds().filter(({ replicas }) => replicas > 0)) scaleTo(rs, 0)
      else if (!d.recreate) proportional(active)
    }
    if (d.paused) cleanup()
    const next = status()
    withAvailable(next)
    d.status = next
    return state
  }
  const proportional = (active: TwinReplicaSet[]): void => {
    const allowed = d.replicas > 0 ? d.replicas + d.maxSurge : 0
    const add = allowed - sum(active.map((rs) => rs.replicas))
    const order = [...active]
    if (add > 0) order.sort((a, b) => b.replicas - a.replicas || b.id - a.id)
    else if (add < 0) order.sort((a, b) => b.replicas - a.replicas || a.id - b.id)
    else order.sort((a, b) => (a === fresh ? 1 : b === fresh ? -1 : b.id - a.id))
    let added = 0
    const sizes = order.map((rs) => {
      let share = 0
      if (add !== 0 && added !== add) {
        const base = rs.max !== undefined && rs.max > 0 ? rs.max : working.replicas
        const exact = (rs.replicas * (d.replicas + d.maxSurge)) / base
        const fraction = d.replicas === 0 ? -rs.replicas : base === 0 ? 0 : Math.round(exact) - rs.replicas
        share = add > 0 ? Math.min(fraction, add - added) : Math.max(fraction, add - added)
      }
      added += share
      return rs.replicas + share
    })
    sizes[0] = Math.max(0, sizes[0] + add - added)
    order.forEach((rs, i) => scaleTo(rs, sizes[i], true))
  }

  renew()
  if (d.paused) return pausedOrScaling()
  if (known.some((rs) => rs.replicas > 0 && rs.desired !== undefined && rs.desired !== d.replicas))
    return pausedOrScaling()

  if (d.recreate) {
    const active = olds().filter((rs) => rs.replicas > 0)
    for (const rs of active) scaleTo(rs, 0)
    const busy = olds().some((rs) => rs.status.replicas > 0 || rs.runningPods > 0)
    if (active.length === 0 && !busy) {
      if (fresh) scaleTo(fresh, d.replicas)
      else create()
      if (complete(before.deployment.status)) cleanup()
    }
    rolloutStatus()
    return state
  }

  if (!fresh) create()
  const rs = fresh!
  let scaled = false
  if (rs.replicas > d.replicas) scaled = scaleTo(rs, d.replicas)
  else if (rs.replicas < d.replicas) scaled = scaleTo(rs, newSize(rs.replicas))
  if (!scaled) scaled = reconcileOld(rs)
  if (!scaled && complete(before.deployment.status)) cleanup()
  rolloutStatus()
  return state

  function reconcileOld(newest: TwinReplicaSet): boolean {
    const active = olds().filter(({ replicas }) => replicas > 0)
    if (oldTotal() === 0) return false
    const minAvailable = d.replicas - d.maxUnavailable
    const removable = oldTotal() + newest.replicas - minAvailable - (newest.replicas - newest.status.available)
    if (removable <= 0) return false
    let unhealthy = 0
    for (const old of active) {
      if (unhealthy >= removable) break
      const bad = old.replicas - old.status.available
      if (bad === 0) continue
      if (bad < 0) return false
      const count = Math.min(removable - unhealthy, bad)
      scaleTo(old, old.replicas - count)
      old.replicas -= count
      unhealthy += count
    }
    const alive = active.filter(({ replicas }) => replicas > 0)
    const available = sum(alive.map((old) => old.status.available)) + newest.status.available
    let surplus = available - minAvailable
    let removed = 0
    for (const old of alive) {
      if (surplus <= 0) break
      const count = Math.min(old.replicas, surplus)
      scaleTo(old, old.replicas - count)
      surplus -= count
      removed += count
    }
    return unhealthy + removed > 0
  }
}
