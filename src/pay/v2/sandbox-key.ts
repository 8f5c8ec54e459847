import { ConfigError, UnexpectedResponseError } from '../../errors/index.ts'
import { inStep } from '../../internal/name-error.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import { signed } from './endpoint.ts'
import type { PayV2Client } from './pay-v2-client.ts'
import { Signer } from './signer.ts'

export const SANDBOX_PREFIX = '/xdc/apiv2sandbox'

const SIGN_KEY = signed<object, { sandbox_signkey?: unknown }>('/xdc/apiv2getsignkey/sign/getsignkey', {
  rules: {},
  responseSign: 'absent',
  signType: 'MD5',
  sendsSignType: false,
  identity: 'merchant',
  hasResultCode: false,
  echo: []
})

/** Uses the production key and the production path. */
export async function fetchSandboxKey(production: PayV2Client): Promise<unknown> {
  return (await production.call('fetchSandboxKey', SIGN_KEY, {})).sandbox_signkey
}

/** It changes from time to time, and requesting it too often leads to an HTML page. (仿真测试: 获取验签秘钥) */
const TTL_MS = 3_600_000

/** The key of the sandbox: configured, or fetched with the production key and cached for an hour. */
export class SandboxKey {
  readonly #fetch: () => Promise<unknown>
  readonly #now: () => number
  readonly #flights = new SingleFlight<Signer>()
  #current: { signer: Signer; expiresAt: number } | undefined

  constructor(fetch: () => Promise<unknown>, now: () => number, given?: string) {
    this.#fetch = fetch
    this.#now = now
    if (given) this.#current = { signer: new Signer(given), expiresAt: Number.POSITIVE_INFINITY }
  }

  /** @throws what the call throws */
  async get(): Promise<Signer> {
    const { signer, expiresAt } = this.#current ?? {}
    if (signer && this.#now() < (expiresAt ?? 0)) return signer
    return this.#flights.run('key', () => inStep('sandboxKey', () => this.#refresh()))
  }

  /** @throws {ConfigError} ERR_CONFIG before the key was fetched for the first time */
  getAtHand(): Signer {
    if (this.#current) return this.#current.signer
    throw new ConfigError(
      'The key of the sandbox has not been fetched yet: await pay2.fetchSandboxKey() once at startup.',
      {
        option: 'sandbox',
        product: 'pay'
      }
    )
  }

  async #refresh(): Promise<Signer> {
    const key = await this.#fetch()
    if (typeof key !== 'string' || !/^[\x21-\x7e]{32}$/.test(key)) {
      throw new UnexpectedResponseError('fetchSandboxKey: the response lacks a sandbox_signkey of 32 characters.', {
        product: 'pay'
      })
    }
    const signer = new Signer(key)
    this.#current = { signer, expiresAt: this.#now() + TTL_MS }
    return signer
  }
}
