import { onAbort } from '../internal/on-abort.ts'

export interface DeadlineOptions {
  timeoutMs: number
  user: AbortSignal | undefined
  makeError: () => Error
  /** Nothing is read after `clear`, so that the caller's signal need not be followed any longer. */
  endsWithClear: boolean
}

/**
 * Time limit and abort signal of one attempt. `race` rejects at the limit even where an injected `fetch` ignores its signal;
 * after `clear` the caller's signal still cancels a body that is being streamed.
 */
export class Deadline {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #stopWatching: (() => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor({ timeoutMs, user, makeError, endsWithClear }: DeadlineOptions) {
    const controller = new AbortController()
    // `any` leaves an entry in the caller's signal for as long as that lives, which can be as long as the process.
    this.signal = user && !endsWithClear ? AbortSignal.any([user, controller.signal]) : controller.signal
    const end = (reason: unknown) => {
      this.#reject?.(reason)
      controller.abort(reason)
    }
    this.#timer = setTimeout(() => end(makeError()), timeoutMs)
    if (user?.aborted) end(user.reason)
    else if (user) this.#stopWatching = onAbort(user, () => end(user.reason))
  }

  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      work.then(resolve, reject)
      if (this.signal.aborted) reject(this.signal.reason)
    })
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#stopWatching?.()
  }
}
