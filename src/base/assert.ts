/**
 * Ends the run with an error when our own reasoning is wrong. For the user's mistakes use InputError.
 *
 * @param rule the rule that should have held, in words
 * @throws Error naming the rule
 */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Bug in rollbench: this should hold, and does not: ${rule}`)
}

/** A table that the model sized is full. The engine answers by starting the run over with more room. */
export class CapacityError extends Error {
  constructor(what: string) {
    super(`Too little room for ${what}`)
    this.name = 'CapacityError'
  }
}
