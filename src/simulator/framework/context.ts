import type { KeyRing } from '../crypto/key-ring.ts'
import type { AccountBook } from './accounts.ts'
import type { SimulatorClock } from './clock.ts'
import type { Delivery, DeliveryKind, DeliverySpec } from './delivery.ts'
import type { HeldMoney } from './held-money.ts'
import type { SimulatorLimits } from './limits.ts'
import type { Listeners } from './listeners.ts'
import type { SimulatorLog } from './log.ts'
import type { SimulatorRandom } from './random.ts'
import type { UserRegistry } from './users.ts'

/** A payment that went through, for services that react to it (unionid after payment, customer-service window, order shipping). */
export interface PaymentNotice {
  readonly appId: string
  readonly openid: string
  /** The merchant whose order it is: in service provider mode the provider. */
  readonly mchId: string
  readonly subMchId?: string | undefined
  readonly outTradeNo: string
  readonly transactionId: string
  readonly description: string
  /** Fen. */
  readonly amount: number
}

/** A payment of which a part or the whole went back. */
export interface RefundNotice {
  readonly transactionId: string
  /** Nothing of the payment is left. */
  readonly isWhole: boolean
}

/** What a service gets to work with. */
export interface SimulatorContext {
  readonly clock: SimulatorClock
  readonly random: SimulatorRandom
  readonly accounts: AccountBook
  readonly users: UserRegistry
  readonly keys: KeyRing
  readonly limits: SimulatorLimits
  readonly log: SimulatorLog
  /** Endpoints that need a client certificate refuse skins that cannot show one (plain HTTP, msw) when this is set. */
  readonly requireClientCertificate: boolean
  /** Sends a callback with the retries of its protocol. */
  deliver(spec: DeliverySpec): Delivery
  /** Whether callbacks of a kind have somewhere to go, for callbacks that nobody asked for. */
  hasTarget(kind: DeliveryKind, account?: string): boolean
  /** Fetches what a caller named: from this simulator or from this machine, never from anywhere else. */
  readonly fetch: typeof globalThis.fetch
  /** What the application has on its clock, in ms: real time once a server listens, that of the simulator in one process. */
  appTime(): number
  /** What the receiver of a kind of callbacks has on its clock, in ms. */
  receiverTime(kind: DeliveryKind, account?: string): number
  /** Whether a URL is of this machine, or of a host that was allowed. */
  isLocal(url: URL): boolean
  /** Somebody paid, for the other services. */
  readonly payments: Listeners<PaymentNotice>
  /** A refund was accepted, for the other services. */
  readonly refunds: Listeners<RefundNotice>
  /** Money that arrived but cannot be used yet, because the order waits for its shipping. */
  readonly heldMoney: HeldMoney
}
