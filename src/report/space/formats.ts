// The verdict over a space as files: summary.csv, regions.csv, and JSON for `-o json`.

import { writeToBuffer } from 'fast-csv'
import type { Region } from './regions.ts'
import type { Share, SpaceVerdict } from './wins.ts'

const SHARES = ['won', 'wonAlone', 'down', 'incomplete'] as const

/** One row per arm: how many scenarios it ran in, and the shares with their intervals. */
export function summaryCsv({ arms }: SpaceVerdict): Promise<Buffer> {
  const head = ['arm', 'scenarios', ...SHARES.flatMap((name) => [`${name}Share`, `${name}Low`, `${name}High`])]
  return toCsv([head, ...arms.map((arm) => [arm.arm, arm.won.of, ...SHARES.flatMap((name) => cells(arm[name]))])])
}

/** One row per arm, target, parameter and bin. */
export function regionsCsv(regions: readonly Region[]): Promise<Buffer> {
  const head = ['arm', 'target', 'parameter', 'strength', 'bin', 'scenarios', 'share', 'low', 'high']
  const rows = regions.flatMap(({ arm, target, parameter, strength, bins }) =>
    bins.map(({ label, share }) => [arm, target, parameter, round(strength), label, share.of, ...cells(share)]),
  )
  return toCsv([head, ...rows])
}

/** The same for machines. */
export function spaceJson(verdict: SpaceVerdict, regions: readonly Region[]): object {
  return {
    ran: verdict.ran,
    refused: verdict.refused,
    unsettled: verdict.unsettled,
    arms: verdict.arms.map(({ arm, won, wonAlone, down, incomplete }) => ({ arm, won, wonAlone, down, incomplete })),
    regions,
  }
}

function cells({ share, interval }: Share): number[] {
  return [share, interval.low, interval.high].map(round)
}

function round(value: number): number {
  return Number(value.toFixed(6))
}

function toCsv(rows: readonly (readonly (string | number)[])[]): Promise<Buffer> {
  return writeToBuffer(
    rows.map((row) => [...row]),
    { headers: false, includeEndRowDelimiter: true },
  )
}
