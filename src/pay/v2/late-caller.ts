import type { RequestOptions } from '../../core/client-options.ts'
import { Late } from '../../core/late/late.ts'
import { lazyPart } from '../../internal/lazy-part.ts'
import type { Calls, CallsOptions } from './calls.ts'
import { missingCertificate } from './missing-certificate.ts'

/** One for all clients: whatever only calls need. */
const part = lazyPart(() => import('./calls.ts'))

/** The calls of one account. What makes them is loaded in the background from now on, and waited for by the first of them. */
export class LateCaller {
  readonly #late: Late<typeof import('./calls.ts'), Calls>
  readonly #hasCertificate: boolean

  constructor(options: CallsOptions) {
    this.#hasCertificate = options.hasCertificate
    this.#late = new Late(part, ({ Calls }) => new Calls(options))
  }

  /**
   * Runs a call with what was given, as it is now.
   *
   * @throws {ConfigError} ERR_MISSING_DEPENDENCY, and whatever `use` throws
   */
  run<P, O extends RequestOptions | undefined, T>(
    params: P,
    options: O,
    use: (calls: Calls, params: P, options: O) => Promise<T>
  ): Promise<T> {
    return this.#late.run(params, options, use)
  }

  /** @throws {ConfigError} ERR_CONFIG when the client has no certificate. */
  requireCertificate(operation: string): void {
    if (!this.#hasCertificate) throw missingCertificate(operation)
  }
}
