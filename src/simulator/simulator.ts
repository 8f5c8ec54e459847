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
import { ConfigError } from '../errors/index.ts'
import { SimulatorCredentials } from './credentials.ts'
import { KeyRing } from './crypto/key-ring.ts'
import { checkAccounts } from './framework/account-rules.ts'
import { AccountBook, type SimulatorAccounts } from './framework/accounts.ts'
import { SimulatorClock } from './framework/clock.ts'
import type { PaymentNotice, RefundNotice, SimulatorContext } from './framework/context.ts'
import { SimulatorCore } from './framework/core.ts'
import type { DeliveryTarget, DeliveryTargets } from './framework/delivery.ts'
import { DeliveryOffice } from './framework/delivery-office.ts'
import { type FaultHandle, type FaultKind, FaultList, type FaultMatch, type FaultSpec } from './framework/faults.ts'
import { HeldMoney } from './framework/held-money.ts'
import { DEFAULT_LIMITS, LIMIT_RULES, type SimulatorLimits } from './framework/limits.ts'
import { ExchangeLog, type SimulatorLog } from './framework/log.ts'
import { isLoopbackUrl, refuseRemoteUrl } from './framework/production-url.ts'
import { SimulatorRandom } from './framework/random.ts'
import type { SimulatorService } from './framework/service.ts'
import { toStateJson } from './framework/state-json.ts'
import { stateText } from './framework/state-text.ts'
import { USER_RULES, type UserOptions, type UserRecord, UserRegistry } from './framework/users.ts'
import { PAY_SETTING_RULES, type PaySettings } from './pay/settings.ts'
import { createServices, type SimulatorServices } from './services.ts'
import { control } from './skins/control.ts'
import { createFetch } from './skins/fetch.ts'
import { type ListenOptions, listen, type SimulatorServer } from './skins/server.ts'

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  /** Accounts; each kind that is left out gets one default account. */
  accounts?: SimulatorAccounts | undefined
  /** A clock of your own: `new SimulatorClock({ startAt })` stands still until `advance`. Real time by default. */
  clock?: SimulatorClock | undefined
  /** Makes accounts, ids and serials repeatable. Without it accounts are the same every time and ids differ. */
  seed?: string | number | undefined
  /** Where callbacks go: one target for all, or one per kind. */
  deliver?: DeliveryTarget | DeliveryTargets | undefined
  /** How long a callback may take in real ms; the upstream's own limit by default. */
  deliveryTimeoutMs?: number | undefined
  /** Rules of the simulated WeChat Pay from the start; `simulator.pay.settings` changes them later. */
  paySettings?: Partial<PaySettings> | undefined
  /** How much is kept in memory. */
  limits?: Partial<SimulatorLimits> | undefined
  /** Refuse endpoints that need a client certificate over plain HTTP and msw, where none can be seen. */
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

type VerbsOf<S> = S extends { verbs: (user: UserRecord) => infer V } ? V : unknown
type ControlOf<S> = S extends { control: infer C } ? C : undefined

/** A simulated person: what the services let a person do. */
export type SimulatedUser = UserRecord &
  VerbsOf<SimulatorServices['wechat']> &
  VerbsOf<SimulatorServices['pay']> &
  VerbsOf<SimulatorServices['yunpian']> &
  VerbsOf<SimulatorServices['geetest']>

/** Everything that `snapshot` keeps, as JSON. */
export interface SimulatorSnapshot {
  readonly version: 1
  /** Milliseconds since 1970. */
  readonly time: number
  readonly random: number
  readonly users: unknown
  readonly services: Readonly<Record<string, unknown>>
}

/** WeChat, WeChat Pay, Qiniu, Yunpian and Geetest in this process. See {@link createSimulator}. */
export class Simulator {
  /** The time of this simulator: `clock.advance(ms)` moves it ahead. */
  readonly clock: SimulatorClock
  /** Credentials of the simulated accounts, in the form that the clients take. */
  readonly credentials: SimulatorCredentials
  /** What the simulator received, verified and refused. */
  readonly log: SimulatorLog
  /** Callbacks to the application: their targets, and duplicates, order and delays on request. */
  readonly deliveries: DeliveryOffice
  /**
   * Answers requests to the upstream hosts and opens no connection. Give it to a client as its `fetch`.
   *
   * @param input URL or request.
   * @param init As for `fetch`.
   * @throws {TypeError} as `fetch` does: for faults of the connection, and for hosts that are not simulated (ENOTFOUND).
   */
  readonly fetch: typeof globalThis.fetch
  /** Options that connect any client of this library to the simulator: `new OfficialAccount({ ...credentials.officialAccount, ...clientOptions })`. */
  readonly clientOptions: { readonly fetch: typeof globalThis.fetch; readonly clock: () => number }
  /** @internal */
  readonly core: SimulatorCore
  /** @internal */
  readonly context: SimulatorContext
  readonly #services: SimulatorServices
  readonly #faults = new FaultList()
  readonly #keys: KeyRing
  readonly #users: UserRegistry
  readonly #random: SimulatorRandom
  readonly #servers = new Set<SimulatorServer>()
  readonly #changeListeners = new Set<() => void>()
  readonly #allowHosts: readonly string[]

