// From what a scenario says under `profile` to the profile: found by name or path, checked, laid over its base.

import { dirname, join } from 'node:path'
import { InputError, type Problem } from '../../base/errors.ts'
import { assert } from '../../base/assert.ts'
import { parseManifests, type Locate, type ParsedDocument, type Source } from '../../manifest/parse.ts'
import type { Json } from '../../manifest/types.ts'
import { reporterFor, type Reporter } from '../reporter.ts'
import { reportShape } from '../reportShape.ts'
import {
  isProfilePath,
  profileChoice,
  profileSchema,
  wrongProfileName,
  type ProfileDocument,
  type WrittenProfile,
} from '../schemaProfile.ts'
import { laySections, NO_DELAYS, type Profile, type ProfileSections } from './profile.ts'
import { DEFAULT_PROFILE, SHIPPED_PROFILES, shippedProfile } from './shipped.ts'

/** The name of a profile that a scenario writes in place. */
const INLINE = 'its own'

/** A profile that ships, as `list profiles` shows it. */
export interface ProfileEntry {
  readonly name: string
  readonly description: string
}

/** Every profile that ships, sorted by name. */
export function listProfiles(): ProfileEntry[] {
  return SHIPPED_PROFILES.map((name) => {
    const document = parseProfile(shippedProfile(name), [])
    assert(document !== undefined, `the profile ${name} that ships is right`)
    const { description = '' } = (document.value as unknown as ProfileDocument).spec
    return { name, description }
  })
}

/** Profiles that ship, by name, once they have been read: spaces of scenarios ask thousands of times. */
const shipped = new Map<string, Profile>()

/** A profile that ships. */
export function findProfile(name: string): Profile {
  const known = shipped.get(name)
  if (known !== undefined) return known
  const problems: Problem[] = []
  const read = readProfileText(shippedProfile(name), problems, name === DEFAULT_PROFILE)
  assert(read !== undefined && problems.length === 0, `the profile ${name} that ships is right`)
  const profile = { ...read, written: name }
  shipped.set(name, profile)
  return profile
}

/**
 * The profile that a scenario names; the default one after reporting what is wrong with it.
 *
 * @param written what stands under `profile`; undefined: nothing
 * @param document the scenario, whose folder paths are relative to
 */
export function readProfile(
  written: Json | undefined,
  document: ParsedDocument | undefined,
  readFile: (path: string) => string,
  problems: Problem[],
): Profile {
  // What is not a profile by its shape has been reported with the rest of the scenario.
  if (document === undefined || !profileChoice.safeParse(written).success) return findProfile(DEFAULT_PROFILE)
  const at = reporterFor(document, document.object, problems, ['spec', 'profile'])
  if (typeof written === 'object') {
    const value = written as WrittenProfile
    return { name: INLINE, written: value, sections: laySections(baseOf(value), value, at), at }
  }
  const text = String(written)
  const file = isProfilePath(text) && !text.startsWith('/') ? join(dirname(document.file), text) : text
  return readNamed(text, file, readFile, at, problems)
}

/** The profile of `--profile`: a name, or a path seen from the working directory. */
export function readGivenProfile(text: string, readFile: (path: string) => string, problems: Problem[]): Profile {
  const start = { line: 1, column: 1 }
  const flag = reporterFor({ file: '--profile', value: {}, locate: () => start }, '', problems)
  return readNamed(text, text, readFile, flag, problems)
}

function readNamed(
  text: string,
  file: string,
  readFile: (path: string) => string,
  at: Reporter,
  problems: Problem[],
): Profile {
  if (!isProfilePath(text)) {
    const wrong = wrongProfileName(text)
    if (wrong === undefined) return findProfile(text)
    at.error([], wrong)
    return findProfile(DEFAULT_PROFILE)
  }
  try {
    return readProfileText({ file, text: readFile(file) }, problems) ?? findProfile(DEFAULT_PROFILE)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [problem] = error.problems
    at.error([], `${problem?.file ?? file} ${problem?.message ?? 'cannot be read'}`)
    return findProfile(DEFAULT_PROFILE)
  }
}

/** Reads a file that holds one Profile; undefined after reporting why it does not. */
function readProfileText(source: Source, problems: Problem[], isRoot = false): Profile | undefined {
  const document = parseProfile(source, problems)
  if (document === undefined) return undefined
  const { metadata, spec } = document.value as unknown as ProfileDocument
  const at = reporterFor(document, document.object, problems, ['spec'])
  return { name: metadata.name, written: spec, sections: laySections(baseOf(spec, isRoot), spec, at), at }
}

function parseProfile(source: Source, problems: Problem[]): ParsedDocument | undefined {
  const { documents, problems: found } = parseManifests(source)
  problems.push(...found)
  const [document, other] = documents
  if (document === undefined) {
    if (found.length === 0) problems.push({ file: source.file, severity: 'error', message: 'holds no Profile' })
    return undefined
  }
  const reporter = reporterFor(document, document.object, problems)
  if (document.kind !== 'Profile') reporter.error(['kind'], `expected Profile, got ${document.kind}`)
  else if (other !== undefined)
    problems.push({
      ...placeOf(other),
      severity: 'error',
      message: 'a profile file holds one Profile and nothing else',
    })
  else if (reportShape(document, profileSchema, reporter, problems) === 0) return document
  return undefined
}

function placeOf({ file, locate }: { readonly file: string; readonly locate: Locate }) {
  return { file, ...locate([]) }
}

/** What a profile is laid over: `base`, by default the typical one, which itself is laid over nothing. */
function baseOf({ base }: WrittenProfile, isRoot = false): ProfileSections {
  const wanted = base ?? (isRoot ? 'none' : DEFAULT_PROFILE)
  return wanted === 'none' ? NO_DELAYS : findProfile(wanted).sections
}
