// PersistentVolumeClaims, as assertions see them.

import { NONE } from '../../base/columns.ts'
import { AttachState, type AttachmentId } from '../../cluster/attachments.ts'
import type { ClaimId } from '../../cluster/claims.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { StatefulSetId } from '../../model/types.ts'
import { type Moment, NOTHING, type View } from './view.ts'

export const claimView: View = {
  name: 'claim',
  rows: (moment) => claimsOf(moment).map(({ claim }) => claim),
  fields: {
    name: (moment, row) => claimsOf(moment).find(({ claim }) => claim === row)?.name,
    /** The StatefulSet whose template it was made of. */
    owner: (moment, row) => claimsOf(moment).find(({ claim }) => claim === row)?.owner,
    bound: ({ cluster: { volumes } }, row) => volumes.count > 0 && volumes.volumeOf[row as ClaimId] !== NONE,
    /** The name of its volume. */
    volume: ({ cluster: { volumes } }, row) =>
      volumes.count === 0 || volumes.volumeOf[row as ClaimId] === NONE
        ? NOTHING
        : volumes.nameOfVolume(volumes.volumeOf[row as ClaimId]),
    /** Names of the nodes that its disk is attached to. */
    nodes: ({ cluster }, row) => nodesOf(cluster, row as ClaimId),
    /** How often an application has started on its disk: what one that counts its starts there would say. */
    counter: ({ cluster: { volumes } }, row) => (volumes.count === 0 ? NOTHING : volumes.counter[row as ClaimId]),
  },
}

interface NamedClaim {
  readonly claim: ClaimId
  readonly name: string
  readonly owner: string | undefined
}

/** The claims of StatefulSets, TEMPLATE-SET-ORDINAL, and those of the manifests. */
function claimsOf({ cluster }: Moment): NamedClaim[] {
  const { claims, model, statefulSets, volumes } = cluster
  const found: NamedClaim[] = []
  model.statefulSets.forEach(({ name }, row) => {
    const set = row as StatefulSetId
    claims.templateNames[row].forEach((template, index) => {
      for (const { first, last } of statefulSets.rangesOf(set))
        for (let ordinal = first; ordinal <= last; ordinal++) {
          const claim = claims.claimOf(set, index, ordinal)
          if (claims.exists[claim] === 1)
            found.push({ claim, name: `${template}-${name}-${ordinal}`, owner: `StatefulSet/${name}` })
        }
    })
  })
  for (const claim of volumes.ofObject)
    if (claim >= claims.firstObject && claims.exists[claim] === 1)
      found.push({ claim, name: volumes.nameOf(claim), owner: NOTHING })
  return found
}

function nodesOf({ attachments, model, volumes }: Cluster, claim: ClaimId): string[] {
  const volume = volumes.count === 0 ? NONE : volumes.volumeOf[claim]
  if (volume === NONE) return []
  const names: string[] = []
  let at = attachments.firstOf[volume] as AttachmentId
  for (; at !== NONE; at = attachments.nextOf[at])
    if (attachments.state[at] === AttachState.Attached) names.push(model.nodes[attachments.node[at]].name)
  return names.sort()
}
