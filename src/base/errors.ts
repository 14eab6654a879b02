// The two kinds of operating error. Programmer errors are assertions (assert.ts).

/** One thing that is wrong with what the user gave us, and where. */
export interface Problem {
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** 1-based. */
  readonly column?: number
  readonly severity: 'error' | 'warning'
  /** `Kind/name` of the object it is about. */
  readonly object?: string
  /** Field path, for example `spec.replicas`. */
  readonly path?: string
  /** What is wrong, and what to write instead. */
  readonly message: string
}

/** Formats a problem as `file:line:col  error  Kind/name  path: what, and what to write instead`. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const text = problem.path === undefined ? problem.message : `${problem.path}: ${problem.message}`
  return [place, problem.severity, problem.object, text].filter((part) => part !== undefined && part !== '').join('  ')
}

/** The user's input (a manifest, a scenario, a flag) is wrong: exit code 2. Carries every problem found. */
export class InputError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.name = 'InputError'
    this.problems = problems
  }
}

/** The machine did not do its part (unwritable folder, full disk): exits with `exitCode`, prints only the message. */
export class OperatingError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.name = 'OperatingError'
    this.exitCode = exitCode
  }
}
