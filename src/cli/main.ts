#!/usr/bin/env node
// The program: words in, exit code out. Everything slow is imported by the command that needs it.

import { reportFailure } from './failures.ts'
import { installInterruption } from './interruption.ts'
import { createProgram } from './program.ts'
import { guardStreams } from './terminal.ts'

guardStreams((error) => process.exit(reportFailure(error)))
installInterruption()
// Errors that no promise carries, such as those of a stream: one sentence and exit 1 for them as well.
process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
process.on('unhandledRejection', (error) => process.exit(reportFailure(error)))

try {
  await createProgram(process.argv.slice(2)).parseAsync()
} catch (error) {
  // Worker threads of an interrupted or failed command may still be alive; they must not keep the process.
  process.exit(reportFailure(error))
}
