// What the nodes' kubelets do with images and containers, as written: images, the registry, the kubelets' configuration.

import { z } from 'zod'
import { distribution, duration, name, quantity } from './schemaWords.ts'

/** Settings of one image beside its timings; "*" is all images. */
export const imageSettings = {
  size: quantity
    .optional()
    .describe('Compressed size: 120Mi. Without `pull`, what a node must fetch decides how long the pull takes.'),
  layersShared: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Share of its bytes that a node already has from other versions.'),
  exists: z.boolean().optional().describe('false: a tag that was never pushed; every pull of it fails.'),
  pullFailure: z.number().min(0).max(1).optional().describe('Probability that one pull fails.'),
  onSigterm: z
    .enum(['drains', 'exits', 'ignores'])
    .optional()
    .describe(
      'SIGTERM: `drains` refuses new connections and ends after `terminate` (the default); `exits` at once; `ignores` ' +
        'goes on serving until SIGKILL.',
    ),
  preStop: distribution.optional().describe('How long a preStop hook takes whose duration the manifest does not tell.'),
  postStart: distribution.optional().describe('How long a postStart hook takes, likewise.'),
}

const speed = z.union([
  quantity,
  z.strictObject({ median: quantity, p95: quantity }).describe('Lognormal, drawn once per node.'),
])

export const registry = z
  .strictObject({
    bandwidth: speed.optional().describe('Bytes per second that one node gets: 50M.'),
    request: distribution.optional().describe('Fixed part of every pull: authorisation and manifest.'),
    pullFailure: z.number().min(0).max(1).optional().describe('Probability that one pull fails, of any image.'),
    outages: z
      .array(z.strictObject({ from: duration, until: duration }))
      .min(1)
      .optional()
      .describe('When every pull fails; counts from 0 of the timeline.'),
  })
  .describe('Where images come from.')

const configuration = z
  .strictObject({
    serializeImagePulls: z.boolean().optional().describe('Default true: one pull at a time on each node.'),
    maxParallelImagePulls: z.int().min(1).optional().describe('With serializeImagePulls false; default no limit.'),
    maxContainerRestartPeriod: duration
      .optional()
      .describe('Cap of the crash-loop back-off, 1s to 300s; default 300s.'),
  })
  .describe("What the kubelets' configuration files say; the names are theirs.")

export const kubelets = z
  .strictObject({
    phases: z
      .enum(['random', 'none'])
      .optional()
      .describe('Phases of loops and jitter of retries are drawn; `none`: all are 0, and exits are seen at once.'),
    relist: distribution.optional().describe('From the start of a container until its kubelet sees it running.'),
    create: distribution.optional().describe('Creation and start of a container other than the application.'),
    configuration: configuration.optional(),
    readinessGates: z
      .record(z.string(), duration)
      .optional()
      .describe('Per condition type of readinessGates: from ready containers until its condition is True.'),
  })
  .describe('The real kubelets (cluster.kubelet: real).')

/** Steps of a timeline about images and nodes. */
export const kubeletSteps = {
  pushImage: z
    .strictObject({
      image: z.string().min(1),
      version: name.describe('A name for the new bits: timings and applications may speak of IMAGE#VERSION.'),
    })
    .optional()
    .describe('The tag is pushed again. Nodes that have the old bits keep them under IfNotPresent.'),
  shutdownNode: z
    .strictObject({ node: z.string(), grace: duration.optional() })
    .optional()
    .describe('The machine is shut down. With `grace`, its pods are ended first, in at most that time.'),
}
