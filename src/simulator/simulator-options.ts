import {
  anything,
  checkOptions,
  flag,
  integer,
  list,
  type OptionRules,
  objectWith,
  optional,
  record
} from '../core/options.ts'
import { checkAccounts } from './framework/account-rules.ts'
import type { SimulatorAccounts } from './framework/accounts.ts'
import type { SimulatorClock } from './framework/clock.ts'
import type { DeliveryTarget, DeliveryTargets } from './framework/delivery.ts'
import { DEFAULT_LIMITS, LIMIT_RULES, type SimulatorLimits } from './framework/limits.ts'
import { checkPaySettings, type PaySettings } from './pay/settings.ts'

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  /** Accounts; each omitted kind gets one default account. */
  accounts?: SimulatorAccounts | undefined
  /** A custom clock: `new SimulatorClock({ startAt })` stands still until `advance`. Default: real time. */
  clock?: SimulatorClock | undefined
  /** Makes accounts, ids and serial numbers reproducible. Without it accounts are always the same and ids differ. */
  seed?: string | number | undefined
  /** Targets of callbacks: one for all, or one per kind. */
  deliver?: DeliveryTarget | DeliveryTargets | undefined
  /** Maximum duration of a callback in real milliseconds; default: the upstream's limit. */
  deliveryTimeoutMs?: number | undefined
  /** Rules of the simulated WeChat Pay from the start; `simulator.pay.settings` changes them later. */
  paySettings?: Partial<PaySettings> | undefined
  /** Limits of what is kept in memory. */
  limits?: Partial<SimulatorLimits> | undefined
  /**
   * Whether to refuse endpoints that need a client certificate over plain HTTP and msw, where none can be presented.
   */
  requireClientCertificate?: boolean | undefined
}

const OPTION_RULES: OptionRules = {
  accounts: optional(record),
  clock: optional(objectWith('advance')),
  seed: optional((value) => (['string', 'number'].includes(typeof value) ? undefined : 'must be a string or number')),
  deliver: optional(anything),
  deliveryTimeoutMs: optional(integer(1)),
  paySettings: optional(record),
  limits: optional(record),
  requireClientCertificate: optional(flag)
}

const TARGET_RULES: OptionRules = {
  gateway: optional(anything),
  pay: optional(anything),
  refund: optional(anything),
  transfer: optional(anything),
  qiniu: optional(anything),
  yunpian: optional(anything),
  default: optional(anything),
  allowHosts: optional(list)
}

/**
 * @internal
 * @throws {ConfigError} ERR_CONFIG
 */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  checkOptions(options, OPTION_RULES, { owner: 'createSimulator', product: 'simulator' })
}

/**
 * @internal Options completed with defaults.
 * @throws {ConfigError} ERR_CONFIG
 */
export function readSimulatorOptions(options: SimulatorOptions) {
  const { accounts = {}, limits = {}, paySettings = {}, deliver } = options
  checkAccounts(accounts)
  checkOptions(limits, LIMIT_RULES, { owner: 'createSimulator: limits', product: 'simulator' })
  checkPaySettings(paySettings, 'createSimulator: paySettings')
  const isByKind = typeof deliver === 'object' && !(deliver instanceof URL)
  const targets: DeliveryTargets = isByKind ? deliver : deliver === undefined ? {} : { default: deliver }
  checkOptions(targets, TARGET_RULES, { owner: 'createSimulator: deliver', product: 'simulator' })
  const seed = options.seed === undefined ? 'default' : String(options.seed)
  return { accounts, limits: { ...DEFAULT_LIMITS, ...limits }, paySettings, targets, seed }
}
