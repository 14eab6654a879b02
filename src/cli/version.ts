// `rollbench version`: which rollbench, which Kubernetes, which Node.

import { VERSION } from '../sweep/version.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { printAnswer } from './terminal.ts'

export const versionCommand: Command<object> = {
  usage: 'version',
  describe: 'Print the versions of rollbench, Kubernetes and Node',
  declare: (yargs) => yargs,
  run() {
    printAnswer(`rollbench ${VERSION}\nkubernetes 1.36\nnode ${process.versions.node}`)
    return EXIT.done
  },
}
