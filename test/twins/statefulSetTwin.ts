// The StatefulSet controller once more, slowly and over plain objects, after stateful_set_control.go,
// stateful_set_utils.go and stateful_pod_control.go (Kubernetes v1.36.3): what it asks of the API in one sync, and when.

export interface TwinPod {
  readonly ordinal: number
  readonly revision: number
  /** '': made in this sync, not sent yet. */
  readonly phase: '' | 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  readonly ready: boolean
  readonly readySince: number
  readonly terminating: boolean
  /** Undefined for one that is not sent yet. */
  readonly uid: number | undefined
}

export interface TwinClaim {
  readonly set?: 'mine' | 'former'
  readonly pod?: number
}

export interface TwinStatus {
  observed: number
  replicas: number
  ready: number
  available: number
  current: number
  updated: number
  currentRevision: number
  updateRevision: number
}

export interface TwinState {
  readonly now: number
  readonly uid: number
  readonly generation: number
  readonly replicas: number
  readonly start: number
  readonly template: number
  readonly parallel: boolean
  readonly strategy: { readonly type: 'OnDelete' } | { readonly type: 'RollingUpdate'; readonly partition?: number }
  readonly gate: boolean
  readonly maxUnavailable: number
  readonly minReadySeconds: number
  readonly historyLimit: number | undefined
  readonly whenScaled: 'Retain' | 'Delete'
  readonly whenDeleted: 'Retain' | 'Delete'
  readonly templates: readonly string[]
  readonly status: TwinStatus
  /** Oldest first. */
  readonly revisions: readonly { readonly template: number; readonly number: number }[]
  readonly pods: readonly TwinPod[]
  /** Ordinals whose name a pod of a former incarnation has. */
  readonly taken: readonly number[]
  /** By `TEMPLATE-ORDINAL`. */
  readonly claims: ReadonlyMap<string, TwinClaim>
}

export interface TwinResult {
  /** `TIME CALL`, sorted; times are microseconds since the sync began. */
  readonly calls: string[]
  readonly failed: boolean
  readonly tookUs: number
}

class Failure extends Error {}

/** One sync. */
export function syncTwin(state: TwinState): TwinResult {
  const sync = new TwinSync(state)
  const failed = sync.run()
  return { calls: sync.calls.sort(), failed, tookUs: sync.clock }
}

class TwinSync {
  readonly calls: string[] = []
  clock = 0
  private readonly state: TwinState
  private readonly claims: Map<string, TwinClaim>
  private replicas: TwinPod[] = []
  private condemned: TwinPod[] = []
  private firstUnavailable: TwinPod | undefined

  constructor(state: TwinState) {
    this.state = state
    this.claims = new Map(state.claims)
  }

  run(): boolean {
    const { state } = this
    const next = (state.revisions.at(-1)?.number ?? 0) + 1
    if (state.revisions.at(-1)?.template !== state.template) this.call(`revision ${state.template} ${next}`)
    const update = state.template
    const stored = state.revisions.find(({ template }) => template === state.status.currentRevision)
    const current = stored?.template ?? update
    const status = this.count(current, update)
    let failed = false
    try {
      this.update(current, update, status)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failed = true
    }
    const all = [status.updated, status.ready, status.replicas].every((number) => number === state.replicas)
    if (state.strategy.type === 'RollingUpdate' && all) {
      status.current = status.updated
      status.currentRevision = status.updateRevision
    }
    const { observed, ...numbers } = state.status
    const same = (Object.keys(numbers) as (keyof typeof numbers)[]).every((key) => numbers[key] === status[key])
    if (status.observed > observed || !same) this.call(`status ${JSON.stringify(status)}`)
    this.truncate(current, update)
    if (!failed && state.minReadySeconds > 0 && status.ready !== status.available) this.checkAgain()
    return failed
  }

  private call(text: string): void {
    this.calls.push(`${this.clock++} ${text}`)
  }

  private available(pod: TwinPod): boolean {
    return (
      pod.ready && (this.state.minReadySeconds === 0 || pod.readySince + this.state.minReadySeconds <= this.state.now)
    )
  }

  private unavailable(pod: TwinPod): boolean {
    return !this.available(pod) || pod.terminating
  }

  private count(current: number, update: number): TwinStatus {
    const { pods, generation } = this.state
    const live = pods.filter(({ terminating }) => !terminating)
    const ready = pods.filter((pod) => pod.phase === 'Running' && pod.ready)
    return {
      observed: generation,
      replicas: pods.length,
      ready: ready.length,
      available: ready.filter((pod) => this.available(pod)).length,
      current: live.filter(({ revision }) => revision === current).length,
      updated: live.filter(({ revision }) => revision === update).length,
      currentRevision: current,
      updateRevision: update,
    }
  }

