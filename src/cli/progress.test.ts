import { expect, test } from 'vitest'
import { startProgress } from './progress.ts'

function fakeStream(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

test('without a terminal there is one plain line every ten seconds', () => {
  const stream = fakeStream(false)
  let now = 0
  const progress = startProgress({ label: 'sweep', unit: 'runs', total: 1000, alreadyDone: 0, stream, now: () => now })
  for (now = 0; now <= 25_000; now += 500) progress.update(now / 100)
  progress.stop()
  expect(stream.written).toEqual([
    'sweep: 100/1000 runs (10%) 10/s eta 1m30s\n',
    'sweep: 200/1000 runs (20%) 10/s eta 1m20s\n',
  ])
})

test('a short run without a terminal says nothing', () => {
  const stream = fakeStream(false)
  const progress = startProgress({ label: 'run', unit: 'runs', total: 10, alreadyDone: 0, stream, now: () => 0 })
  progress.update(10)
  progress.stop()
  expect(stream.written).toEqual([])
})

test('what an earlier call finished counts as done but not into the speed', () => {
  const stream = fakeStream(false)
  let now = 0
  const progress = startProgress({
    label: 'sweep',
    unit: 'runs',
    total: 1000,
    alreadyDone: 900,
    stream,
    now: () => now,
  })
  now = 10_000
  progress.update(910)
  expect(stream.written).toEqual(['sweep: 910/1000 runs (91%) 1/s eta 1m30s\n'])
})
