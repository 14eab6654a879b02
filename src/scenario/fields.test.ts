import { expect, test } from 'vitest'
import type { JsonObject } from '../manifest/types.ts'
import { parseField, setField } from './fields.ts'

const objects: JsonObject[] = [
  { kind: 'Deployment', metadata: { name: 'web' }, spec: { containers: [{ image: 'a' }] } },
]

test.each([
  ['horizon', ['horizon']],
  ['timings.*.ready', ['timings', '*', 'ready']],
  ['timings[shop.example/web:v2].ready', ['timings', 'shop.example/web:v2', 'ready']],
  ['arms[1].grid["spec.replicas"][0]', ['arms', 1, 'grid', 'spec.replicas', 0]],
  ['Deployment/web spec.containers[0].image', ['objects', 0, 'spec', 'containers', 0, 'image']],
])('%s is a path', (text, path) => {
  expect(parseField(text, objects)).toEqual({ value: path })
})

test.each([
  ['', 'is not the path of a field'],
  ['a..b', '"a..b" is not the path of a field'],
  ['Deployment/web', 'names an object without a field: write for example Deployment/web spec.replicas'],
  ['Deployment/wob spec.replicas', 'there is no Deployment/wob (did you mean "Deployment/web"?)'],
  ['Deployment/web spec replicas', 'is not a field'],
])('%j is none', (text, reason) => {
  expect(parseField(text, objects)).toMatchObject({ wrong: expect.stringContaining(reason) as string })
})

test('values are put into maps that are there or not, and into lists that are long enough', () => {
  const tree: JsonObject = { list: [1, 2], map: {} }
  expect(setField(tree, ['map', 'a', 'b'], 3)).toEqual({ value: true })
  expect(setField(tree, ['list', 1], 5)).toEqual({ value: true })
  expect(tree).toEqual({ list: [1, 5], map: { a: { b: 3 } } })
  expect(setField(tree, ['list', 2], 5)).toEqual({ wrong: 'list is a list of 2: it has no [2]' })
  expect(setField(tree, ['list', 0, 'a'], 5)).toEqual({ wrong: 'list[0] is neither a map nor a list' })
})
