/** Number of cases of a property: `FC_RUNS` raises it (CI), a quick run takes the default. */
export function fcRuns(usual: number): number {
  const wanted = Number(process.env.FC_RUNS)
  return Number.isSafeInteger(wanted) && wanted > 0 ? wanted : usual
}
