/**
 * Time limit and abort signal of one attempt. `race` rejects at the limit even where an injected `fetch` ignores its signal;
 * after `clear` the caller's signal still cancels a body that is being streamed.
 */
export class Deadline {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #expiry: Promise<never>
  readonly #user: AbortSignal | undefined
  #onAbort: (() => void) | undefined

  constructor(timeoutMs: number, user: AbortSignal | undefined, makeError: () => Error) {
    const controller = new AbortController()
    this.#user = user
    this.signal = user ? AbortSignal.any([user, controller.signal]) : controller.signal
    let expire: (reason: unknown) => void = () => undefined
    this.#expiry = new Promise<never>((_, reject) => {
      expire = reject
    })
    this.#timer = setTimeout(() => {
      const error = makeError()
      controller.abort(error)
      expire(error)
    }, timeoutMs)
    if (user) {
      this.#onAbort = () => expire(user.reason)
      if (user.aborted) this.#onAbort()
      else user.addEventListener('abort', this.#onAbort, { once: true })
    }
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#expiry])
  }

  clear(): void {
    clearTimeout(this.#timer)
    if (this.#onAbort) this.#user?.removeEventListener('abort', this.#onAbort)
  }
}
