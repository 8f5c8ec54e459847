import type { LazyPart } from '../../internal/lazy-part.ts'
import { waitUnlessAborted } from '../../internal/wait-unless-aborted.ts'
import type { RequestOptions } from '../client-options.ts'
import { holdStreams } from './hold-streams.ts'
import { keepOptions, keepParams } from './keep-params.ts'

/**
 * What the calls of one client need, made when the first of them comes: most of the code of a product is loaded after the client
 * was constructed, so that importing it costs little.
 */
export class Late<Module, Calls> {
  readonly #part: LazyPart<Module>
  readonly #make: (module: Module) => Calls
  #calls: Calls | undefined

  constructor(part: LazyPart<Module>, make: (module: Module) => Calls) {
    this.#part = part
    this.#make = make
    part.preload()
  }

  /**
   * Runs a call: at once where everything is loaded, and else as soon as it is. Until then an abort ends it with its reason.
   *
   * @throws {ConfigError} ERR_MISSING_DEPENDENCY when the part cannot be loaded; nothing was sent
   */
  run<P, O extends RequestOptions | undefined, T>(
    params: P,
    options: O,
    use: (calls: Calls, params: P, options: O) => Promise<T>
  ): Promise<T> {
    const { loaded } = this.#part
    return loaded ? use(this.#callsOf(loaded), params, options) : this.#runLater(params, options, use)
  }

  /** The same with a list of arguments, of which the last may be the options of the call. */
  call<A extends readonly unknown[] | [], T>(args: A, use: (calls: Calls, args: A) => Promise<T>): Promise<T> {
    const { loaded } = this.#part
    return loaded ? use(this.#callsOf(loaded), args) : this.#callLater(args, use)
  }

  #runLater<P, O extends RequestOptions | undefined, T>(
    params: P,
    options: O,
    use: (calls: Calls, params: P, options: O) => Promise<T>
  ): Promise<T> {
    // As they are now: whoever fills one object again and again would otherwise send its last state several times.
    const keptParams = keepParams(params)
    const keptOptions = keepOptions(options)
    return this.#later([keptParams], options, (calls) => use(calls, keptParams, keptOptions))
  }

  #callLater<A extends readonly unknown[] | [], T>(args: A, use: (calls: Calls, args: A) => Promise<T>): Promise<T> {
    const kept = args.map((arg) => keepParams(arg))
    return this.#later(kept, args.at(-1), (calls) => use(calls, kept as unknown as A))
  }

  async #later<T>(args: readonly unknown[], last: unknown, use: (calls: Calls) => Promise<T>): Promise<T> {
    const signal = signalOf(last)
    const held = holdStreams(args)
    let calls: Calls
    try {
      calls = this.#callsOf(await waitUnlessAborted(this.#part.load(), signal))
    } catch (error) {
      if (signal?.aborted) held.end()
      else held.release()
      throw error
    }
    try {
      return use(calls)
    } finally {
      // Not earlier: the call has begun to read them by now.
      held.release()
    }
  }

  #callsOf(module: Module): Calls {
    this.#calls ??= this.#make(module)
    return this.#calls
  }
}

/**
 * Of the options of a call, of a request, or the argument itself. Not one that is aborted already, or none: what is told of such a
 * call is told in the same order as ever.
 */
function signalOf(last: unknown): AbortSignal | undefined {
  try {
    const signal = last instanceof AbortSignal ? last : (last as RequestOptions | undefined)?.signal
    return signal && typeof signal.addEventListener === 'function' && !signal.aborted ? signal : undefined
  } catch {
    return undefined
  }
}
