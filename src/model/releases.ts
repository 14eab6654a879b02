// The releases that a person or a pipeline carries out, as actions: which step of the timeline is one, and what is
// written when it is carried out, or taken back.

import { InputError } from '../base/errors.ts'
import { applyDefaults } from '../manifest/defaults.ts'
import { setPath } from '../manifest/patch.ts'
import { isJsonObject, type JsonObject } from '../manifest/types.ts'
import type { StrategySpec } from '../scenario/types.ts'
import type { TableBuilder } from './tableBuilder.ts'
import type { Action } from './types.ts'

/** A release that was taken back: the object as it was written, and the template that it had before. */
interface BadRelease {
  readonly atUs: number
  readonly raw: JsonObject
  readonly formerTemplate: JsonObject
}

/** Turns the steps that release a new template into what the strategy of the arm makes of them. */
export class Releases {
  private readonly strategy: StrategySpec | undefined
  private readonly builder: TableBuilder
  private delivered = false
  private bad: BadRelease | undefined

  constructor(strategy: StrategySpec | undefined, builder: TableBuilder) {
    this.strategy = strategy
    this.builder = builder
  }

  /** The template of the strategy's workload, as written, of an object that is it; undefined otherwise. */
  templateOf(raw: JsonObject | undefined): JsonObject | undefined {
    const { strategy } = this
    const spec = raw?.['spec']
    if (strategy === undefined || raw?.['kind'] !== strategy.workload.kind || !isJsonObject(spec)) return undefined
    const metadata = raw['metadata']
    if (!isJsonObject(metadata) || metadata['name'] !== strategy.workload.name) return undefined
    return isJsonObject(spec['template']) ? spec['template'] : undefined
  }

  /** The actions of a step that made `raw` of the object that had `before`. */
  carryOut(actions: readonly Action[], before: JsonObject | undefined, raw: JsonObject | undefined): readonly Action[] {
    const { builder, strategy } = this
    const [action] = actions
    const formerTemplate = this.templateOf(before)
    if (strategy === undefined || raw === undefined || this.templateOf(raw) === undefined) return actions
    if (formerTemplate === undefined || action?.type !== 'applySpec') return actions
    const known = builder.find(strategy.workload)
    if (action.kind !== known?.kind || action.row !== known.row) return actions
    const templates = builder.templatesOf(strategy.workload)
    if (templates[action.spec] === templates[action.spec - 1]) return actions
    if (strategy.type === 'rollback') this.bad ??= { atUs: action.atUs, raw, formerTemplate }
    this.delivered = true
    if (strategy.type !== 'byHand' && strategy.type !== 'deleteAllPods') return actions
    const { atUs, kind, row, spec } = action
    return [{ atUs, type: 'deliver', kind, row, spec }]
  }

  /** What belongs behind the actions of the timeline once all are known: the rollback, whose time a run decides. */
  finish(actions: Action[]): void {
    const { bad, builder, strategy } = this
    if (strategy === undefined || strategy.type === 'canary' || strategy.type === 'blueGreen') return
    if (!this.delivered) {
      const { kind, name } = strategy.workload
      const message = `nothing to carry out: no step of the timeline changes the template of ${kind}/${name}`
      throw new InputError([{ severity: 'error', object: `${kind}/${name}`, message }])
    }
    const known = builder.find(strategy.workload)
    if (bad === undefined || known === undefined) return
    const back = applyDefaults(setPath(bad.raw, ['spec', 'template'], bad.formerTemplate))
    const spec = builder.addSpec(known, back)
    const at = actions.findIndex(({ atUs }) => atUs > bad.atUs)
    const { kind, row } = known
    actions.splice(at < 0 ? actions.length : at, 0, { atUs: bad.atUs, type: 'deliver', kind, row, spec })
  }
}
