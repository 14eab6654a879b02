// Progress on stderr: a bar with the time that is left where stderr is a terminal, else one plain line every ten seconds.

import { Presets, SingleBar } from 'cli-progress'
import { formatCount, formatSpan } from './format.ts'

const PLAIN_LINE_SECONDS = 10

/** A stream that progress is written to; stderr, or a fake one in tests. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface ProgressSettings {
  /** First word of the plain lines: the command. */
  readonly label: string
  /** What is counted, in the plural: `runs`. */
  readonly unit: string
  readonly total: number
  /** Parts that an earlier, interrupted call finished: they count as done but not into the speed. */
  readonly alreadyDone: number
  readonly stream: ProgressStream
  /** Milliseconds that never go back. */
  readonly now: () => number
}

export interface Progress {
  /** Says how many are done, including those of an earlier call. */
  update(done: number): void
  /** Removes the bar. Must come before any other output. */
  stop(): void
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined }

/** Progress that shows nothing, for `--quiet`. */
export function silentProgress(): Progress {
  return SILENT
}

/** Starts the form of progress that suits the stream. */
export function startProgress(settings: ProgressSettings): Progress {
  return settings.stream.isTTY === true ? startBar(settings) : startLines(settings)
}

function startBar(settings: ProgressSettings): Progress {
  const pace = startPace(settings)
  const bar = new SingleBar(
    {
      format: ` {bar} {percentage}% {done}/{all} ${settings.unit}  {speed} ${settings.unit}/s  eta {left}`,
      stream: settings.stream as NodeJS.WritableStream,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C is ours: the bar must not end the process before the finished parts are written.
      gracefulExit: false,
      fps: 10,
      barsize: 22,
    },
    Presets.shades_classic,
  )
  const payload = (done: number) => ({
    done: formatCount(done),
    all: formatCount(settings.total),
    speed: pace(done).speed,
    left: pace(done).left,
  })
  bar.start(settings.total, settings.alreadyDone, payload(settings.alreadyDone))
  return { update: (done) => bar.update(done, payload(done)), stop: () => bar.stop() }
}

function startLines(settings: ProgressSettings): Progress {
  const pace = startPace(settings)
  let nextLine = settings.now() + PLAIN_LINE_SECONDS * 1000
  return {
    update(done) {
      const now = settings.now()
      if (now < nextLine) return
      nextLine = now + PLAIN_LINE_SECONDS * 1000
      const percent = Math.floor((100 * done) / Math.max(1, settings.total))
      const { speed, left } = pace(done)
      settings.stream.write(
        `${settings.label}: ${done}/${settings.total} ${settings.unit} (${percent}%) ${speed}/s eta ${left}\n`,
      )
    },
    stop: () => undefined,
  }
}

/** Speed since the start, and the time that the rest takes at that speed. */
function startPace(settings: ProgressSettings): (done: number) => { speed: string; left: string } {
  const start = settings.now()
  return (done) => {
    const seconds = (settings.now() - start) / 1000
    const fresh = done - settings.alreadyDone
    if (fresh <= 0 || seconds <= 0) return { speed: '-', left: '-' }
    const perSecond = fresh / seconds
    return { speed: formatCount(Math.round(perSecond)), left: formatSpan((settings.total - done) / perSecond) }
  }
}
