// How long a preStop hook holds a container before it gets SIGTERM.

import type { Container } from './types.ts'

const sleep = /^\s*(?:exec\s+)?(?:\/usr)?(?:\/bin\/)?sleep\s+(\d+(?:\.\d+)?)s?\s*;?\s*$/

/**
 * Seconds of a container's preStop hook: 0 without one, those of `sleep: {seconds}` or of a command that only sleeps
 * (`sleep 10`, `sh -c "sleep 10"`), undefined where it does something whose duration the manifest does not tell.
 */
export function preStopSeconds(container: Pick<Container, 'lifecycle'>): number | undefined {
  const hook = container.lifecycle?.preStop
  if (hook === undefined) return 0
  if (hook.sleep !== undefined) return hook.sleep.seconds
  const command = hook.exec?.command
  if (command === undefined) return undefined
  const script =
    command.length === 3 &&
    /^(\/bin\/|\/usr\/bin\/)?(ba|da|a)?sh$/.test(command[0] ?? '') &&
    /^-\w*c$/.test(command[1] ?? '')
  const seconds = sleep.exec(script ? (command[2] ?? '') : command.join(' '))?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}
