import { type RunOnceOptions, runOnce, type Store } from '../core/index.ts'
import { Flight } from './flight.ts'
import type { SetTimer } from './gateway-options.ts'

/** What a handler round came to. */
export interface Outcome {
  /** Plaintext of the reply, empty for none. */
  reply: string
  /** Leave no mark, so that a redelivery runs the handlers again. */
  isFailed: boolean
  /** Sends the reply another way; absent when that is not possible. */
  sendLate?: (() => Promise<void>) | undefined
}

export interface DeliveryTask {
  key: string
  /** Milliseconds until the answer is due. */
  dueMs: number
  doneTtlMs: number
  /** Never rejects. */
  run(flight: Flight): Promise<Outcome>
}

/** A handler that runs longer than this on another process may be started again by a redelivery. */
const RUNNING_TTL_MS = 60_000

/**
 * Runs each message once and gives its reply to every delivery of it that can still carry it: to those that wait in this
 * process, and through the store to those of other processes.
 */
export class Delivery {
  readonly #store: Store
  readonly #setTimer: SetTimer
  readonly #onStoreError: (error: unknown) => void
  readonly #flights = new Map<string, Flight>()

  constructor(store: Store, setTimer: SetTimer, onStoreError: (error: unknown) => void) {
    this.#store = store
    this.#setTimer = setTimer
    this.#onStoreError = onStoreError
  }

  /**
   * @returns the reply, or `undefined` when it did not come in time
   * @throws {StoreError} ERR_STORE when the store fails before the handlers ran.
   */
  deliver(task: DeliveryTask): Promise<string | undefined> {
    const flight = this.#flights.get(task.key) ?? this.#start(task)
    flight.waiters++
    return new Promise((resolve, reject) => {
      const stopTimer = this.#setTimer(() => {
        flight.waiters--
        flight.expire(task.dueMs)
        resolve(undefined)
      }, task.dueMs)
      flight.reply.then(
        (reply) => {
          stopTimer()
          resolve(reply)
        },
        (error: unknown) => {
          stopTimer()
          reject(error)
        }
      )
    })
  }

  #start(task: DeliveryTask): Flight {
    const flight = new Flight()
    this.#flights.set(task.key, flight)
    const options: RunOnceOptions = { runningTtlMs: RUNNING_TTL_MS, doneTtlMs: task.doneTtlMs, waitMs: task.dueMs }
    let hasRun = false
    const work = async (): Promise<string> => {
      const outcome = await task.run(flight)
      hasRun = true
      const { reply, isFailed, sendLate } = outcome
      const isLate = flight.waiters === 0 && reply !== '' && sendLate !== undefined
      if (isLate) await sendLate()
      flight.resolve(reply)
      if (isFailed) throw outcome
      return isLate ? '' : reply
    }
    runOnce(this.#store, task.key, work, options)
      .then(
        (result) => {
          // Runs elsewhere and is not finished: the other process has the reply, this request goes without.
          if (result.outcome !== 'ran') flight.resolve(result.outcome === 'repeated' ? result.value : '')
        },
        (error: unknown) => {
          if (!hasRun) flight.reject(error)
          else if (!isOutcome(error)) this.#onStoreError(error)
        }
      )
      .finally(() => this.#flights.delete(task.key))
    // A waiter that gave up does not listen any more.
    flight.reply.catch(() => undefined)
    return flight
  }
}

const isOutcome = (error: unknown): boolean => typeof error === 'object' && error !== null && 'isFailed' in error
