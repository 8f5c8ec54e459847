/**
 * Parameters of a property: `FC_RUNS` raises the number of cases (CI), a quick run takes the default. The seed is the same at every
 * run, so that a failure always belongs to the change at hand; `FC_SEED=random` looks for new cases, a number repeats one that failed.
 */
export function fcParameters(usual: number, atMost = Number.POSITIVE_INFINITY): { numRuns: number; seed?: number } {
  const wanted = Number(process.env.FC_RUNS)
  const numRuns = Math.min(Number.isSafeInteger(wanted) && wanted > 0 ? wanted : usual, atMost)
  const seed = process.env.FC_SEED ?? '20261121'
  return seed === 'random' ? { numRuns } : { numRuns, seed: Number(seed) }
}
