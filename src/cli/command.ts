// The shape of a command: words in, exit code out. One file per command, registered in program.ts.

import type { Argv, CommandModule } from 'yargs'

/** One command. `Flags` are its flags and positionals after parsing, by name. */
export interface Command<Flags> {
  /** Its name and positionals, in the notation of yargs: `conform <file..>`. */
  readonly usage: string
  readonly describe: string
  /** Declares the flags, positionals and examples. */
  readonly declare: (yargs: Argv) => Argv
  /** Does the work and returns the exit code (exitCodes.ts). What it imports for the work, it imports lazily. */
  readonly run: (flags: Flags) => Promise<number> | number
}

/** Turns a command into what yargs takes. Running it sets process.exitCode. */
export function toModule<Flags>(command: Command<Flags>): CommandModule {
  return {
    command: command.usage,
    describe: command.describe,
    builder: command.declare,
    async handler(parsed) {
      // Only `declare` knows the types of the flags, and yargs forgets them behind Options.
      process.exitCode = await command.run(parsed as unknown as Flags)
    },
  }
}
