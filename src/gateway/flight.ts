import { TimeoutError } from '../errors/index.ts'

/** A request that can still carry the reply. Each of the two is called at most once. */
export interface Waiter {
  resolve(reply: string): void
  reject(error: unknown): void
}

/** One message under way in this process. */
export class Flight {
  readonly waiters = new Set<Waiter>()
  #isSettled = false
  #reply = ''
  #error: unknown
  #controller: AbortController | undefined
  #dueMs: number | undefined

  join(waiter: Waiter): void {
    if (!this.#isSettled) this.waiters.add(waiter)
    else if (this.#error === undefined) waiter.resolve(this.#reply)
    else waiter.reject(this.#error)
  }

  resolve(reply: string): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#reply = reply
    for (const waiter of this.waiters) waiter.resolve(reply)
    this.waiters.clear()
  }

  reject(error: unknown): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#error = error
    for (const waiter of this.waiters) waiter.reject(error)
    this.waiters.clear()
  }

  /** Made on first use: most handlers never look at it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#dueMs !== undefined) this.#controller.abort(lateness(this.#dueMs))
    }
    return this.#controller.signal
  }

  /** The answer was due and went out without the reply. */
  expire(dueMs: number): void {
    this.#dueMs ??= dueMs
    this.#controller?.abort(lateness(dueMs))
  }
}

function lateness(dueMs: number): TimeoutError {
  return new TimeoutError(
    `The answer was due after ${dueMs} ms and went out without a reply. The handler may go on: what it returns goes to onLateReply.`,
    { product: 'gateway' }
  )
}
