import type { RequestOptions } from '../core/client-options.ts'
import { TokenManager, type TokenManagerOptions } from '../core/token-manager.ts'

/** A source of access tokens of your own, e.g. a token server that several teams share. */
export interface AccessTokenProvider {
  get(signal?: AbortSignal): Promise<string>
  /** Told when WeChat refused `token`. The next `get` should answer another one. */
  invalidate?(token: string): Promise<unknown>
}

/** The access token of one account. The clients use it by themselves; it is public for calls made elsewhere. */
export class AccessToken implements AccessTokenProvider {
  readonly #manager: TokenManager

  constructor(options: TokenManagerOptions) {
    this.#manager = new TokenManager(options)
  }

  /** The current access token, fetched or renewed when needed. */
  get(signal?: AbortSignal): Promise<string> {
    return this.#manager.get(signal)
  }

  /** Forgets `token` if it is still the stored one. Answers whether it was removed. */
  invalidate(token: string): Promise<boolean> {
    return this.#manager.invalidate(token)
  }

  /**
   * Makes WeChat replace a token that is still alive. WeChat allows 20 a day and the library one a minute (within it, the
   * current token is answered). Every other holder of the old token fails from then on.
   */
  forceRefreshInvalidatingTheCurrentToken(options: Pick<RequestOptions, 'signal'> = {}): Promise<string> {
    return this.#manager.forceRefresh(options.signal)
  }
}
