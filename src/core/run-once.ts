import { StoreError } from '../errors/index.ts'
import { randomNonce } from '../internal/random.ts'
import { sleep } from '../internal/sleep.ts'
import type { Store } from './store.ts'
import { keepTrying, takeMark } from './take-mark.ts'
import { traceOutcome } from './tracing.ts'

/** How long marks and results are kept. */
export interface RunOnceOptions {
  /** Milliseconds after which a task that never finished (its process died) may be run again. */
  runningTtlMs: number
  /** Milliseconds for which the result is kept and returned for repeats. */
  doneTtlMs: number
  /** Milliseconds to wait for a task that runs elsewhere; default 0. */
  waitMs?: number | undefined
  /** Milliseconds between renewals of the mark while the task runs: then `runningTtlMs` can be short, and a dead process is soon noticed. */
  renewMs?: number | undefined
  /** Called when the task ran but the store refused its result. Storing it is retried for a minute. */
  onStoreError?: ((error: unknown) => unknown) | undefined
}

/**
 * `ran`: executed by this call. `repeated`: ran before, and this is its stored result. `running`: runs elsewhere and is
 * not finished.
 */
export type RunOnceResult = { outcome: 'ran' | 'repeated'; value: string } | { outcome: 'running' }

const POLL_MS = 50
/** How many marks in a row may vanish between two reads: more is not a coincidence. */
const MAX_CONTRADICTIONS = 10

/**
 * Runs a task once per key across all processes of the store and keeps its result for repeats: the basis of dedupe for
 * messages and notifications. A task that throws leaves no mark, so that the next delivery runs it again: at least
 * once, never zero times, and never two at a time while the mark exists. Once the task ran, a failing store does not
 * make it fail.
 *
 * @throws what the task throws; {StoreError} ERR_STORE before the task ran
 */
export async function runOnce(
  store: Store,
  key: string,
  task: () => Promise<string>,
  options: RunOnceOptions
): Promise<RunOnceResult> {
  const result = await claimAndRun(store, key, task, options)
  traceOutcome(result.outcome)
  return result
}

async function claimAndRun(
  store: Store,
  key: string,
  task: () => Promise<string>,
  options: RunOnceOptions
): Promise<RunOnceResult> {
  const mark = `running:${randomNonce()}`
  let contradictions = 0
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    if (await takeMark(store, key, mark, options.runningTtlMs)) break
    const state = await store.get(key)
    if (state?.startsWith('done:')) return { outcome: 'repeated', value: state.slice('done:'.length) }
    // Gone between the two reads: its task failed, or its mark expired. Try to take it at once.
    if (state === undefined) {
      if (++contradictions > MAX_CONTRADICTIONS) throw contradiction()
      continue
    }
    if (waitedMs >= (options.waitMs ?? 0)) return { outcome: 'running' }
    await sleep(POLL_MS)
  }
  const stopRenewing = renew(store, key, mark, options)
  let value: string
  try {
    value = await task()
    await stopRenewing()
  } catch (error) {
    await stopRenewing()
    await keepTrying(async () => {
      await store.compareAndDelete(key, mark)
      return true
    })
    throw error
  }
  const keep = () => store.set(key, `done:${value}`, options.doneTtlMs)
  try {
    await keep()
  } catch (error) {
    void keepTrying(async () => {
      await keep()
      return true
    })
    await options.onStoreError?.(error)
  }
  return { outcome: 'ran', value }
}

/** @returns a function that stops it; resolves when no renewal is under way that could overwrite the result. */
function renew(
  store: Store,
  key: string,
  mark: string,
  { renewMs, runningTtlMs }: RunOnceOptions
): () => Promise<void> {
  if (renewMs === undefined) return async () => undefined
  let last: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // At worst a failed renewal lets the mark expire.
    last = last.then(() => extend(store, key, mark, runningTtlMs)).catch(() => undefined)
  }, renewMs).unref()
  return async () => {
    clearInterval(timer)
    await last
  }
}

/** Only while the mark is still ours: a process that was paused past its TTL must not overwrite the mark of another. */
async function extend(store: Store, key: string, mark: string, ttlMs: number): Promise<void> {
  if (store.extend) await store.extend(key, mark, ttlMs)
  else if ((await store.get(key)) === mark) await store.set(key, mark, ttlMs)
}

function contradiction(): StoreError {
  return new StoreError(
    'The store contradicts itself: setIfAbsent reports a key as taken, but get finds no value for it. ' +
      'setIfAbsent must resolve to true when it stored the value, and reads must see earlier writes.'
  )
}
