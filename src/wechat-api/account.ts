import { Endpoints } from '../core/endpoints.ts'
import { HttpClient } from '../core/http-client.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, type OptionRules } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import type { Product } from '../errors/index.ts'
import { Secret } from '../internal/secret.ts'
import { type WeChatAccountOptions, wechatAccountRules } from './account-options.ts'

const MAIN_HOST = 'api.weixin.qq.com'

type KeptOption = 'clock' | 'logger' | 'tokenKind' | 'accessTokenProvider'

/** An Official Account or a Mini Program as its options describe it: all that is there before the first call. */
export class WeChatAccount {
  readonly appId: string
  readonly product: Product
  readonly store: Store
  readonly http: HttpClient
  readonly endpoints: Endpoints
  readonly options: { readonly [Name in KeptOption]: WeChatAccountOptions[Name] | undefined }
  readonly #appSecret: Secret

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: WeChatAccountOptions, owner: { name: string; product: Product; rules?: OptionRules }) {
    checkOptions(options, { ...wechatAccountRules(), ...owner.rules }, { owner: owner.name, product: owner.product })
    const { clock, logger, tokenKind, accessTokenProvider } = options
    this.product = owner.product
    this.appId = options.appId
    this.#appSecret = new Secret(options.appSecret)
    this.options = { clock, logger, tokenKind, accessTokenProvider }
    this.store = options.store ? withStoreErrors(options.store) : memoryStore(clock ? { clock } : {})
    this.endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    this.http = new HttpClient({ ...options, product: owner.product, secrets: [options.appSecret] })
  }

  /** The AppSecret, for the calls that carry it. Never log the result. */
  revealAppSecret(): string {
    return this.#appSecret.reveal()
  }

  /** The key of anything kept in the store for this account. */
  storeKey(kind: string): string {
    return `weixin-kit:${this.appId}:${kind}`
  }
}
