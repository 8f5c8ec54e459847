import type { Store } from '../core/store.ts'
import { hashHex } from '../internal/hash.ts'

/** How a challenge came to be: asked from Geetest, or made here because that failed. */
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
   * Takes a challenge out, so that it serves once; `undefined` when it is unknown, used, expired or another session's.
   *
   * The page's challenge may be two characters longer than the one it was given (it appends its round).
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
