import type { Store } from '../core/store.ts'
import { hashHex } from '../internal/hash.ts'

/** How a challenge was made: by Geetest, or locally because Geetest failed. */
export type ChallengeMode = 'normal' | 'failback'

/** Remembers each challenge once, with its mode and the session it was made for. */
export class ChallengeBook {
  readonly #store: Store
  readonly #prefix: string
  readonly #ttlMs: number

  constructor(store: Store, captchaId: string, ttlMs: number) {
    this.#store = store
    this.#prefix = `weixin-kit:geetest:${captchaId}:challenge:`
    this.#ttlMs = ttlMs
  }

  async remember(challenge: string, mode: ChallengeMode, session: string): Promise<void> {
    await this.#store.set(this.#key(challenge, session), mode, this.#ttlMs)
  }

  /**
   * Takes a challenge, so that it is used only once; `undefined` if it is unknown, used, expired or belongs to another
   * session.
   *
   * The page's challenge may be two characters longer than the one it got (it appends its round).
   */
  async take(challenge: string, session: string): Promise<ChallengeMode | undefined> {
    for (const candidate of [challenge, challenge.slice(0, -2)]) {
      const key = this.#key(candidate, session)
      const mode = await this.#store.get(key)
      if (mode !== 'normal' && mode !== 'failback') continue
      return (await this.#store.compareAndDelete(key, mode)) ? mode : undefined
    }
    return undefined
  }

  #key(challenge: string, session: string): string {
    return this.#prefix + hashHex('sha256', JSON.stringify([challenge, session]))
  }
}
