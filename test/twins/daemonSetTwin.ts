// The decisions of the DaemonSet controller once more, on plain objects and as slowly as they are read in the
// semantics: what is wanted on each node, the step of a rolling update, the status.

export interface TwinPod {
  readonly id: number
  readonly node: number
  readonly bound: boolean
  readonly createdSeconds: number
  readonly updated: boolean
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  readonly ready: boolean
  readonly available: boolean
  readonly terminating: boolean
}

export interface TwinNode {
  readonly exists: boolean
  readonly wants: 'run' | 'keep' | 'none'
}

export interface TwinSet {
  readonly surge: number
  readonly unavailable: number
  readonly onDelete: boolean
}

export interface TwinChanges {
  readonly creations: number[]
  readonly deletions: number[]
}

const counted = (pods: readonly TwinPod[]): TwinPod[] =>
  pods.filter((pod) => !(pod.terminating && (pod.phase === 'Failed' || pod.phase === 'Succeeded')))

const onNode = (pods: readonly TwinPod[], node: number): TwinPod[] =>
  counted(pods)
    .filter((pod) => pod.node === node)
    .sort((a, b) => Number(b.bound) - Number(a.bound) || a.createdSeconds - b.createdSeconds || a.id - b.id)

/** Section 5 of the semantics. No node is in back-off; the first failed pod that goes puts its node there. */
export function twinBasicState(nodes: readonly TwinNode[], pods: readonly TwinPod[], set: TwinSet): TwinChanges {
  const creations: number[] = []
  const deletions: number[] = []
  const surgeAllowed = !set.onDelete && set.surge > 0
  nodes.forEach(({ exists, wants }, node) => {
    const here = onNode(pods, node)
    const staying = here.filter((pod) => !pod.terminating)
    const running = staying.filter((pod) => pod.phase === 'Pending' || pod.phase === 'Running')
    if (!exists) deletions.push(...here.filter((pod) => !pod.bound).map((pod) => pod.id))
    else if (wants === 'none') deletions.push(...staying.map((pod) => pod.id))
    else if (here.length === 0) {
      if (wants === 'run') creations.push(node)
    } else {
      const [firstFailed] = staying.filter((pod) => pod.phase === 'Failed')
      const succeeded = staying.filter((pod) => pod.phase === 'Succeeded')
      deletions.push(...[...succeeded, ...(firstFailed === undefined ? [] : [firstFailed])].map((pod) => pod.id))
      if (!surgeAllowed) deletions.push(...running.slice(1).map((pod) => pod.id))
      else if (running.length === 0 && wants === 'run') creations.push(node)
      else if (running.length > 1) {
        const [newPod, ...otherNew] = running.filter((pod) => pod.updated)
        const [oldPod, ...otherOld] = running.filter((pod) => !pod.updated)
        deletions.push(...[...otherNew, ...otherOld].map((pod) => pod.id))
        if (newPod !== undefined && oldPod !== undefined && (!oldPod.ready || newPod.available))
          deletions.push(oldPod.id)
      }
    }
  })
  return { creations, deletions }
}

/** Section 6. Nodes from the last but one to the first, and then the last. Undefined: a node that is needed is gone. */
export function twinRollingUpdate(
  nodes: readonly TwinNode[],
  pods: readonly TwinPod[],
  set: TwinSet,
): TwinChanges | undefined {
  const visit = (index: number): number => (index === nodes.length - 1 ? nodes.length : -index)
  const wanted = nodes.filter(({ exists, wants }) => exists && wants === 'run').length
  const unavailableMax = wanted > 0 && set.surge === 0 && set.unavailable === 0 ? 1 : set.unavailable
  const entries = nodes
    .map((node, index) => {
      const here = onNode(pods, index)
      const staying = here.filter((pod) => !pod.terminating)
      const visited = here.length > 0 || (node.exists && node.wants === 'run')
      return { node, index, visited, fresh: staying.filter((p) => p.updated), old: staying.filter((p) => !p.updated) }
    })
    .filter(({ visited }) => visited)
    .sort((a, b) => visit(a.index) - visit(b.index))
  if (set.surge === 0) {
    const isUp = (entry: (typeof entries)[number]): boolean =>
      entry.fresh.length + entry.old.length === 1 && [...entry.fresh, ...entry.old][0].available
    const down = entries.filter((entry) => !isUp(entry)).length
    const olds = entries.filter(({ fresh, old }) => old.length === 1 && fresh.length === 0).map(({ old }) => old[0])
    const freely = olds.filter((pod) => !pod.available)
    const limited = olds.filter((pod) => pod.available).slice(0, Math.max(0, unavailableMax - down))
    return { creations: [], deletions: [...freely, ...limited].map((pod) => pod.id) }
  }
  const simple = entries.filter(({ fresh, old }) => fresh.length <= 1 && old.length <= 1)
  const onlyOld = simple.filter(({ fresh, old }) => old.length === 1 && fresh.length === 0)
  if (onlyOld.some(({ node }) => !node.exists)) return undefined
  const both = simple.filter(({ fresh, old }) => old.length === 1 && fresh.length === 1)
  const surging = entries.length - simple.length + both.filter(({ fresh }) => !fresh[0].available).length
  const up = simple.filter(({ fresh, old }) => [...old, ...fresh].slice(0, 1).some((pod) => pod.available)).length
  const there = onlyOld.filter(({ node }) => node.wants === 'run')
  const elsewhere = onlyOld.filter(({ node }) => node.wants !== 'run')
  const sunset = elsewhere.filter(({ old }) => old[0].available).slice(0, Math.max(0, up - wanted))
  const freely = there.filter(({ old }) => !old[0].available)
  const limited = there.filter(({ old }) => old[0].available).slice(0, Math.max(0, set.surge - surging))
  const gone = [
    ...both.filter(({ fresh }) => fresh[0].available),
    ...elsewhere.filter(({ old }) => !old[0].available),
    ...sunset,
  ]
  return { creations: [...freely, ...limited].map(({ index }) => index), deletions: gone.map(({ old }) => old[0].id) }
}

/** Section 8: desired, current, misscheduled, ready, updated, available. */
export function twinStatus(nodes: readonly TwinNode[], pods: readonly TwinPod[]): number[] {
  const there = nodes.map((node, index) => ({ ...node, pod: onNode(pods, index)[0] })).filter(({ exists }) => exists)
  const desired = there.filter(({ wants }) => wants === 'run')
  const firsts = desired.flatMap(({ pod }) => (pod === undefined ? [] : [pod]))
  return [
    desired.length,
    firsts.length,
    there.filter(({ pod, wants }) => wants !== 'run' && pod !== undefined).length,
    firsts.filter((pod) => pod.ready).length,
    firsts.filter((pod) => pod.updated).length,
    firsts.filter((pod) => pod.available).length,
  ]
}
