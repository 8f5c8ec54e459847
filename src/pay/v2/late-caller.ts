import { Late } from '../../core/late/late.ts'
import { lazyPart } from '../../internal/lazy-part.ts'
import type { Calls, CallsOptions } from './calls.ts'

/** One for all clients: whatever only calls need. */
const part = lazyPart(() => import('./calls.ts'))

/** The calls of one account. What makes them is loaded in the background from now on, and waited for by the first of them. */
export class LateCaller extends Late<typeof import('./calls.ts'), Calls> {
  readonly #options: CallsOptions

  constructor(options: CallsOptions) {
    super(part, ({ Calls }) => new Calls(options))
    this.#options = options
  }

  /** @throws {ConfigError} ERR_CONFIG when the client has no certificate. */
  requireCertificate(operation: string): void {
    const { hasCertificate, known } = this.#options
    if (!hasCertificate) throw known.missingCertificate(operation)
  }
}
