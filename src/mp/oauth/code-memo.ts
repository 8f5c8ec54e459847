import { runOnce } from '../../core/run-once.ts'
import type { Store } from '../../core/store.ts'
import { StoreError, TimeoutError } from '../../errors/index.ts'
import { hashHex } from '../../internal/hash.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import type { OAuthToken } from './oauth-types.ts'

/** WeChat's browser sends the second callback within moments. Longer would only give a stolen code more time. */
const KEEP_MS = 30_000
const RUNNING_MS = 60_000
const WAIT_MS = 12_000

/**
 * Exchanges the code of a login once over all processes of the store, and returns the first result for 30 seconds when the same
 * login comes again. Bound to the login: a code that somebody else has seen logs in nobody.
 */
export class CodeMemo {
  readonly #store: Store
  readonly #storeKey: (kind: string) => string
  readonly #flights = new SingleFlight<OAuthToken>()

  constructor(store: Store, storeKey: (kind: string) => string) {
    this.#store = store
    this.#storeKey = storeKey
  }

  run(code: string, login: string, exchange: () => Promise<OAuthToken>): Promise<OAuthToken> {
    // Hashed, so that a look into the store shows no code that could still be used.
    const key = this.#storeKey(`oauth-code:${hashHex('sha256', `${login}\n${code}`)}`)
    return this.#flights.run(key, async () => {
      const options = { runningTtlMs: RUNNING_MS, doneTtlMs: KEEP_MS, waitMs: WAIT_MS }
      const result = await runOnce(this.#store, key, async () => JSON.stringify(await exchange()), options)
      if (result.outcome === 'running') {
        const message = `oauth.exchangeCode: another process has been exchanging this code for ${WAIT_MS} ms. Start a new authorization.`
        throw new TimeoutError(message, { product: 'mp' })
      }
      return readStored(result.value)
    })
  }
}

function readStored(value: string): OAuthToken {
  try {
    return JSON.parse(value) as OAuthToken
  } catch {
    throw new StoreError('oauth.exchangeCode: the store returned something else than was written.', {
      product: 'mp'
    })
  }
}
