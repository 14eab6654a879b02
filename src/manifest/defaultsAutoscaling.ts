// After pkg/apis/autoscaling/v2/defaults.go, Kubernetes v1.36.

import { fill, mapping } from './defaultsPod.ts'
import { isJsonObject, type JsonObject } from './types.ts'

/** One pod at least, 80 % of the CPU request, and complete rules if there are any. */
export function defaultHorizontalPodAutoscaler(spec: JsonObject): void {
  fill(spec, { minReplicas: 1 })
  const { metrics } = spec
  if (!Array.isArray(metrics) || metrics.length === 0)
    spec['metrics'] = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]
  if (!isJsonObject(spec['behavior'])) return
  const behavior = mapping(spec, 'behavior')
  fill(mapping(behavior, 'scaleUp'), {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  })
  fill(mapping(behavior, 'scaleDown'), {
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  })
}
