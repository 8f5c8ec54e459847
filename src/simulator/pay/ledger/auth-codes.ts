import { BoundedMap } from '../../framework/bounded-map.ts'
import type { SimulatorContext } from '../../framework/context.ts'
import type { UserRecord } from '../../framework/users.ts'
import { PayFailure } from '../failures.ts'
import { MINUTE_MS } from '../times.ts'

interface AuthCode {
  readonly userId: string
  readonly expiresAt: number
  readonly asksPassword: boolean
  /** A code that was shown to a merchant pays there and nowhere else. */
  mchId?: string | undefined
  isUsed: boolean
}

/** Payment codes (付款码): one use, one minute, bound to the first merchant that reads them. */
export class AuthCodes {
  /** The next payment asks for the password, whatever the code says. */
  asksPasswordNext = false
  readonly #codes: BoundedMap<string, AuthCode>
  readonly #context: SimulatorContext

  constructor(context: SimulatorContext) {
    this.#context = context
    this.#codes = new BoundedMap(context.limits.records)
  }

  issue(user: UserRecord, asksPassword: boolean): string {
    const { clock, random } = this.#context
    const code = `13${random.digits(16)}`
    this.#codes.set(code, { userId: user.id, expiresAt: clock.now() + MINUTE_MS, asksPassword, isUsed: false })
    return code
  }

  /** The person behind a code; `use` spends it. */
  read(code: string, mchId: string, use: boolean): { user: UserRecord; asksPassword: boolean } {
    if (!/^1[0-5]\d{16}$/.test(code)) throw new PayFailure('AUTH_CODE_FORMAT')
    const known = this.#codes.get(code)
    const user = known && this.#context.users.byId(known.userId)
    if (!known || !user || (known.mchId !== undefined && known.mchId !== mchId)) {
      throw new PayFailure('AUTH_CODE_UNKNOWN')
    }
    if (known.isUsed || known.expiresAt <= this.#context.clock.now()) throw new PayFailure('AUTH_CODE_EXPIRED')
    known.mchId = mchId
    known.isUsed = use
    const asksPassword = known.asksPassword || this.asksPasswordNext
    if (use) this.asksPasswordNext = false
    return { user, asksPassword }
  }
}
