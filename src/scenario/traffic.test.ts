import { describe, expect, it } from 'vitest'
import { loadSpec } from '../../test/examples/loadText.ts'
import { DB, WEB } from '../../test/examples/scenarioText.ts'

const step = (workload: string) => `  timeline: [{ at: 0s, restart: { workload: ${workload} } }]\n`
const to = (kind: string, name: string) => ({ kind, name })

describe('traffic', () => {
  it('is what is written, with the endpoint delay of the surroundings unless it has its own', () => {
    const { scenario } = loadSpec(
      `${step('Deployment/web')}  surroundings: { endpointDelay: 3s }\n  traffic: [{ to: Service/web, requestsPerSecond: 2000 }, { to: Deployment/web, requestsPerSecond: 0.5, endpointDelay: 0s }]`,
    )
    expect(scenario.traffic).toMatchObject([
      { to: to('Service', 'web'), requestsPerSecond: 2_000, endpointDelayUs: 3_000_000 },
      { to: to('Deployment', 'web'), requestsPerSecond: 0.5, endpointDelayUs: 0 },
    ])
  })

  it('may be none at all', () => {
    expect(loadSpec(`${step('Deployment/web')}  traffic: []`).scenario.traffic).toEqual([])
  })

  it('goes by default to what the timeline touches', () => {
    const { scenario } = loadSpec(step('StatefulSet/db'), `${WEB}---\n${DB}`)
    expect(scenario.traffic.map((traffic) => traffic.to)).toEqual([to('StatefulSet', 'db')])
  })

  it('goes by default to everything if the timeline touches only nodes', () => {
    const { scenario } = loadSpec('  timeline: [{ at: 0s, drain: { node: node-01 } }]', `${WEB}---\n${DB}`)
    expect(scenario.traffic.map((traffic) => traffic.to)).toEqual([to('Service', 'web'), to('StatefulSet', 'db')])
  })

  it('is warned of a Service that selects nothing here: that is what somebody may want to see', () => {
    const manifests = WEB.replace('selector: { app: web }\n  ports', 'selector: { app: shop }\n  ports')
    const { problems } = loadSpec(`${step('Deployment/web')}  traffic: [{ to: Service/web }]`, manifests)
    expect(problems.map(({ message, severity }) => `${severity} ${message}`)).toEqual([
      'warning Service/web has the selector app=shop, which selects no workload of the manifests (Deployment/web has app=web): every request is lost',
    ])
  })
})
