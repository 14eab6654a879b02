// Which taints a pod's tolerations cover, after component-helpers/scheduling/corev1 and core/v1 toleration.go,
// Kubernetes v1.36. The operators Lt and Gt are behind a gate that is off, and cover nothing.

import type { Taint } from '../scenario/types.ts'
import type { TolerationModel } from './types.ts'

/** Some toleration covers the taint (v1helper TolerationsTolerateTaint). */
export function isTolerated(tolerations: readonly TolerationModel[], taint: Taint): boolean {
  for (let i = 0; i < tolerations.length; i++) if (tolerates(tolerations[i], taint)) return true
  return false
}

/** An empty effect or key stands for all; Exists for all values (core/v1 Toleration.ToleratesTaint). */
export function tolerates(toleration: TolerationModel, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false
  if (toleration.key !== '' && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || toleration.value === taint.value
}
