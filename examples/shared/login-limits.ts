import { RateLimit, type Store } from 'weixin-kit'

/** A counted try. */
export interface Try {
  /** The password was right: it does not count. */
  giveBack(): Promise<void>
}

/**
 * Wrong passwords in ten minutes: few for a name from one address; more from an address, behind which may be an office; and
 * more for a name, so that guessing from many addresses ends and locking somebody out is dear.
 */
export class LoginLimits {
  readonly #ofPair: RateLimit
  readonly #fromAddress: RateLimit
  readonly #forName: RateLimit

  constructor(store: Store) {
    const window = { store, windowSeconds: 600 }
    this.#ofPair = new RateLimit({ ...window, name: 'login-pair', limit: 10 })
    this.#fromAddress = new RateLimit({ ...window, name: 'login-address', limit: 60 })
    this.#forName = new RateLimit({ ...window, name: 'login-name', limit: 100 })
  }

  /** Counts a try; `undefined` when there were too many. */
  async take(address: string, name: string): Promise<Try | undefined> {
    const taken: Try[] = []
    for (const [limit, subject] of [
      [this.#fromAddress, address],
      [this.#ofPair, `${address} ${name}`],
      [this.#forName, name]
    ] as const) {
      const attempt = await limit.take(subject)
      if (!attempt.allowed) return undefined
      taken.push(attempt)
    }
    return { giveBack: async () => void (await Promise.all(taken.map((one) => one.giveBack()))) }
  }
}
