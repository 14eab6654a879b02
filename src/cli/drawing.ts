import type { Results } from '../report/results.ts'
export const CHARTS: readonly { name: string; text: string }[] = []
export async function writeCharts(_results: Results, _folder: string): Promise<string[]> {
  return []
}
export async function drawCharts(
  _a: string,
  _b: readonly string[] | undefined,
  _c: string | undefined,
): Promise<string[]> {
  return []
}
