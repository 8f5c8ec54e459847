import { integer, type OptionRules, optional } from '../../core/options.ts'

/** How much a simulator keeps. Beyond a limit the oldest is dropped. */
export interface SimulatorLimits {
  /** Exchanges and deliveries in the log. */
  readonly logEntries: number
  /** Bytes of each body that the log keeps. */
  readonly logBodyBytes: number
  readonly users: number
  /** Orders, refunds, transfers and red packets, each. */
  readonly orders: number
  /** Bytes of stored objects; media of WeChat accounts and pictures of articles may take as much again, each. */
  readonly objectBytes: number
  /** Any other kind of record (codes, tokens, QR codes, messages, callbacks that wait for another attempt …), each. */
  readonly records: number
}

export const DEFAULT_LIMITS: SimulatorLimits = {
  logEntries: 2_000,
  logBodyBytes: 8_192,
  users: 10_000,
  orders: 20_000,
  objectBytes: 256 * 1024 * 1024,
  records: 20_000
}

/** @internal */
export const LIMIT_RULES: OptionRules = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, optional(integer(1))])
)
