import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import { TokenManager, type TokenManagerOptions } from '../core/token-manager.ts'
import type { Product } from '../errors/index.ts'

/** A source of access tokens of your own, e.g. a token server that several teams share. */
export interface AccessTokenProvider {
  get(signal?: AbortSignal): Promise<string>
  /** Told when WeChat refused `token`. The next `get` should answer another one. */
  invalidate?(token: string): Promise<unknown>
}

/** The access token of one account. The clients use it by themselves; it is public for calls made elsewhere. */
export class AccessToken implements AccessTokenProvider {
  readonly #manager: TokenManager
  readonly #provider: AccessTokenProvider | undefined
  readonly #product: Product

  /** @internal Made by the client. */
  constructor(options: TokenManagerOptions, provider?: AccessTokenProvider) {
    this.#manager = new TokenManager(options)
    this.#provider = provider
    this.#product = options.product
  }

  /**
   * The current access token, fetched or renewed when needed (getStableAccessToken).
   *
   * @param signal Ends this caller's wait and nobody else's.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40164 (IP list), 40125 (AppSecret), 40013 (appid), 45009, -1 …
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {StoreError} ERR_STORE
   * @throws {ConfigError} ERR_INVALID_PARAM for a signal that is none
   * @example
   * const token = await mp.accessToken.get()
   */
  async get(signal?: AbortSignal): Promise<string> {
    checkRequestOptions({ signal } as RequestOptions, 'accessToken.get', this.#product)
    return this.#provider ? this.#provider.get(signal) : this.#manager.get(signal)
  }

  /**
   * Forgets `token` if it is still the stored one; a newer one stays.
   *
   * @param token The token that was refused elsewhere.
   * @returns Whether it was removed; with an `accessTokenProvider`, whether the provider was told.
   * @throws {StoreError} ERR_STORE
   */
  async invalidate(token: string): Promise<boolean> {
    if (!this.#provider) return this.#manager.invalidate(token)
    await this.#provider.invalidate?.(token)
    return this.#provider.invalidate !== undefined
  }

  /**
   * Makes WeChat replace a token that is still alive. WeChat allows 20 a day and the library one a minute (within it, the
   * current token is answered). Every other holder of the old token fails from then on.
   *
   * With an `accessTokenProvider` the provider is told that its token is void, and asked for another.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 45009 when the 20 of the day are used up.
   * @throws {StoreError} ERR_STORE
   */
  async forceRefreshInvalidatingTheCurrentToken(options: Pick<RequestOptions, 'signal'> = {}): Promise<string> {
    const { signal } = options ?? {}
    checkRequestOptions({ signal } as RequestOptions, 'accessToken.forceRefresh', this.#product)
    if (!this.#provider) return this.#manager.forceRefresh(signal)
    return this.replaceRefused(await this.#provider.get(signal), signal)
  }

  /**
   * Another token than `refused`, or `refused` itself when there is none to be had at the moment.
   *
   * @internal What the clients do after 40001, 40014 and 42001.
   */
  async replaceRefused(refused: string, signal?: AbortSignal): Promise<string> {
    if (!this.#provider) return this.#manager.replaceRefused(refused, signal)
    await this.#provider.invalidate?.(refused)
    return this.#provider.get(signal)
  }
}
