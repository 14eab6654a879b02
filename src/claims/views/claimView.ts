// PersistentVolumeClaims, as assertions see them.

import type { ClaimId } from '../../cluster/claims.ts'
import type { StatefulSetId } from '../../model/types.ts'
import type { Moment, View } from './view.ts'

export const claimView: View = {
  name: 'claim',
  rows: (moment) => claimsOf(moment).map(({ claim }) => claim),
  fields: {
    name: (moment, row) => claimsOf(moment).find(({ claim }) => claim === row)?.name,
    owner: (moment, row) => claimsOf(moment).find(({ claim }) => claim === row)?.owner,
  },
}

/** The claims of StatefulSets: TEMPLATE-SET-ORDINAL. */
function claimsOf({ cluster }: Moment): { claim: ClaimId; name: string; owner: string }[] {
  const { claims, model, statefulSets } = cluster
  const found: { claim: ClaimId; name: string; owner: string }[] = []
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
  return found
}
