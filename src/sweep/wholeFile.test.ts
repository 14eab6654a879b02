import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OperatingError } from '../base/errors.ts'
import { describeWriteFailure, finishPartial, makeFolder, streamPartial, writeWhole } from './wholeFile.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbench-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('a'))
  throw new Error('no more')
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield Buffer.from('a')
  yield Buffer.from('b')
}

test('makes folders as deep as asked, and again without complaint', async () => {
  await makeFolder(join(folder, 'a/b/c'))
  await makeFolder(join(folder, 'a/b/c'))
  expect(statSync(join(folder, 'a/b/c')).isDirectory()).toBe(true)
})

test.each([
  ['file', /a file is in the place of the folder/],
  ['file/below', /a part of the path is a file, not a folder/],
  ['dangling/below', /the folder is not there|a file is in the place/],
])('says why it cannot make %s', async (path, message) => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
  await expect(makeFolder(join(folder, path))).rejects.toThrow(message)
  await expect(makeFolder(join(folder, path))).rejects.toThrow(OperatingError)
})

test.skipIf(!existsSync('/proc/self'))('comes back where no folder can ever be made', async () => {
  await expect(makeFolder('/proc/rollbench/parts')).rejects.toThrow(OperatingError)
})

test('replaces a file in one step', async () => {
  await writeWhole(join(folder, 'new/file'), 'old')
  await writeWhole(join(folder, 'new/file'), 'new')
  expect(readFileSync(join(folder, 'new/file'), 'utf8')).toBe('new')
  expect(readdirSync(join(folder, 'new'))).toEqual(['file'])
})

test('a stream gets its name only when it is finished', async () => {
  const path = join(folder, 'file')
  await streamPartial(path, chunks())
  expect(readdirSync(folder)).toEqual(['file.partial'])
  await finishPartial(path)
  expect(readFileSync(path, 'utf8')).toBe('ab')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('a stream that fails leaves what was there before, and nothing else', async () => {
  const path = join(folder, 'file')
  writeFileSync(path, 'old')
  await expect(streamPartial(path, failing())).rejects.toThrow('no more')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['file'])
})

test.each([
  ['EACCES', 'cannot write out: permission denied'],
  ['EROFS', 'cannot write out: the file system is read-only'],
  ['ENOSPC', 'cannot write out: no space left on the disk'],
  ['EDQUOT', 'cannot write out: the disk quota is used up'],
  ['EWEIRD', 'cannot write out: EWEIRD'],
])('%s is one clear message and exit code 1', (code, message) => {
  const described = describeWriteFailure(Object.assign(new Error('x'), { code, syscall: 'write' }), 'out')
  expect(described).toMatchObject({ name: 'OperatingError', message, exitCode: 1 })
})

test('our own errors are not taken for the disk', () => {
  const error = new Error('a rule does not hold')
  expect(describeWriteFailure(error, 'out')).toBe(error)
})