  /** @internal Use {@link createSimulator}. */
  constructor(options: SimulatorOptions = {}) {
    checkAccounts(options.accounts ?? {})
    checkOptions(options.limits ?? {}, LIMIT_RULES, { owner: 'createSimulator: limits', product: 'simulator' })
    const paySettings = options.paySettings ?? {}
    checkOptions(paySettings, PAY_SETTING_RULES, { owner: 'createSimulator: paySettings', product: 'simulator' })
    const limits = { ...DEFAULT_LIMITS, ...options.limits }
    const seed = options.seed === undefined ? 'default' : String(options.seed)
    const log = new ExchangeLog(limits)
    this.clock = options.clock ?? new SimulatorClock()
    this.log = log
    this.#random = new SimulatorRandom(options.seed)
    const accounts = new AccountBook(options.accounts ?? {}, seed)
    this.#keys = new KeyRing(this.clock.now, seed, () => this.servedHosts)
    this.#users = new UserRegistry(accounts, limits.users, seed)
    const { deliver } = options
    const isByKind = typeof deliver === 'object' && !(deliver instanceof URL)
    const targets = isByKind ? deliver : deliver === undefined ? {} : { default: deliver }
    checkOptions(targets, TARGET_RULES, { owner: 'createSimulator: deliver', product: 'simulator' })
    this.#allowHosts = targets.allowHosts ?? []
    this.deliveries = new DeliveryOffice(this.clock, log, targets, {
      timeoutMs: options.deliveryTimeoutMs,
      keep: limits.logEntries,
      mostWaiting: limits.records
    })
    const paidListeners: ((payment: PaymentNotice) => void)[] = []
    const refundListeners: ((refund: RefundNotice) => void)[] = []
    this.context = {
      clock: this.clock,
      random: this.#random,
      accounts,
      users: this.#users,
      keys: this.#keys,
      limits,
      log,
      requireClientCertificate: options.requireClientCertificate ?? false,
      deliver: (spec) => this.deliveries.deliver(spec),
      fetch: async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input)
        if (this.core.upstreamUrl(url)) return this.fetch(input, init)
        return globalThis.fetch(refuseRemoteUrl(url, 'url'), { ...init, redirect: 'manual' })
      },
      appTime: () => (this.#servers.size > 0 ? this.clock.transport() : this.clock.now()),
      receiverTime: (kind, account) => this.deliveries.receiverTime(kind, account),
      isLocal: (url) => isLoopbackUrl(url) || this.#allowHosts.includes(url.hostname),
      hasTarget: (kind, account) => this.deliveries.hasTarget(kind, account),
      paid: (payment) => {
        for (const listener of paidListeners) listener(payment)
      },
      onPaid: (listener) => void paidListeners.push(listener),
      refunded: (refund) => {
        for (const listener of refundListeners) listener(refund)
      },
      onRefunded: (listener) => void refundListeners.push(listener),
      heldMoney: new HeldMoney()
    }
    this.#services = createServices(this.context)
    Object.assign(this.#services.pay.control.settings, paySettings)
    this.core = new SimulatorCore(this.#list(), this.#faults, log, this.clock)
    this.fetch = createFetch(this.core)
    this.clientOptions = { fetch: this.fetch, clock: this.clock.now }
    this.credentials = new SimulatorCredentials(accounts, this.#keys)
  }

  #list(): SimulatorService[] {
    return Object.values(this.#services)
  }

  /** Every simulated call of every upstream, as `POST api.weixin.qq.com/cgi-bin/stable_token`. */
  get endpoints(): readonly string[] {
    return this.#list().flatMap(({ endpoints }) => endpoints)
  }

  /** What a test may look at and change in the official accounts and mini programs. */
  get wechat(): ControlOf<SimulatorServices['wechat']> {
    return controlOf(this.#services.wechat)
  }

  get pay(): ControlOf<SimulatorServices['pay']> {
    return controlOf(this.#services.pay)
  }

  get qiniu(): ControlOf<SimulatorServices['qiniu']> {
    return controlOf(this.#services.qiniu)
  }

  get yunpian(): ControlOf<SimulatorServices['yunpian']> {
    return controlOf(this.#services.yunpian)
  }

  get geetest(): ControlOf<SimulatorServices['geetest']> {
    return controlOf(this.#services.geetest)
  }

  /**
   * PEM of the authority behind `listen({ tls: true })`; give it to a client as `ca`. Its key is random and in memory;
   * `weixin-kit simulator` keeps one per machine. It can vouch for the simulated hosts and this machine only.
   */
  get certificateAuthority(): string {
    return this.#keys.serverAuthority.certificate.toString()
  }

  /** @internal Names that a TLS certificate of a server has: the upstreams, and those under which a container reaches it. */
  get servedHosts(): readonly string[] {
    return [...this.core.hostPatterns, ...this.#allowHosts]
  }

  /** @internal The authority is kept on disk. */
  get keys(): KeyRing {
    return this.#keys
  }

  /**
   * A person; the same `id` is the same person.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  user(options: UserOptions | string = {}): SimulatedUser {
    const given = typeof options === 'string' ? { id: options } : options
    checkOptions(given, USER_RULES, { owner: 'simulator.user', product: 'simulator', of: 'params' })
    const user = this.#users.get(given)
    const verbs = this.#list().map((service) => (service as { verbs?: (user: UserRecord) => object }).verbs?.(user))
    return Object.assign(Object.create(user as object) as UserRecord, user, ...verbs) as SimulatedUser
  }

  /**
   * Makes an upstream misbehave.
   *
   * @param match Part of `host/path?query`, a pattern over `METHOD host/path?query`, a function, or `*`.
   * @param fault What happens; a bare kind such as `'timeout'` will do.
   * @param times How many calls are hit, 1 by default.
   * @throws {ConfigError} ERR_CONFIG
   */
  fail(match: FaultMatch, fault: FaultSpec | FaultKind, times?: number): FaultHandle {
    return this.#faults.add(match, fault, times)
  }

  /** @internal What the console shows of the services. */
  get views() {
    const { wechat, pay, qiniu, geetest } = this.#services
    return { wechat: wechat.views, pay: pay.views, qiniu: qiniu.views, geetest: geetest.views }
  }

  /** @internal */
  get faults(): FaultList {
    return this.#faults
  }

  /** Ends all faults. */
  recover(): void {
    this.#faults.clear()
  }

  /**
   * Starts a loopback server on which every upstream host is a path prefix.
   *
   * @throws {ConfigError} ERR_CONFIG
   */
  async listen(options: ListenOptions = {}): Promise<SimulatorServer> {
    const steer = options.control ? (request: Request) => control(this, request) : undefined
    const server = await listen(this.core, this.#keys, this.servedHosts, options, steer)
    this.#servers.add(server)
    return server
  }

  /**
   * Resolves when no callback is on its way. Retries of the future are not waited for.
   *
   * @throws Nothing: failures are in `attempts` of the deliveries.
   */
  async settled(): Promise<void> {
    await this.clock.settle()
  }

  /**
   * Stops servers and timers.
   *
   * @throws Nothing.
   */
  async close(): Promise<void> {
    this.clock.stop()
    await Promise.all([...this.#servers].map((server) => server.close()))
    this.#servers.clear()
  }

  /** The whole state as JSON, which `restore` takes up. */
  snapshot(): SimulatorSnapshot {
    return toStateJson(this.#state()) as SimulatorSnapshot
  }

  /** @internal The JSON of `snapshot()` in pieces. */
  snapshotText(): Generator<string, void, undefined> {
    return stateText(this.#state())
  }

  /** @internal Calls `listener` after everything that may have changed the state; the result ends it. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    const stop = this.log.subscribe(listener)
    return () => {
      stop()
      this.#changeListeners.delete(listener)
    }
  }

  /** @internal Something changed that is not in the log: the control interface was used. */
  changed(): void {
    for (const listener of this.#changeListeners) listener()
  }

  #state(): SimulatorSnapshot {
    const services = Object.entries(this.#services).map(([name, service]: [string, SimulatorService]) => [
      name,
      service.snapshot?.() ?? null
    ])
    return {
      version: 1,
      time: this.clock.now(),
      random: this.#random.counter,
      users: this.#users.snapshot(),
      services: Object.fromEntries(services)
    }
  }

  /**
   * Takes up the state of a snapshot, and its time if that is later than the clock's.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM for what is none, or of another version.
   */
  restore(snapshot: SimulatorSnapshot): void {
    if (snapshot?.version !== 1 || typeof snapshot.services !== 'object' || !Number.isFinite(snapshot.time)) {
      const message = 'simulator.restore: expected what snapshot() of this version returned.'
      throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'snapshot', product: 'simulator' })
    }
    this.clock.resumeAt(snapshot.time)
    this.#random.counter = snapshot.random
    this.#users.restore(snapshot.users)
    for (const [name, service] of Object.entries(this.#services) as [string, SimulatorService][]) {
      const state = snapshot.services[name]
      if (state !== null && state !== undefined) service.restore?.(state)
    }
  }
}

function controlOf<S>(service: S): ControlOf<S> {
  return (service as { control?: unknown }).control as ControlOf<S>
}

/**
 * Makes WeChat, WeChat Pay, Qiniu, Yunpian and Geetest run in this process, with state, real keys and real crypto.
 *
 * @example
 * import { createSimulator } from 'weixin-kit/simulator'
 *
 * const simulator = createSimulator({ deliver: 'http://127.0.0.1:3000' })
 * const response = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/get_api_domain_ip')
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  checkOptions(options, OPTION_RULES, { owner: 'createSimulator', product: 'simulator' })
  return new Simulator(options)
}
