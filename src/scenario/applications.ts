// Reads what a scenario says of applications: the entry of an image over that of `"*"`, behaviour by behaviour.

import { bytes, parseQuantity } from '../manifest/quantity.ts'
import type { ApplicationSpec, MishapSpec } from './applicationTypes.ts'
import { readDistribution, readDuration } from './distribution.ts'
import type { DurationSpec } from './durationSpec.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenApplication } from './schema.ts'

/** Resolves written applications, by image; an image that is not there behaves as `"*"` says. */
export function resolveApplications(
  written: Readonly<Record<string, WrittenApplication>>,
  reporter: Reporter,
): Record<string, ApplicationSpec> {
  const everyImage = written['*'] === undefined ? {} : readApplication(written['*'], reporter.within('*'))
  const specs: Record<string, ApplicationSpec> = {}
  for (const [image, entry] of Object.entries(written)) {
    const own = image === '*' ? everyImage : { ...everyImage, ...readApplication(entry, reporter.within(image)) }
    if (own.capacity !== undefined && own.concurrency !== undefined && own.serviceTime !== undefined)
      reporter.error([image, 'capacity'], 'it follows from concurrency and serviceTime: leave one of the three out')
    const hasCapacity = own.capacity !== undefined || own.concurrency !== undefined
    if (own.warmUp !== undefined && !hasCapacity)
      reporter.error(
        [image, 'warmUp'],
        'capacity grows to a number: write `capacity`, in requests per second, beside it',
      )
    specs[image] = own
  }
  return specs
}

function readApplication(entry: WrittenApplication, at: Reporter): ApplicationSpec {
  const { capacity, clone, concurrency, crash, errorRate, failsAfter, hang, memoryLeak, migration, queue } = entry
  const { cpuPerRequest, serviceTime, warmUp } = entry
  return {
    ...(failsAfter === undefined ? {} : { failsAfter }),
    ...(errorRate === undefined ? {} : { errorShare: errorRate }),
    ...(cpuPerRequest === undefined ? {} : { cpuPerRequest: readMillis(cpuPerRequest, at.within('cpuPerRequest')) }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(serviceTime === undefined ? {} : { serviceTime: readServiceTime(serviceTime, at.within('serviceTime')) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(queue === undefined ? {} : { queue }),
    ...(warmUp && {
      warmUp: { fromShare: warmUp.from, overUs: at.take(readDuration(warmUp.over), ['warmUp', 'over']) ?? 0 },
    }),
    ...(memoryLeak && { memoryLeak: readLeak(memoryLeak, at.within('memoryLeak')) }),
    ...(crash && { crash: readMishap(crash, at.within('crash')) }),
    ...(hang && { hang: readMishap(hang, at.within('hang')) }),
    ...(migration && {
      migration: {
        duration: readDistribution(migration.duration, at.within('migration', 'duration').part),
        lock: migration.lock ?? true,
        once: migration.once ?? false,
      },
    }),
    ...(clone && {
      clone: {
        bytes: readBytes(clone.size, at.within('clone', 'size')),
        bytesPerSecond: readBytes(clone.bandwidth, at.within('clone', 'bandwidth')),
        peerLoadShare: clone.load ?? 0,
      },
    }),
  }
}

function readServiceTime(written: unknown, at: Reporter): DurationSpec {
  const spec = readDistribution(written, at.part)
  const isFinite = spec.type !== 'never' && (spec.type !== 'list' || spec.entriesUs.every((us) => us !== null))
  if (!isFinite) at.error([], 'a request is served some time: write a duration, or see `hang`')
  else if (spec.type === 'fixed' && spec.us === 0) at.error([], 'a request takes some time: write for example 5ms')
  return spec
}

function readMishap(written: { probability?: number | undefined; after?: unknown }, at: Reporter): MishapSpec {
  const after = written.after === undefined ? '0s' : written.after
  return { probability: written.probability ?? 1, after: readDistribution(after, at.within('after').part) }
}

function readLeak(
  leak: NonNullable<WrittenApplication['memoryLeak']>,
  at: Reporter,
): NonNullable<ApplicationSpec['memoryLeak']> {
  const { base, limit, perRequest, perSecond } = leak
  if (perRequest === undefined && perSecond === undefined)
    at.error([], 'say how it grows: perRequest, perSecond, or both')
  const read = (field: 'base' | 'perRequest' | 'perSecond', value: string | number | undefined): number =>
    value === undefined ? 0 : readBytes(value, at.within(field))
  return {
    baseBytes: read('base', base),
    bytesPerRequest: read('perRequest', perRequest),
    bytesPerSecond: read('perSecond', perSecond),
    ...(limit === undefined ? {} : { limitBytes: readBytes(limit, at.within('limit')) }),
  }
}

function readBytes(value: string | number, at: Reporter): number {
  const parsed = parseQuantity(value)
  if (parsed !== undefined && parsed.nano > 0n) return bytes(value)
  at.error([], `"${value}" is not a quantity above zero: write for example 10Mi`)
  return 1
}

/** Millicores, with their fractions. */
function readMillis(value: string | number, at: Reporter): number {
  const parsed = parseQuantity(value)
  if (parsed !== undefined && parsed.nano > 0n) return Number(parsed.nano) / 1e6
  at.error([], `"${value}" is not a quantity above zero: write for example 5m`)
  return 1
}
