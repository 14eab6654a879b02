// A seeded engine that only looks like one: numbers of a plausible shape, no simulation. JavaScript, so that a worker
// thread on Node 20 can load it too.

const POINTS = 241

/** A number in [0, 1) that depends on its key alone. */
function draw(...key) {
  let hash = 0x811c9dc5
  for (const char of key.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39) >>> 0
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296
}

/** `rolling-SURGE-UNAVAILABLE` or anything else, which is taken as Recreate; ten replicas. */
function settingOf(name) {
  const match = /-(\d+)(pct)?-(\d+)(pct)?$/.exec(name)
  if (!match) return undefined
  const [, surge, surgePercent, unavailable, unavailablePercent] = match
  return {
    surge: Math.ceil(surgePercent ? surge / 10 : surge),
    unavailable: Math.floor(unavailablePercent ? unavailable / 10 : unavailable),
  }
}

function measure(setting, arm, workload, seed) {
  const noise = 0.6 * draw('noise', seed) + 0.4 * draw('noise', seed, arm)
  const podSeconds = 9 + 8 * noise
  if (setting === undefined) {
    const downtimeSeconds = podSeconds + 6
    return {
      rolloutSeconds: downtimeSeconds + 2,
      downtimeSeconds,
      lostRequests: downtimeSeconds * 2000,
      minReadyPercent: 0,
      peakPods: 10,
      versionOverlapSeconds: 0,
      extraPodSeconds: 0,
    }
  }
  const { surge, unavailable } = setting
  const rolloutSeconds = Math.ceil(10 / (surge + unavailable)) * podSeconds * (surge >= 5 ? 1.2 : 1)
  const lostRequests = unavailable === 0 ? (noise > 0.985 ? 40 * noise : 0) : 300 * unavailable * (1 + noise)
  return {
    rolloutSeconds,
    downtimeSeconds: 0,
    lostRequests,
    minReadyPercent: 100 - unavailable * 10,
    peakPods: 10 + surge + (unavailable > 0 ? 1 : 0),
    versionOverlapSeconds: rolloutSeconds * 0.9,
    extraPodSeconds: surge * rolloutSeconds * 0.8,
  }
}

function makeRow(scenario, arm, seed, workload) {
  const measured = measure(settingOf(arm), arm, workload, seed)
  const stuck = arm.includes('stuck') && draw('stuck', seed, workload) < 0.3
  return {
    scenario,
    arm,
    seed,
    workload,
    outcome: stuck ? 'deadlineExceeded' : 'complete',
    deadlinesMissed: stuck ? 1 : 0,
    requests: 2_280_000,
    answeredRequests: 2_280_000 - measured.lostRequests,
    retriedRequests: 0,
    lostRefusedAfterTermination: measured.lostRequests,
    lostStaleEndpoint: 0,
    lostNotListening: 0,
    lostNotYetRegistered: 0,
    lostNoEndpoint: 0,
    lostKilledInFlight: 0,
    lostBadVersion: 0,
    lostOverload: 0,
    lostConnectionReset: 0,
    degradedSeconds: measured.minReadyPercent < 100 ? measured.rolloutSeconds * 0.8 : 0,
    terminatingPodSeconds: 20 + 5 * draw('terminating', seed),
    stuck: stuck ? 1 : 0,
    fullStrengthSeconds: NaN,
    drainingSeconds: NaN,
    ordinalAwayMeanSeconds: NaN,
    ordinalAwayMaxSeconds: NaN,
    noPrimarySeconds: NaN,
    belowQuorumSeconds: NaN,
    volumeWaitSeconds: NaN,
    recoverySeconds: NaN,
    lostWrites: NaN,
    latencyP50Ms: NaN,
    latencyP99Ms: NaN,
    ...measured,
    rolloutSeconds: stuck ? NaN : measured.rolloutSeconds,
  }
}

/** Fills the samples: a dip of the rollout's length to the lowest share of ready pods. */
function fillAvailability(target, row) {
  const length = Number.isNaN(row.rolloutSeconds) ? POINTS : Math.ceil(row.rolloutSeconds / 5)
  for (let instant = 0; instant < POINTS; instant++) {
    const dip = instant > 0 && instant < length
    target[instant] = dip ? Math.min(100, row.minReadyPercent + (draw('dip', row.seed, instant) < 0.3 ? 10 : 0)) : 100
  }
}

/** Has the shape of createEngine (engine/engine.ts). */
export function createFakeEngine(scenario, arm) {
  const workloads = arm.objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  const availability = new Uint8Array(POINTS)
  return {
    run(seed) {
      const rows = workloads.map((workload) => makeRow(scenario.name, arm.name, seed, workload))
      fillAvailability(availability, rows[0])
      return { rows, ordinals: [], availability, events: 230 + (seed % 7) }
    },
  }
}
