// From the user's files to a scenario. The pipeline:
//
//   texts -> documents -> (1) the scenario document, checked in shape; (2) Kubernetes objects, checked and defaulted
//         -> (3) delays -> (4) arms -> (5) nodes -> (6) timeline, every state on its way checked -> (7) traffic, thresholds, hash
//
// Each phase reports all it finds. A phase whose input is broken is skipped, and at the end any error refuses the whole.

import { InputError, type Problem } from '../base/errors.ts'
import type { ParsedDocument, Source, YamlDocument } from '../manifest/parse.ts'
import { gatherInputs, readInputs, type InputFiles, type Inputs } from './inputs.ts'
import { reporterFor } from './reporter.ts'
import { resolveScenario, type Overrides } from './resolve.ts'
import type { Scenario } from './types.ts'

/** A scenario without errors, and the warnings about it. */
export interface Loaded {
  readonly scenario: Scenario
  readonly problems: readonly Problem[]
  /** Only manifests were given: what to do with them was assumed. */
  readonly assumed: boolean
}

/**
 * Loads any number of files that hold Kubernetes objects and at most one Scenario between them. Without a Scenario the
 * manifests are rolled out as default.ts says.
 *
 * @throws InputError with every problem found, warnings included, if one of them is an error
 */
export function loadInputs(request: InputFiles & Overrides): Loaded {
  const problems: Problem[] = []
  return finishLoading(readInputs(request, problems), request.files[0]?.file ?? '', request, problems)
}

/** Loads a Scenario document that has been parsed, or made, and holds all its objects itself. */
export function loadDocument(document: ParsedDocument, overrides: Overrides): Loaded {
  const problems: Problem[] = []
  const readFile = (path: string): never => {
    throw new InputError([{ file: path, severity: 'error', message: 'cannot be read from here' }])
  }
  return finishLoading(gatherInputs([document], [], readFile, problems), document.file, overrides, problems)
}

/** Phases 3 to 7. */
export function finishLoading(inputs: Inputs, file: string, overrides: Overrides, problems: Problem[]): Loaded {
  const start = { line: 1, column: 1 }
  const place: YamlDocument = inputs.document ?? { file, value: {}, locate: () => start }
  const name = inputs.written === undefined ? 'Scenario' : `Scenario/${inputs.written.metadata.name}`
  const scenario = resolveScenario(inputs, overrides, reporterFor(place, name, problems))
  if (scenario === undefined || problems.some(({ severity }) => severity === 'error')) throw new InputError(problems)
  return { scenario, problems, assumed: inputs.written === undefined }
}

/** Loads one file that holds a Scenario, or manifests alone, or both. */
export function loadScenario(request: Source & Pick<InputFiles, 'readFile'> & Overrides): Loaded {
  const { file, text, ...rest } = request
  return loadInputs({ ...rest, files: [{ file, text }] })
}
