// Loads a scenario from texts, as the command line does from files.

import { formatProblem, InputError } from '../../src/base/errors.ts'
import { loadInputs, type Loaded } from '../../src/scenario/load.ts'
import { scenarioText, WEB } from './scenarioText.ts'

/** Loads texts by file name; a scenario may name the others under `manifests`. */
export function loadTexts(
  given: Readonly<Record<string, string>>,
  named: Readonly<Record<string, string>> = {},
): Loaded {
  return loadInputs({
    files: Object.entries(given).map(([file, text]) => ({ file, text })),
    readFile: (path) => {
      const text = named[path]
      if (text === undefined) throw new InputError([{ file: path, severity: 'error', message: 'no such file' }])
      return text
    },
  })
}

/** Loads a scenario of this spec beside the manifests of `web`; its file is `s.yaml`, theirs `web.yaml`. */
export function loadSpec(spec: string, manifests = WEB): Loaded {
  return loadTexts({ 's.yaml': scenarioText(spec), 'web.yaml': manifests })
}

/** The problems of texts that must be refused, formatted. */
export function refusalsOf(load: () => Loaded): string[] {
  try {
    load()
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(formatProblem)
    throw error
  }
  throw new Error('should have been refused')
}
