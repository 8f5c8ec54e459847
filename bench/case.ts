/** One comparison: the same work by hand on `node:crypto` (the floor) and by the library, measured interleaved in one run. */
export interface BenchCase {
  name: string
  /** The share of the floor's speed that the library must reach, e.g. 0.75. */
  target: number
  floor(): unknown
  ours(): unknown
  /** How many calls are under way at once; default 1. */
  concurrency?: number
  /** Is awaited once before and after the measurement. */
  setup?(): Promise<void>
  teardown?(): Promise<void>
}
