// After component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume), Kubernetes v1.36: the volume of the manifests
// that a claim is bound to.

import { NONE } from '../base/columns.ts'
import { matchesSelector } from '../manifest/labels.ts'
import type { NodeId } from '../model/types.ts'
import type { ClaimId } from './claims.ts'
import type { Cluster } from './cluster.ts'
import type { VolumeId } from './volumes.ts'

/**
 * The smallest free volume of the claim's class that has its modes and its size and that its selector selects; one that
 * names the claim comes before all others. With a node: among those that can be used there. NONE: there is none.
 */
export function findMatchingVolume(cluster: Cluster, claim: ClaimId, node: NodeId): VolumeId {
  const { model, volumes } = cluster
  const storage = model.storage!
  const wanted = volumes.specOf(claim)
  const name = volumes.nameOf(claim)
  const className = storage.classes[volumes.classOf(claim)].name
  let best = NONE as VolumeId
  for (let volume = 0 as VolumeId; volume < volumes.givenCount; volume++) {
    const has = storage.volumes[volume].specs[0]
    if (volumes.exists[volume] === 0 || volumes.claimOf[volume] !== NONE) continue
    if (wanted.volumeName !== '' && wanted.volumeName !== storage.volumes[volume].name) continue
    if (has.claimName !== '' && has.claimName !== name) continue
    if (has.className !== className || (wanted.accessModes & ~has.accessModes) !== 0 || has.bytes < wanted.bytes)
      continue
    if (wanted.selector !== undefined && !matchesSelector(wanted.selector, has.labels)) continue
    if (node !== NONE && !volumes.isUsableOn(volume, node)) continue
    if (has.claimName !== '') return volume
    if (best === NONE || has.bytes < storage.volumes[best].specs[0].bytes) best = volume
  }
  return best
}
