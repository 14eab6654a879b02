// The profile of an ordinary cluster with ordinary web services. LN(m, s) is a lognormal with median m seconds and
// shape s, whose 95th percentile is m × exp(1.645 s). The figures are centres of wide distributions; a team that has
// measured its own should write them into `timings`.

import { US_PER_MS, US_PER_SECOND } from '../../base/units.ts'
import type { DurationSpec } from '../types.ts'
import type { Profile } from './profile.ts'

function lognormal(medianMs: number, p95Ms: number): DurationSpec {
  return { type: 'lognormal', medianUs: medianMs * US_PER_MS, p95Us: p95Ms * US_PER_MS }
}

/** Delays of an ordinary cluster; each with its source. */
export const typical: Profile = {
  timings: {
    // A new tag of an image that is already there: fixed cost LN(0.5, 0.5) for authorisation and manifest (assumed), and
    // about 18 % of LN(120 MB, 1.0) (assumed: 70 to 95 % of the layers are shared) at LN(50 MB/s, 0.5), in the middle of
    // the published 35 to 60 MB/s (container registry and cloud vendors' posts). Median 0.5 + 0.42 plus a heavy tail.
    pull: lognormal(1_100, 3_700),
    // Sandbox and network LN(0.4, 0.5) and creation and start of the container LN(0.2, 0.5): within the 1 to 2 s that the
    // Kubernetes project's blog of 2015 gives for a whole pod start with the image present (p50 0.9 to 1.94 s).
    start: lognormal(600, 1_200),
    // From start to serving: between a Go or Node service, LN(0.5, 0.6), and a JVM, LN(8, 0.5). Published lower ends:
    // Spring Boot 1.9 s, Quarkus 1.15 s, Micronaut 0.66 s on a laptop. LN(2, 1).
    ready: lognormal(2_000, 10_400),
    // Draining after SIGTERM, LN(1, 0.8), assumed; the grace period caps it.
    terminate: lognormal(1_000, 3_700),
    run: { type: 'never' },
    fail: 0,
  },
  surroundings: {
    // API write LN(0.01, 0.5), assumed; the project's objective only bounds its 99th percentile to 1 s.
    apiWriteUs: 10 * US_PER_MS,
    // Scheduler decision 2 to 5 ms (160 to 390 pods/s in scheduler_perf), bind write and watch: together 20 to 50 ms.
    bind: { type: 'uniform', lowUs: 20 * US_PER_MS, highUs: 50 * US_PER_MS },
    // kube-proxy joins changes to at most one run a second (minSyncPeriod), plus watch and slice write; published network
    // programming latency p50 1.5 s on 100 nodes.
    endpointDelayUs: US_PER_SECOND,
  },
}
