import { TimeoutError } from '../errors/index.ts'
import type { Answer, Delivered } from './outcome.ts'

/** A request that can still carry the reply. Exactly one of the two is called, once. */
export interface Waiter {
  resolve(result: Delivered): void
  reject(error: unknown): void
}

/** A message that is being handled in this process. */
export class InFlight {
  /** Requests that waited or are waiting for it. */
  deliveries = 0
  /**
   * `unknown`: the store has not yet reported whether the message is new. `elsewhere`: another process has it, or left
   * a mark when it died. Responding `success` in either state could lose it.
   */
  holder: 'unknown' | 'elsewhere' | 'us' = 'us'
  /** Whether the last request that could carry the reply was answered without it. */
  isTooLate = false
  #result: Delivered | undefined
  #failure: { error: unknown } | undefined
  #waiters: Waiter[] = []
  #controller: AbortController | undefined

  /** Whether a request that can carry the reply is waiting. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0
  }

  join(waiter: Waiter): void {
    if (this.#result) waiter.resolve(this.#result)
    else if (this.#failure) waiter.reject(this.#failure.error)
    else this.#waiters.push(waiter)
  }

  /** The response to this request was due and is sent without the reply; `isLast`: no other request will carry it. */
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

  /** Created on first use: most handlers never read it. */
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
    'The response was due and was sent without a reply. The handler may continue: its result goes to onLateReply.',
    { product: 'gateway' }
  )
}
