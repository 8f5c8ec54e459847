import { TimeoutError } from '../errors/index.ts'
import type { Answer, Delivered } from './outcome.ts'

/** A request that can still carry the reply. One of the two is called, once. */
export interface Waiter {
  resolve(result: Delivered): void
  reject(error: unknown): void
}

/** One message under way in this process. */
export class InFlight {
  /** Requests that waited or wait for it. */
  deliveries = 0
  /**
   * `unknown`: the store has not said yet whether the message is new. `elsewhere`: another process has it, or left a mark of it when
   * it died. To answer `success` in either could lose it.
   */
  holder: 'unknown' | 'elsewhere' | 'us' = 'us'
  /** The last request that could carry the reply went out without it. */
  isTooLate = false
  #result: Delivered | undefined
  #failure: { error: unknown } | undefined
  #waiters: Waiter[] = []
  #controller: AbortController | undefined

  /** Whether a request waits that can carry the reply. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0
  }

  join(waiter: Waiter): void {
    if (this.#result) waiter.resolve(this.#result)
    else if (this.#failure) waiter.reject(this.#failure.error)
    else this.#waiters.push(waiter)
  }

  /** The response to this request was due and goes out without the reply; `isLast`: no other request will carry it. */
  leave(waiter: Waiter, isLast: boolean): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter)
    if (!isLast) return
    this.isTooLate = true
    this.#controller?.abort(lateness())
  }

  settle(answer: Answer): void {
    this.#end({ answer })
  }

  /** Another process handles it and is not finished. */
  settleElsewhere(): void {
    this.#end({ isElsewhere: true })
  }

  fail(error: unknown): void {
    if (this.#result || this.#failure) return
    this.#failure = { error }
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }

  /** Made on first use: most handlers never look at it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.isTooLate) this.#controller.abort(lateness())
    }
    return this.#controller.signal
  }

  #end(result: Delivered): void {
    if (this.#result || this.#failure) return
    this.#result = result
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(result)
  }
}

function lateness(): TimeoutError {
  return new TimeoutError(
    'The response was due and went out without a reply. The handler may go on: what it returns goes to onLateReply.',
    { product: 'gateway' }
  )
}
