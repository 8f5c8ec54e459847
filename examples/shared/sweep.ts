import { acquireLock, type Store } from 'weixin-kit'
import { describeError } from './describe-error.ts'

/** Work that nobody asks for: orders whose notification was lost, rows that are old. */
export interface Sweep {
  name: string
  everySeconds: number
  /** Must bear that another process did the same a moment ago: the lock saves work, it does not guard money. */
  run(): Promise<void>
}

export interface RunningSweeps {
  /** Runs a sweep now; throws what it throws. */
  run(name: string): Promise<void>
  stop(): Promise<void>
}

/** After a process died in the middle of a sweep, the others wait this long. */
const LOCK_MS = 5 * 60_000

/** Repeats the sweeps, each in one process of all that share the store. A failure is logged and does not end the repetition. */
export function startSweeps(sweeps: readonly Sweep[], store: Store, log: (line: string) => void): RunningSweeps {
  const underWay = new Set<Promise<void>>()
  const timers = sweeps.map((sweep) =>
    setInterval(() => {
      const run = runLocked(sweep, store)
        .catch((error: unknown) => log(`sweep ${sweep.name} failed: ${describeError(error)}`))
        .finally(() => underWay.delete(run))
      underWay.add(run)
    }, sweep.everySeconds * 1000).unref()
  )
  return {
    run: async (name) => {
      const sweep = sweeps.find((one) => one.name === name)
      if (!sweep) throw new Error(`There is no sweep ${name}`)
      await runLocked(sweep, store)
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(underWay)
    }
  }
}

async function runLocked(sweep: Sweep, store: Store): Promise<void> {
  const lock = await acquireLock(store, `sweep:${sweep.name}`, { ttlMs: LOCK_MS })
  if (!lock) return
  try {
    await sweep.run()
  } finally {
    await lock.release()
  }
}
