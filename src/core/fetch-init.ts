import type { DispatcherLike } from './client-options.ts'
import type { Deadline } from './deadline.ts'
import type { HttpBody } from './http-call.ts'

/**
 * The second argument of `fetch`. Its signal is created when it is read: an `AbortSignal` costs as much as the rest of
 * a call, and the transports of this library do not need one.
 */
export class FetchInit {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** A redirect would carry the signature, the token or the money to another host. */
  readonly redirect = 'error'
  declare readonly body?: NonNullable<RequestInit['body']>
  declare readonly duplex?: 'half'
  /** May come from another copy of undici than the built-in one, which the types of `fetch` do not allow. */
  declare readonly dispatcher?: NonNullable<RequestInit['dispatcher']>
  declare readonly signal: AbortSignal
  readonly #deadline: Deadline
  readonly #takesFastSignal: boolean

  // An own property, so that `{ ...init }` of a wrapper has it; one descriptor for all, so that they share their shape.
  static readonly #SIGNAL: ThisType<FetchInit> & PropertyDescriptor = {
    get() {
      return this.#takesFastSignal ? this.#deadline : this.#deadline.signal
    },
    enumerable: true,
    configurable: true
  }

  constructor(
    method: string,
    headers: Readonly<Record<string, string>>,
    body: HttpBody | undefined,
    dispatcher: DispatcherLike | undefined,
    deadline: Deadline,
    takesFastSignal: boolean
  ) {
    this.method = method
    this.headers = headers
    this.#deadline = deadline
    this.#takesFastSignal = takesFastSignal
    if (body !== undefined) this.body = body as NonNullable<RequestInit['body']>
    if (body instanceof ReadableStream) this.duplex = 'half'
    if (dispatcher) this.dispatcher = dispatcher as NonNullable<RequestInit['dispatcher']>
    Object.defineProperty(this, 'signal', FetchInit.#SIGNAL)
  }
}
