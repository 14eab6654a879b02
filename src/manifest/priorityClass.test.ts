import { describe, expect, it } from 'vitest'
import { InputError, formatProblem } from '../base/errors.ts'
import { loadManifests } from './load.ts'

const priorityClass = (name: string, rest: string): string =>
  `apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: ${name} }\n${rest}\n`

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { priorityClassName: ${name}, containers: [{ name: web, image: web }] }\n`

function messagesOf(...documents: string[]): string[] {
  const source = { file: 'f.yaml', text: documents.join('---\n') }
  try {
    return loadManifests([source]).problems.map(formatProblem)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(formatProblem)
    throw error
  }
}

describe('a PriorityClass', () => {
  it('is loaded and defaulted', () => {
    const text = priorityClass('high', 'value: 1000\ndescription: for the shop')
    const { objects, problems } = loadManifests([{ file: 'f.yaml', text }])
    expect(problems).toEqual([])
    expect(objects[0]).toMatchObject({ value: 1000, globalDefault: false, preemptionPolicy: 'PreemptLowerPriority' })
    expect(objects[0].metadata.namespace).toBe('')
  })

  it.each([
    ['high', 'value: 1000000001', 'value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ['system-mine', 'value: 5', 'error: system-mine is not a known system priority class'],
    ['system-node-critical', 'value: 5', 'error: value of system-node-critical PriorityClass must be 2000001000'],
    [
      'system-node-critical',
      'value: 2000001000\nglobalDefault: true',
      'error: globalDefault of system-node-critical PriorityClass must be false',
    ],
    ['high', 'value: 1\npreemptionPolicy: Always', 'supported values: "Never", "PreemptLowerPriority"'],
    ['High', 'value: 1', 'metadata.name: Invalid value: "High"'],
  ])('named %s with %j is refused in the words of the API server', (name, rest, message) => {
    expect(messagesOf(priorityClass(name, rest)).join('\n')).toContain(message)
  })

  it('may be all that the system ones are', () => {
    expect(messagesOf(priorityClass('system-cluster-critical', 'value: 2000000000'))).toEqual([])
  })

  it('is the global default alone', () => {
    const both = ['low', 'high'].map((name) => priorityClass(name, 'value: 1\nglobalDefault: true'))
    expect(messagesOf(...both)).toEqual([
      'f.yaml:7:1  error  PriorityClass/high  PriorityClass low is already marked as default. Only one default can exist',
    ])
  })

  it('that nobody gives is a warning', () => {
    expect(messagesOf(pod('high'), priorityClass('high', 'value: 1'))).toEqual([])
    expect(messagesOf(pod('system-node-critical'))).toEqual([])
    expect(messagesOf(pod('gold')).join('\n')).toContain('Pod/web  no PriorityClass with name gold was found')
  })
})