  private update(current: number, update: number, status: TwinStatus): void {
    const { state } = this
    const { start, replicas, strategy } = state
    for (let ordinal = start; ordinal < start + replicas; ordinal++) {
      const pod = state.pods.find((each) => each.ordinal === ordinal)
      const old = strategy.type === 'OnDelete' ? 0 : (strategy.partition ?? state.status.current)
      const revision = ordinal < start + old ? current : update
      this.replicas.push(
        pod ?? { ordinal, revision, phase: '', ready: false, readySince: 0, terminating: false, uid: undefined },
      )
    }
    this.condemned = state.pods.filter(({ ordinal }) => !this.inRange(ordinal)).sort((a, b) => b.ordinal - a.ordinal)
    this.firstUnavailable = [...this.replicas, ...this.condemned.toReversed()].find((pod) => this.unavailable(pod))
    if (this.forAll(this.replicas, (pod) => this.processReplica(pod))) return
    if (this.forAll(this.condemned, (pod) => (this.fixClaims(pod), false))) return
    if (this.forAll(this.condemned, (pod) => this.processCondemned(pod))) return
    if (strategy.type === 'OnDelete') return
    const targets = this.replicas.slice(strategy.partition ?? 0).toReversed()
    if (state.gate) {
      let left = state.maxUnavailable - this.replicas.filter((pod) => this.unavailable(pod)).length
      for (const pod of targets) {
        if (left <= 0) return
        if (pod.revision === update || pod.terminating) continue
        this.call(`delete ${pod.ordinal}`)
        status.current--
        left--
      }
      return
    }
    for (const pod of targets) {
      if (pod.revision !== update && !pod.terminating) {
        this.call(`delete ${pod.ordinal}`)
        status.current--
        return
      }
      if (this.unavailable(pod)) return
    }
  }

  private inRange(ordinal: number): boolean {
    return ordinal >= this.state.start && ordinal < this.state.start + this.state.replicas
  }

  /** True if the sync ends here. */
  private forAll(pods: readonly TwinPod[], process: (pod: TwinPod) => boolean): boolean {
    if (!this.state.parallel) return pods.some(process)
    let rest = [...pods]
    for (let size = 1; rest.length > 0; size *= 2) {
      const sent = this.clock
      const ends: number[] = []
      let failure: Failure | undefined
      for (const pod of rest.slice(0, size)) {
        this.clock = sent
        try {
          process(pod)
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          failure = error
        }
        ends.push(this.clock)
      }
      this.clock = Math.max(...ends)
      if (failure) throw failure
      rest = rest.slice(size)
    }
    return false
  }

  private processReplica(pod: TwinPod): boolean {
    const { parallel } = this.state
    if (pod.phase === 'Failed' || pod.phase === 'Succeeded') {
      if (!pod.terminating) this.call(`delete ${pod.ordinal}`)
      return true
    }
    if (pod.phase === '') {
      if (
        this.state.whenScaled === 'Delete' &&
        this.claimsOf(pod).some((key) => this.claims.get(key)?.pod !== undefined)
      )
        return true
      this.createClaims(pod)
      this.call(`create ${pod.ordinal} ${pod.revision}`)
      if (this.state.taken.includes(pod.ordinal)) throw new Failure('the name is taken')
      this.fixClaims(pod)
      if (!parallel) return true
    }
    if (pod.phase === 'Pending') {
      this.createClaims(pod)
      this.fixClaims(pod)
    }
    if (!parallel && (pod.terminating || pod.phase !== 'Running' || !pod.ready || !this.available(pod))) return true
    if (this.fixClaims(pod)) this.clock++
    return false
  }

  private processCondemned(pod: TwinPod): boolean {
    const { parallel } = this.state
    if (pod.terminating) return !parallel
    const healthy = pod.phase === 'Running' && this.available(pod)
    if (!parallel && !healthy && pod !== this.firstUnavailable) return true
    this.call(`delete ${pod.ordinal}`)
    return true
  }

  private claimsOf({ ordinal }: TwinPod): string[] {
    return this.state.templates.map((template) => `${template}-${ordinal}`)
  }

  private createClaims(pod: TwinPod): void {
    for (const key of this.claimsOf(pod)) {
      if (this.claims.has(key)) continue
      this.claims.set(key, {})
      this.call(`claim ${key} {}`)
    }
  }

  /** True if an owner was not right. */
  private fixClaims(pod: TwinPod): boolean {
    const { whenDeleted, whenScaled } = this.state
    let fixed = false
    for (const key of this.claimsOf(pod)) {
      const claim = this.claims.get(key)
      if (claim === undefined || claim.set === 'former') continue
      if (claim.pod !== undefined && claim.pod !== pod.uid) continue
      const withPod = whenScaled === 'Delete' && !this.inRange(pod.ordinal)
      const withSet = whenDeleted === 'Delete' && !withPod
      if ((claim.set !== undefined) === withSet && (claim.pod !== undefined) === withPod) continue
      const wanted: TwinClaim = { ...(withSet && { set: 'mine' as const }), ...(withPod && { pod: pod.uid! }) }
      this.claims.set(key, wanted)
      this.call(`claim ${key} ${JSON.stringify(wanted)}`)
      fixed = true
    }
    return fixed
  }

  private truncate(current: number, update: number): void {
    const { historyLimit, pods, revisions } = this.state
    if (historyLimit === undefined) return
    const live = new Set([current, update, ...pods.map(({ revision }) => revision)])
    const unused = revisions.filter(({ template }) => !live.has(template))
    for (const { template } of unused.slice(0, Math.max(0, unused.length - historyLimit)))
      this.call(`forget ${template}`)
  }

  private checkAgain(): void {
    const { minReadySeconds, now, pods } = this.state
    const dues = pods
      .filter(({ ready, readySince }) => ready && readySince + minReadySeconds > now)
      .map(({ readySince }) => (readySince + minReadySeconds - now) * 1e6)
    const again = dues.length > 0 ? Math.min(...dues) : minReadySeconds * 1e6 + this.clock
    this.calls.push(`${again} check again`)
  }
}
