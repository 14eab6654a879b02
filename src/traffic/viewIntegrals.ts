// Integrals over what clients see, between events: lost share, downtime, versions side by side.

import type { Model } from '../model/types.ts'

export class ViewIntegrals {
  /** ∫ share of requests that are lost dt, in microseconds, over the measured window. */
  lostShareUs = 0
  /** Time in which every request is lost. */
  downtimeUs = 0
  /** Time in which serving pods of two templates are in the view. */
  overlapUs = 0
  private readonly model: Model
  private sinceUs = 0
  /** By place (0 ready, 1 terminating): endpoints, serving ones, and serving ones per template. */
  private readonly endpoints = new Int32Array(2)
  private readonly servers = new Int32Array(2)
  private readonly serversOf: readonly Int32Array[]
  private readonly versions = new Int32Array(2)

  constructor(model: Model) {
    this.model = model
    this.serversOf = [new Int32Array(model.templates.length), new Int32Array(model.templates.length)]
  }

  reset(): void {
    this.lostShareUs = this.downtimeUs = this.overlapUs = 0
    this.sinceUs = this.model.windowStartUs
    this.endpoints.fill(0)
    this.servers.fill(0)
    this.versions.fill(0)
    for (const counts of this.serversOf) counts.fill(0)
  }

  /** Share of the requests that is lost now: of the Ready endpoints, else of the terminating ones, else all. */
  lostShare(): number {
    const place = this.endpoints[0] > 0 ? 0 : 1
    const view = this.endpoints[place]
    return view === 0 ? 1 : 1 - this.servers[place] / view
  }

  /** Adds what the state since the last call contributes; before the window nothing counts. */
  advance(nowUs: number): void {
    if (nowUs <= this.sinceUs) return
    const us = nowUs - this.sinceUs
    this.sinceUs = nowUs
    const share = this.lostShare()
    this.lostShareUs += share * us
    if (share === 1) this.downtimeUs += us
    if (this.versions[this.endpoints[0] > 0 ? 0 : 1] > 1) this.overlapUs += us
  }

  /** An endpoint enters (sign 1) or leaves (sign -1) a place. */
  count(place: number, template: number, serving: number, sign: 1 | -1): void {
    this.endpoints[place] += sign
    if (serving === 1) this.countServing(place, template, sign)
  }

  /** An endpoint in a place begins (1) or stops (-1) to serve. */
  countServing(place: number, template: number, sign: 1 | -1): void {
    this.servers[place] += sign
    const counts = this.serversOf[place]
    const before = counts[template]
    counts[template] = before + sign
    if (before === 0) this.versions[place] += 1
    else if (before + sign === 0) this.versions[place] -= 1
  }
}
