// The meaning of every exit code. Node's own 9 and 13 are never used.

export const EXIT = {
  /** Done; all thresholds hold. */
  done: 0,
  /** The tool failed: a folder that cannot be written, a full disk, a bug of ours. */
  toolFailed: 1,
  /** Usage or input: nothing was run. */
  badInput: 2,
  /** A gate failed: a threshold, a regression, a recording that diverges. */
  gateFailed: 3,
  /** A gate is undecided: the interval straddles the limit. */
  undecided: 4,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const
