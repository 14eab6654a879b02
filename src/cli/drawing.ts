export async function drawCharts(
  _a: string,
  _b: readonly string[] | undefined,
  _c: string | undefined,
): Promise<string[]> {
  return []
}
