import { type RunOnceOptions, runOnce, type Store } from '../core/index.ts'
import { Flight, type Waiter } from './flight.ts'
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
    return new Promise((resolve, reject) => {
      const flight = this.#flights.get(task.key) ?? this.#start(task)
      const waiter: Waiter = {
        resolve: (reply) => {
          stopTimer()
          resolve(reply)
        },
        reject: (error) => {
          stopTimer()
          reject(error)
        }
      }
      const stopTimer = this.#setTimer(() => {
        flight.waiters.delete(waiter)
        flight.expire(task.dueMs)
        resolve(undefined)
      }, task.dueMs)
      flight.join(waiter)
    })
  }

  #start(task: DeliveryTask): Flight {
    const flight = new Flight()
    this.#flights.set(task.key, flight)
    void this.#fly(task, flight)
    return flight
  }

  async #fly(task: DeliveryTask, flight: Flight): Promise<void> {
    const options: RunOnceOptions = { runningTtlMs: RUNNING_TTL_MS, doneTtlMs: task.doneTtlMs, waitMs: task.dueMs }
    let hasRun = false
    try {
      const result = await runOnce(
        this.#store,
        task.key,
        async () => {
          const outcome = await task.run(flight)
          hasRun = true
          return this.#land(outcome, flight)
        },
        options
      )
      // Runs elsewhere and is not finished: the other process has the reply, this request goes without.
      if (!hasRun) flight.resolve(result.outcome === 'running' ? '' : result.value)
    } catch (error) {
      if (!hasRun) flight.reject(error)
      else if (!(error instanceof FailedRound)) this.#onStoreError(error)
    } finally {
      this.#flights.delete(task.key)
    }
  }

  /** Gives the reply to who waits, or sends it late; returns what is kept for redeliveries. */
  #land({ reply, isFailed, sendLate }: Outcome, flight: Flight): string | Promise<string> {
    if (flight.waiters.size === 0 && reply !== '' && sendLate) {
      return sendLate().then(() => {
        flight.resolve('')
        return ''
      })
    }
    flight.resolve(reply)
    if (isFailed) throw new FailedRound()
    return reply
  }
}

/** Tells `runOnce` to forget the message; never leaves this file. */
class FailedRound {}
