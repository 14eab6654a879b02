// What is wrong with the shape of one of our documents, reported at its places.

import type { z } from 'zod'
import type { Problem } from '../base/errors.ts'
import type { ParsedDocument } from '../manifest/parse.ts'
import type { Reporter } from './reporter.ts'
import { checkShape } from './shape.ts'

/** Reports what is wrong with the shape of one of our documents; returns how much there is. */
export function reportShape(
  document: ParsedDocument,
  schema: z.ZodType,
  reporter: Reporter,
  problems: Problem[],
): number {
  const found = checkShape(schema, document.value)
  for (const { path, part, message, namesPath } of found) {
    if (!namesPath) reporter.error(path, message, part)
    else
      problems.push({
        file: document.file,
        ...document.locate(path, part),
        severity: 'error',
        object: document.object,
        message,
      })
  }
  return found.length
}
