import { TimeoutError } from '../errors/index.ts'
import type { Reply } from './replies.ts'

/** What a message came to: a reply, or nothing to say. */
export type Answer = Reply | string | undefined

/** A message that is over. */
export interface Settled {
  readonly answer: Answer
}

/** A request that can still carry the reply. One of the two is called, once. */
export interface Waiter {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** One message under way in this process. */
export class Flight {
  /** The store has not said yet whether the message is new: to answer `success` now could lose it. */
  isUnknown = false
  #isSettled = false
  #answer: Answer
  #error: unknown
  #waiters: Waiter[] = []
  #controller: AbortController | undefined
  #dueMs: number | undefined

  /** Whether a request waits that can carry the reply. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0
  }

  join(waiter: Waiter): void {
    if (!this.#isSettled) this.#waiters.push(waiter)
    else if (this.#error === undefined) waiter.resolve(this.#answer)
    else waiter.reject(this.#error)
  }

  /** The answer of this request was due and went out without the reply. */
  leave(waiter: Waiter, dueMs: number): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter)
    this.#dueMs ??= dueMs
    this.#controller?.abort(lateness(dueMs))
  }

  settle(answer: Answer): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#answer = answer
    for (const waiter of this.#waiters) waiter.resolve(answer)
    this.#waiters = []
  }

  fail(error: unknown): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#error = error
    for (const waiter of this.#waiters) waiter.reject(error)
    this.#waiters = []
  }

  /** Made on first use: most handlers never look at it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#dueMs !== undefined) this.#controller.abort(lateness(this.#dueMs))
    }
    return this.#controller.signal
  }
}

function lateness(dueMs: number): TimeoutError {
  return new TimeoutError(
    `The answer was due after ${dueMs} ms and went out without a reply. The handler may go on: what it returns goes to onLateReply.`,
    { product: 'gateway' }
  )
}
