import type { RequestOptions } from '../../core/client-options.ts'
import type { LazyPart } from '../../internal/lazy-part.ts'
import { waitUnlessAborted } from '../../internal/wait-unless-aborted.ts'
import { keepOptions, keepParams } from './keep-params.ts'

/**
 * What the calls of one client need, made when the first of them comes: most of the code of a version is loaded after the client
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

  async #runLater<P, O extends RequestOptions | undefined, T>(
    params: P,
    options: O,
    use: (calls: Calls, params: P, options: O) => Promise<T>
  ): Promise<T> {
    // As they are now: whoever fills one object again and again would otherwise send its last state several times.
    const keptParams = keepParams(params)
    const keptOptions = keepOptions(options)
    return use(this.#callsOf(await waitUnlessAborted(this.#part.load(), signalOf(options))), keptParams, keptOptions)
  }

  #callsOf(module: Module): Calls {
    this.#calls ??= this.#make(module)
    return this.#calls
  }
}

/** Not one that is aborted already, or none: what is told of such a call is told in the same order as ever. */
function signalOf(options: RequestOptions | undefined): AbortSignal | undefined {
  const signal = options?.signal
  return signal && typeof signal.addEventListener === 'function' && !signal.aborted ? signal : undefined
}
