// A StatefulSet's defaulted spec as integers.

import { NONE } from '../base/columns.ts'
import type { StatefulSet } from '../manifest/types.ts'
import { intOrPercent } from './deploymentSpec.ts'
import type { StatefulSetSpec, TemplateIds } from './types.ts'
import { compileClaimSpec } from './volumes.ts'

/** Limits of the history from here on, and negative ones, keep every revision. */
const NO_LIMIT = 2_147_483_647

export function compileStatefulSetSpec(object: StatefulSet, ids: TemplateIds): StatefulSetSpec {
  const { spec } = object
  const strategy = spec.updateStrategy
  const rolling = strategy.type === 'RollingUpdate' ? strategy.rollingUpdate : undefined
  const retention = spec.persistentVolumeClaimRetentionPolicy
  const limit = spec.revisionHistoryLimit
  return {
    replicas: spec.replicas,
    startOrdinal: spec.ordinals?.start ?? 0,
    parallel: spec.podManagementPolicy === 'Parallel',
    onDelete: strategy.type === 'OnDelete',
    partition: rolling?.partition ?? NONE,
    maxUnavailable: intOrPercent(rolling?.maxUnavailable ?? 1),
    minReadySeconds: spec.minReadySeconds,
    revisionHistoryLimit: limit < 0 || limit >= NO_LIMIT ? NONE : limit,
    claimTemplates: spec.volumeClaimTemplates.map(({ metadata }) => metadata.name ?? ''),
    claims: spec.volumeClaimTemplates.map((claim) => compileClaimSpec(claim.spec)),
    deletesClaimsWhenScaled: retention.whenScaled === 'Delete',
    deletesClaimsWhenDeleted: retention.whenDeleted === 'Delete',
    template: ids.templateId(spec.template),
  }
}
