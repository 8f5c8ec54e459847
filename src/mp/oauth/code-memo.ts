import { runOnce } from '../../core/run-once.ts'
import type { Store } from '../../core/store.ts'
import { StoreError, TimeoutError } from '../../errors/index.ts'
import { hashHex } from '../../internal/hash.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import type { OAuthToken } from './oauth-types.ts'
import { REPEAT_MS } from './verify-state.ts'

const RUNNING_MS = 60_000
const WAIT_MS = 12_000

/**
 * Exchanges the code of a login once across all processes of the store, and returns the first result for 30 seconds if
 * the callback of the same login is repeated, even with another code. Bound to the login: a code seen by somebody else
 * is useless.
 */
export class CodeMemo {
  readonly #store: Store
  readonly #storeKey: (kind: string) => string
  readonly #flights = new SingleFlight<OAuthToken>()

  constructor(store: Store, storeKey: (kind: string) => string) {
    this.#store = store
    this.#storeKey = storeKey
  }

  run(login: string, exchange: () => Promise<OAuthToken>): Promise<OAuthToken> {
    const key = this.#storeKey(`oauth-code:${hashHex('sha256', login)}`)
    return this.#flights.run(key, async () => {
      const options = { runningTtlMs: RUNNING_MS, doneTtlMs: REPEAT_MS, waitMs: WAIT_MS }
      const result = await runOnce(this.#store, key, async () => JSON.stringify(await exchange()), options)
      if (result.outcome === 'running') {
        const message = `oauth.exchangeCode: another process has been exchanging this code for ${WAIT_MS} ms. Start a new authorisation.`
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
    throw new StoreError('oauth.exchangeCode: the store returned a different value than was written.', {
      product: 'mp'
    })
  }
}
