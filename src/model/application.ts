// How the application in the pods of a template behaves: what the scenario says of its image, and its memory limit.

import { InputError } from '../base/errors.ts'
import { bytes } from '../manifest/quantity.ts'
import type { Container } from '../manifest/types.ts'
import type { ApplicationSpec } from '../scenario/applicationTypes.ts'
import { capacityOf } from './service.ts'

/** The behaviour of a template's pods; what is absent does not happen. */
export interface ApplicationModel extends ApplicationSpec {
  /** Memory that may leak until the container is killed, and how fast it does. */
  readonly leak?: { readonly bytes: number; readonly bytesPerRequest: number; readonly bytesPerSecond: number }
}

/**
 * Adds to a behaviour what the container says.
 *
 * @throws InputError if memory leaks without a limit
 */
export function compileApplication(spec: ApplicationSpec, container: Container): ApplicationModel {
  const { memoryLeak } = spec
  const capacity = capacityOf(spec)
  const application = capacity === undefined ? spec : { ...spec, capacity }
  if (memoryLeak === undefined) return application
  const own = container.resources.limits?.['memory']
  const limitBytes = memoryLeak.limitBytes ?? (own === undefined ? undefined : bytes(own))
  if (limitBytes === undefined)
    throw new InputError([
      {
        severity: 'error',
        message:
          `${container.image ?? container.name} leaks memory and nothing ends that: write resources.limits.memory ` +
          `of container ${container.name}, or applications.memoryLeak.limit`,
      },
    ])
  const { baseBytes, bytesPerRequest, bytesPerSecond } = memoryLeak
  return { ...application, leak: { bytes: Math.max(0, limitBytes - baseBytes), bytesPerRequest, bytesPerSecond } }
}
