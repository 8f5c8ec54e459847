import type { SignatureFinding } from './signature-finding.ts'

/** The form of every handler of this library: `gateway.handler()`, `pay.notifyHandler(…)`, … */
export type FetchHandler = (request: Request) => Promise<Response> | Response

/** Kinds of callbacks; services may add their own. */
export type DeliveryKind = 'gateway' | 'pay' | 'refund' | 'transfer' | 'qiniu' | 'yunpian' | (string & {})

/**
 * Where callbacks go: a handler that runs in this process, or a loopback URL. For a kind whose URL the application
 * names itself (`notify_url`), a URL here replaces the origin and keeps path and query.
 */
export type DeliveryTarget = FetchHandler | string | URL

/** Targets by kind; a single target serves all kinds. */
export interface DeliveryTargets {
  gateway?: DeliveryTarget | Readonly<Record<string, DeliveryTarget>> | undefined
  pay?: DeliveryTarget | undefined
  refund?: DeliveryTarget | undefined
  transfer?: DeliveryTarget | undefined
  qiniu?: DeliveryTarget | undefined
  yunpian?: DeliveryTarget | undefined
  /** For kinds without a target of their own. */
  default?: DeliveryTarget | undefined
  /** Hosts other than loopback that may be called, e.g. the name of a container. */
  allowHosts?: readonly string[] | undefined
}

/** What the response to a callback means in its protocol. */
export interface Verdict {
  /** `true` ends the retries. */
  readonly delivered: boolean
  readonly note: string
  /** Why a signature in the body does not fit. */
  readonly signature?: SignatureFinding | undefined
}

export interface DeliverySpec {
  readonly kind: DeliveryKind
  /** Account that the callback is of; picks the target when there is one per account. */
  readonly account?: string | undefined
  /** URL that the application gave; for kinds without one (gateway, SMS push) the target is the URL. */
  readonly url?: string | undefined
  /** Makes the request of an attempt (0 is the first); `timeMs` is what the receiver has on its clock. */
  readonly request: (attempt: number, url: string, timeMs: number) => Request | Promise<Request>
  /** What it is about, for people: the number of an order, the kind of a message, the key of an object. */
  readonly subject?: string | undefined
  /** From the start of an attempt to the start of the second, third … one, in ms on the clock of the simulator. */
  readonly retryAfterMs: readonly number[]
  /** Whether those waits count from the start of the attempt before, and not from its end. */
  readonly waitsFromStart?: boolean | undefined
  /** How long the upstream waits for the response, in real ms. */
  readonly timeoutMs: number
  readonly judge: (response: Response, body: string) => Verdict | Promise<Verdict>
  /** Called once, when it was delivered or given up. */
  readonly finished?: ((delivery: Delivery) => void) | undefined
}

/** One attempt to deliver a callback. */
export interface DeliveryAttempt {
  /** Milliseconds since 1970, on the simulator clock. */
  readonly time: number
  readonly status: number | undefined
  /** Real milliseconds until the application had answered, or the platform stopped waiting. */
  readonly tookMs: number
  readonly body: string
  readonly delivered: boolean
  readonly note: string
}

/** A callback on its way to the application. */
export interface Delivery {
  readonly id: number
  readonly kind: DeliveryKind
  /** Account that it is of. */
  readonly account: string | undefined
  /** What it is about: the number of an order, the kind of a message, the key of an object. */
  readonly subject: string | undefined
  readonly url: string
  /** Waits between its attempts, in ms. */
  readonly retryAfterMs: readonly number[]
  /** When the next attempt is due, in ms since 1970 on the clock of the simulator; `undefined` when none is. */
  readonly nextAt: number | undefined
  readonly attempts: readonly DeliveryAttempt[]
  readonly state: 'held' | 'pending' | 'delivered' | 'failed' | 'undeliverable'
  /** Resolves after the first attempt. */
  readonly first: Promise<Delivery>
  /** Resolves when it was delivered or given up. With a manual clock that takes `advance`. */
  readonly done: Promise<Delivery>
  /**
   * Sends it once more, as the platform does now and then although it was answered.
   *
   * @throws Nothing: failures are in the attempt.
   */
  redeliver(): Promise<DeliveryAttempt>
  /**
   * Makes the next attempt now instead of at `nextAt`, or {@link redeliver}s what is over. Resolves when it was made.
   * @throws nothing: what the application answers is in `attempts`.
   */
  sendNow(): Promise<void>
  /** Makes no further attempt until `release` or `sendNow`. */
  hold(): void
  /**
   * Goes on after `hold`, at once.
   * @throws nothing: what the application answers is in `attempts`.
   */
  release(): Promise<void>
}
