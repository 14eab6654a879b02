// Small inputs for the tests of the command line: quick, and with known outcomes.

/** Manifests as `helm template` prints them: several documents, comments, a kind that is not modelled. */
export const CHART = `---
# Source: shop/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: { app: shop }
  ports:
    - port: 80
---
# Source: shop/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  greeting: hello
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: { helm.sh/chart: shop-1.2.3 }
spec:
  replicas: 3
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: "shop:1.2.3"
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
---
# Source: shop/templates/empty.yaml
`

interface ScenarioSettings {
  readonly name?: string
  readonly runs?: number
  readonly thresholds?: readonly string[]
  readonly ready?: string
}

/** A scenario with two arms: Recreate is down for some seconds in every run, surging first is never down. */
export function smallScenario({
  name = 'small',
  runs = 100,
  thresholds = [],
  ready = '{ uniform: [3s, 9s] }',
}: ScenarioSettings = {}): string {
  return `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: ${name} }
spec:
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - name: app
                image: "web:v1"
                lifecycle: { preStop: { sleep: { seconds: 5 } } }
                readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
  cluster: { nodes: [{ name: node, count: 2, allocatable: { cpu: "4", memory: 8Gi, pods: 110 } }] }
  timings:
    "*": { pull: 4s, start: 1s, ready: ${ready}, terminate: 2s }
  traffic: [{ to: Deployment/web, requestsPerSecond: 100, endpointDelay: 1s }]
  timeline:
    - { at: 10s, setImage: { workload: Deployment/web, container: app, image: "web:v2" } }
  arms:
    - { name: recreate, patch: { spec: { strategy: { type: Recreate } } } }
    - { name: rolling, grid: { spec.strategy.rollingUpdate.maxSurge: [1], spec.strategy.rollingUpdate.maxUnavailable: [0] } }
  runs: ${runs}
  seed: 1
  horizon: 5m
  thresholds: ${JSON.stringify(thresholds)}
`
}
