import { onAbort } from '../internal/on-abort.ts'
import type { FastAbortSignal } from './fast-abort-signal.ts'

/**
 * Time limit and abort of one attempt. `race` rejects at the limit even where an injected `fetch` ignores its signal; after
 * `clear` the caller's signal still cancels a body that is being streamed.
 */
export class Deadline implements FastAbortSignal {
  aborted = false
  reason: unknown
  readonly #user: AbortSignal | undefined
  readonly #endsWithClear: boolean
  readonly #makeError: () => Error
  readonly #timer: NodeJS.Timeout
  readonly #stopWatching: (() => void) | undefined
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined
  #listeners: (() => void)[] | undefined
  #reject: ((reason: unknown) => void) | undefined

  /** @param endsWithClear Nothing is read after `clear`, so the caller's signal need not be followed any longer. */
  constructor(timeoutMs: number, user: AbortSignal | undefined, endsWithClear: boolean, makeError: () => Error) {
    this.#user = user
    this.#endsWithClear = endsWithClear
    this.#makeError = makeError
    this.#timer = setTimeout(expire, timeoutMs, this)
    if (user?.aborted) this.end(user.reason)
    else if (user) this.#stopWatching = onAbort(user, () => this.end(user.reason))
  }

  /** A real signal, created when a transport asks for it. */
  get signal(): AbortSignal {
    if (this.#signal) return this.#signal
    const user = this.#user
    this.#controller = new AbortController()
    if (this.aborted) this.#controller.abort(this.reason)
    const { signal } = this.#controller
    // `any` leaves an entry in the caller's signal for its whole lifetime, which can be that of the process.
    this.#signal = user && !this.#endsWithClear ? AbortSignal.any([user, signal]) : signal
    return this.#signal
  }

  /** Enough for a transport that accepts it, unless the caller's signal must be followed beyond `clear`. */
  get isFastEnough(): boolean {
    return !this.#user || this.#endsWithClear
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners ??= []
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners?.filter((other) => other !== listener)
  }

  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      work.then(resolve, reject)
      if (this.aborted) reject(this.reason)
    })
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#stopWatching?.()
  }

  end(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    this.#reject?.(reason)
    for (const listener of this.#listeners ?? []) listener()
    this.#controller?.abort(reason)
  }

  /** Thrown by `race` when the time limit is reached. */
  expire(): void {
    this.end(this.#makeError())
  }
}

function expire(deadline: Deadline): void {
  deadline.expire()
}
