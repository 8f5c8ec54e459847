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
  readonly #expiry: Promise<never>
  readonly #stopWatching: (() => void) | undefined

  constructor({ timeoutMs, user, makeError, endsWithClear }: DeadlineOptions) {
    const controller = new AbortController()
    // `any` leaves an entry in the caller's signal for as long as that lives, which can be as long as the process.
    this.signal = user && !endsWithClear ? AbortSignal.any([user, controller.signal]) : controller.signal
    let expire: (reason: unknown) => void = () => undefined
    this.#expiry = new Promise<never>((_, reject) => {
      expire = reject
    })
    const end = (reason: unknown) => {
      expire(reason)
      controller.abort(reason)
    }
    this.#timer = setTimeout(() => end(makeError()), timeoutMs)
    if (user?.aborted) end(user.reason)
    else if (user) this.#stopWatching = onAbort(user, () => end(user.reason))
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#expiry])
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#stopWatching?.()
  }
}
