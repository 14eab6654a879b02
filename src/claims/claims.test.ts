// Claims from file to verdict: the computed verdict, the twin, and what is said about a claim that does not hold.

import { describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { checkClaim } from './claims.ts'

const HEAD = `apiVersion: rollbench.dev/v1
kind: Claim
metadata: { name: test }
spec:
  claim: A Deployment replaces a pod that somebody deletes.
`

const SCENARIO = `  seeds: 3
  scenario:
    objects:
      - apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          replicas: 3
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: web, image: 'web:v1' }] }
    timeline:
      - { at: 10s, deletePod: { workload: Deployment/web } }
    horizon: 2m
`

const TWIN = `  twin:
    without: its replicas
    objects: { Deployment/web: { spec: { replicas: 0 } } }
`

function check(rest: string) {
  return checkClaim({ file: 'test.yaml', text: HEAD + SCENARIO + rest }, () => '')
}

function problemsOf(rest: string): string {
  try {
    check(rest)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return ''
}

describe('the verdict is computed', () => {
  const back = "  assert: 'at end: pods(owner=Deployment/web, ready) == 3'\n"
  const lost = "  assert: 'at end: pods(owner=Deployment/web, ready) == 2'\n"

  test('T, with the number of the left side, its own and the twin’s', () => {
    const { number } = check(`  verdict: T\n${back}${TWIN}`).sides[0]
    expect(number).toEqual({ type: 'number', value: 3, interval: { low: 3, high: 3 } })
    expect(check(`  verdict: T\n${back}${TWIN}`)).toMatchObject({
      verdict: 'T',
      passed: true,
      twins: [{ changes: true }],
    })
  })

  test('F is not T', () => {
    const { passed, reasons, verdict } = check(`  verdict: T\n${lost}${TWIN}`)
    expect({ passed, verdict }).toEqual({ passed: false, verdict: 'F' })
    expect(reasons).toEqual(['the verdict is F, not T: base fails', 'twin changes nothing: it fails, as base does'])
  })

  test('V where sides differ', () => {
    const sides = `  sides:
    - name: three
    - name: two
      objects: { Deployment/web: { spec: { replicas: 2 } } }
`
    expect(check(`  verdict: V\n${back}${sides}${TWIN}`)).toMatchObject({ verdict: 'V', passed: true })
  })

  test('a twin that changes nothing fails the claim', () => {
    const twin = '  twin: { without: nothing, objects: { Deployment/web: { spec: { minReadySeconds: 1 } } } }\n'
    expect(check(`  verdict: T\n${back}${twin}`)).toMatchObject({ verdict: 'T', passed: false })
  })

  test('a fact that does not hold fails the claim', () => {
    const { passed, reasons } = check(`  verdict: T\n${back}  facts: max(pods()) == 3\n${TWIN}`)
    expect(passed).toBe(false)
    expect(reasons).toEqual(['on base "max(pods()) == 3" fails: it holds in 0 of 3 runs'])
  })

  test('a refusal that is expected is a side that fails, with the message', () => {
    const sides = `  sides:
    - name: negative
      objects: { Deployment/web: { spec: { replicas: -1 } } }
      refused: must be greater than or equal to 0
`
    const result = check(
      `  verdict: F\n  assert: accepted\n${sides}  twin: { without: the sign, objects: { Deployment/web: { spec: { replicas: 1 } } } }\n`,
    )
    expect(result).toMatchObject({ verdict: 'F', passed: true })
    expect(result.sides[0].refusal).toContain('must be greater than or equal to 0')
  })
})

describe('what is wrong with a claim is said with its place', () => {
  test.each([
    ["'at end: pods(owner=Deployment/web, redy) == 3'", 'a pod has no field redy (did you mean "ready"?)'],
    ["'at end: pod(web).ready == 3 3'", '"3" was not expected here'],
    ["'lostRequest == 0'", 'there is no column "lostRequest" (did you mean "lostRequests"?)'],
    ["'on(bse, lostRequests) == 0'", 'there is no side bse (did you mean "base"?)'],
    ["'maxx(pods()) == 0'", 'there is no maxx(…)'],
    ["'rolloutSeconds p101 <= 5'", '"p101" is not a statistic'],
    ["'at noon: pods() == 3'", '"noon" is not a time: write 30s, 5m, start or end'],
  ])('%s', (text, message) => {
    const problem = problemsOf(`  verdict: T\n  assert: ${text}\n${TWIN}`)
    expect(problem).toContain('test.yaml:22:11  error  Claim/test  spec.assert: ')
    expect(problem).toContain(message)
  })

  test('a field that does not exist', () => {
    expect(problemsOf(`  verdict: T\n  asert: x\n  assert: accepted\n${TWIN}`)).toContain('did you mean "spec.assert"?')
  })

  test('an object that is not there', () => {
    const twin = '  twin: { without: x, objects: { Deployment/wbe: null } }\n'
    expect(problemsOf(`  verdict: T\n  assert: accepted\n${twin}`)).toContain('there is no Deployment/wbe')
  })

  test('the scenario itself, at its place in the claim', () => {
    const twin = '  twin: { without: x, objects: { Deployment/web: { spec: { replicas: -1 } } } }\n'
    expect(problemsOf(`  verdict: T\n  assert: accepted\n${twin}`)).toMatch(
      /test\.yaml:\d+:\d+ {2}error {2}Deployment\/web/,
    )
  })
})
