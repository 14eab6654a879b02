// Collects what is wrong with one document, with the place of every problem.

import type { Problem } from '../base/errors.ts'
import type { YamlDocument } from '../manifest/parse.ts'
import { formatPath, type Path } from '../manifest/paths.ts'
import type { Parsed, PartProblem } from './distribution.ts'

/** Reports problems of one part of a document; paths are relative to that part. */
export interface Reporter {
  /** Whether an error has been reported through this reporter or any other of the same document. */
  readonly hasErrors: () => boolean
  error(path: Path, message: string, part?: 'key' | 'value'): void
  /** An error with its place, which the caller throws or keeps. */
  problem(path: Path, message: string): Problem
  warning(path: Path, message: string, part?: 'key' | 'value'): void
  /** The value that was read, or undefined after reporting why it could not be. */
  take<Value>(parsed: Parsed<Value>, path: Path): Value | undefined
  /** Takes the problems of a part, as the readers of distributions report them. */
  readonly part: (problem: PartProblem) => void
  /** A reporter for a part of this part. */
  within(...path: Path): Reporter
}

/** Makes the reporter of a document; problems go to `problems` in the order in which they are found. */
export function reporterFor(document: YamlDocument, object: string, problems: Problem[], base: Path = []): Reporter {
  const make = (severity: Problem['severity'], path: Path, message: string, part: 'key' | 'value'): Problem => {
    const whole = [...base, ...path]
    const place = { file: document.file, ...document.locate(whole, part) }
    return { ...place, severity, object, ...(whole.length > 0 ? { path: formatPath(whole) } : {}), message }
  }
  const report = (...problem: Parameters<typeof make>): void => {
    problems.push(make(...problem))
  }
  const reporter: Reporter = {
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    error: (path, message, part = 'value') => report('error', path, message, part),
    problem: (path, message) => make('error', path, message, 'value'),
    warning: (path, message, part = 'value') => report('warning', path, message, part),
    take: (parsed, path) => {
      if ('value' in parsed) return parsed.value
      reporter.error(path, parsed.wrong)
      return undefined
    },
    part: ({ path, message }) => reporter.error(path, message),
    within: (...path) => reporterFor(document, object, problems, [...base, ...path]),
  }
  return reporter
}
