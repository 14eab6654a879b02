// Scenario files for the tests of the scenario room: small manifests, and a spec to be filled in.

/** A Deployment `web` of 4 replicas with one container `app`, and the Service that selects it. */
export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: app
          image: web:v1
          resources: { requests: { cpu: 500m, memory: 256Mi } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
`

/** A StatefulSet `db` of 3 replicas, without a Service. */
export const DB = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 3
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: db, image: "db:1" }]
`

/** A DaemonSet `agent`. */
export const AGENT = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: agent, image: "agent:1" }]
`

/** A Job `once`. */
export const ONCE = `apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: once, image: "once:1" }]
`

/** The lines of a scenario before its spec: the first line of the spec is line 5 of the file. */
export function scenarioText(spec: string): string {
  return `apiVersion: rollbench.dev/v1\nkind: Scenario\nmetadata: { name: example }\nspec:\n${spec}\n`
}
