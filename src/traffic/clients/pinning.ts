// Clients that stay with an endpoint, in expectation: those of one follower are free (their next request makes a choice)
// or pinned to an endpoint. Two things do this, by the same equations: connections that are kept, and a Service's session
// affinity.
//
//   free u, pinned p(e), with N the choices of a free client per time, L the mean time that a pin lasts by itself and q(e)
//   the chance that a choice pins it to e:   p(e)' = N q(e) u - p(e) / L,   and whoever is not pinned is free.
//
// Between two changes N, L and q are constant and the equations have a closed form, so that nothing is stepped and no time
// is lost between events:   u(t) = v + (u(0) - v) exp(-c t),   c = N a + 1/L,   v = 1 / (L c),   a = sum of q(e).
//
// What is assumed: clients are alike and many, they send at random times (Poisson), and what became of one request says
// nothing about its client's next choice. Then shares of requests are shares of clients, and expectations are exact.
//
// A request every second on each connection, ten to a connection, all endpoints good: c = 1 + 1/10, v = 1/11: one request
// of eleven makes a connection.

/** Rates of one follower's clients in an interval, per microsecond. */
export interface PinningRates {
  /** Choices of a client that is free: its requests. */
  choices: number
  /** Ends of a pin by itself. */
  ends: number
}

/** What an interval makes of free clients. */
export interface FreeClients {
  /** ∫ u dt. */
  freeUs: number
  /** ∫ of the decay of a pin that was there at the beginning, dt: E((1/L), t). */
  heldUs: number
  /** What of such a pin is left at the end. */
  left: number
  /** What a choice with q = 1 has pinned at the end, and its integral. */
  gained: number
  gainedUs: number
}

/** (1 - exp(-rate t)) / rate: for how long something lasts within t that ends at a rate. */
export function lasting(rate: number, us: number): number {
  return rate === 0 ? us : -Math.expm1(-rate * us) / rate
}

/**
 * Follows clients for an interval without changes.
 *
 * @param free share of them that is free at the beginning
 * @param chance that a choice pins a client to some endpoint
 * @param out is filled
 */
export function followClients(
  { choices, ends }: PinningRates,
  free: number,
  chance: number,
  us: number,
  out: FreeClients,
): void {
  const pins = choices * chance
  const rate = pins + ends
  const settled = rate === 0 ? free : ends / rate
  out.heldUs = lasting(ends, us)
  out.left = Math.exp(-ends * us)
  const away = free - settled
  out.freeUs = settled * us + away * lasting(rate, us)
  if (pins === 0) {
    out.gained = out.gainedUs = 0
    return
  }
  out.gained = choices * (-Math.expm1(-ends * us) / rate + away * out.left * lasting(pins, us))
  out.gainedUs = choices * ((us - out.heldUs) / rate + (away * (out.heldUs - lasting(rate, us))) / pins)
}
