import type { Store } from 'weixin-kit'
import { RateLimit, type Take } from './rate-limit.ts'

const WINDOW = { windowSeconds: 600 }

/**
 * Wrong passwords in ten minutes: few for a name from one address; more from an address, behind which may be an office; and
 * more for a name, so that guessing from many addresses ends and locking somebody out is dear.
 */
export class LoginLimits {
  readonly #ofPair: RateLimit
  readonly #fromAddress: RateLimit
  readonly #forName: RateLimit

  constructor(store: Store) {
    this.#ofPair = new RateLimit(store, 'login-pair', { ...WINDOW, limit: 10 })
    this.#fromAddress = new RateLimit(store, 'login-address', { ...WINDOW, limit: 60 })
    this.#forName = new RateLimit(store, 'login-name', { ...WINDOW, limit: 100 })
  }

  /** Counts a try; `undefined` when there were too many. A right password gives it back. */
  async take(address: string, name: string): Promise<Take | undefined> {
    const takes: Take[] = []
    const giveBack = async () => void (await Promise.all(takes.map((take) => take.giveBack())))
    for (const [limit, subject] of [
      [this.#fromAddress, address],
      [this.#ofPair, `${address} ${name}`],
      [this.#forName, name]
    ] as const) {
      const take = await limit.take(subject)
      if (!take) return undefined
      takes.push(take)
    }
    return { giveBack }
  }
}
