import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import { TokenManager, type TokenManagerOptions } from '../core/token-manager.ts'
import { ConfigError } from '../errors/index.ts'

/** A custom source of access tokens, e.g. a token server shared by several teams. */
export interface AccessTokenProvider {
  /**
   * Returns the current token; called for each request.
   *
   * @param signal Aborts only this caller's wait.
   * @returns An access token that is valid now.
   * @throws Anything: it reaches the caller of the method that needed the token.
   */
  get(signal?: AbortSignal): Promise<string>
  /**
   * Called when WeChat refuses a token. The next `get` should resolve to another one.
   *
   * @param token The refused token.
   * @returns Any value; it is awaited and ignored.
   * @throws Anything: it reaches the caller of the method that needed the token.
   */
  invalidate?(token: string): Promise<unknown>
  /**
   * Query parameter that carries the token: `access_token` (default), or `cloudbase_access_token` for the token file and the
   * request header of WeChat Cloud (云调用).
   */
  readonly parameter?: 'access_token' | 'cloudbase_access_token' | undefined
}

/** The access token of one account. The clients use it automatically; it is public for calls made elsewhere. */
export class AccessToken implements AccessTokenProvider {
  readonly #manager: TokenManager
  readonly #provider: AccessTokenProvider | undefined
  readonly #options: TokenManagerOptions

  /** @internal Created by the client. */
  constructor(options: TokenManagerOptions, provider?: AccessTokenProvider) {
    this.#manager = new TokenManager(options)
    this.#provider = provider
    this.#options = options
  }

  /** Query parameter that carries the token. */
  get parameter(): 'access_token' | 'cloudbase_access_token' {
    return this.#provider?.parameter ?? 'access_token'
  }

  /** @internal The token, if it is available without waiting. */
  current(): string | undefined {
    return this.#provider ? undefined : this.#manager.current()
  }

  /** @internal Seconds for which the last returned token can be used; 0 if the provider decides. */
  expiresInSeconds(): number {
    return this.#provider ? 0 : this.#manager.expiresInSeconds()
  }

  /**
   * Returns the current access token, fetched or renewed when needed (getStableAccessToken).
   *
   * @param signal Aborts only this caller's wait.
   * @returns The token, valid for at least 30 seconds.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40164 (IP list), 40125 (AppSecret), 40013 (appid), 45009, -1 … Failures
   * that no retry fixes are remembered for up to 5 seconds.
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {StoreError} ERR_STORE
   * @throws {ConfigError} ERR_INVALID_PARAM for a signal that is not an AbortSignal; ERR_CONFIG if
   * `accessTokenProvider` does not resolve to a token
   * @example
   * const token = await mp.accessToken.get()
   */
  async get(signal?: AbortSignal): Promise<string> {
    if (signal !== undefined) checkRequestOptions({ signal }, 'accessToken.get', this.#options.product)
    return this.#provider ? this.#ask(this.#provider, signal) : this.#manager.get(signal)
  }

  /**
   * Removes `token` from the store if it is still the current one; a newer one stays.
   *
   * @param token The token that was refused elsewhere.
   * @returns Whether it was removed; with an `accessTokenProvider`, whether its `invalidate` was called.
   * @throws {StoreError} ERR_STORE
   */
  async invalidate(token: string): Promise<boolean> {
    if (!this.#provider) return this.#manager.invalidate(token)
    await this.#provider.invalidate?.(token)
    return this.#provider.invalidate !== undefined
  }

  /**
   * Makes WeChat replace a token that is still valid (getStableAccessToken, `force_refresh`): **every other holder of
   * the old token fails from then on**. WeChat allows 20 a day; the library makes at most one a minute and otherwise
   * returns the current token. With an `accessTokenProvider`, its `invalidate` is called and another token requested.
   *
   * @param options `signal` aborts only this caller's wait.
   * @returns The new token.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45009 if the 20 of the day are used up.
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {StoreError} ERR_STORE
   */
  async forceRefresh(options?: Pick<RequestOptions, 'signal'>): Promise<string> {
    const signal = options?.signal
    if (options) checkRequestOptions({ signal }, 'accessToken.forceRefresh', this.#options.product)
    if (!this.#provider) return this.#manager.forceRefresh(signal)
    return this.replaceRefused(await this.#ask(this.#provider, signal), signal)
  }

  /**
   * Returns a token other than `refused`, or `refused` itself if no other is available.
   *
   * @internal Used by the clients after 40001, 40014 and 42001.
   */
  async replaceRefused(refused: string, signal?: AbortSignal): Promise<string> {
    if (!this.#provider) return this.#manager.replaceRefused(refused, signal)
    await this.#provider.invalidate?.(refused)
    return this.#ask(this.#provider, signal)
  }

  /** Otherwise the error page of a token server would be sent to WeChat as a token, and logged there. */
  async #ask(provider: AccessTokenProvider, signal: AbortSignal | undefined): Promise<string> {
    const token: unknown = await provider.get(signal)
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) && !token.startsWith('{')) return token
    const found =
      typeof token === 'string' ? (token === '' ? 'an empty string' : 'other text') : `a value of type ${typeof token}`
    throw new ConfigError(
      `accessTokenProvider.get must resolve to the token itself, a non-empty string without spaces; it resolved to ${found}. Nothing was sent.`,
      { option: 'accessTokenProvider', product: this.#options.product }
    )
  }
}
