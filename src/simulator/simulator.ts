import { checkOptions } from '../core/options.ts'
import { SimulatorCredentials } from './credentials.ts'
import { KeyRing } from './crypto/key-ring.ts'
import { AccountBook } from './framework/accounts.ts'
import { SimulatorClock } from './framework/clock.ts'
import type { SimulatorContext } from './framework/context.ts'
import { SimulatorCore } from './framework/core.ts'
import { DeliveryOffice } from './framework/delivery-office.ts'
import { type FaultHandle, type FaultKind, FaultList, type FaultMatch, type FaultSpec } from './framework/faults.ts'
import { HeldMoney } from './framework/held-money.ts'
import { Listeners } from './framework/listeners.ts'
import { ExchangeLog, type SimulatorLog } from './framework/log.ts'
import { isLoopbackUrl, refuseRemoteUrl } from './framework/production-url.ts'
import { SimulatorRandom } from './framework/random.ts'
import type { SimulatorService } from './framework/service.ts'
import { toStateJson } from './framework/state-json.ts'
import { USER_RULES, type UserOptions, type UserRecord, UserRegistry } from './framework/users.ts'
import { restoreState, type SimulatorSnapshot, stateOf } from './saved-state.ts'
import { createServices, type SimulatorServices } from './services.ts'
import type { SimulatedUser } from './simulated-user.ts'
import { checkSimulatorOptions, readSimulatorOptions, type SimulatorOptions } from './simulator-options.ts'
import { control } from './skins/control.ts'
import { createFetch } from './skins/fetch.ts'
import { type ListenOptions, listen, type SimulatorServer } from './skins/server.ts'

/** WeChat, WeChat Pay, Qiniu, Yunpian and Geetest in this process. See {@link createSimulator}. */
export class Simulator {
  /** The clock of this simulator: `clock.advance(ms)` moves it forward by milliseconds. */
  readonly clock: SimulatorClock
  /** Credentials of the simulated accounts, in the form of the clients' options. */
  readonly credentials: SimulatorCredentials
  /** What the simulator received, verified and refused. */
  readonly log: SimulatorLog
  /** Callbacks to the application: their targets, and duplicates, reordering and delays on request. */
  readonly deliveries: DeliveryOffice
  /**
   * Responds to requests to the upstream hosts without opening a connection. Pass it to a client as its `fetch`.
   *
   * @param input URL or request.
   * @param init As for `fetch`.
   * @throws {TypeError} like `fetch`: for connection faults, and for hosts that are not simulated (ENOTFOUND).
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
  readonly #servers = new Set<SimulatorServer>()
  readonly #changes = new Listeners<void>()
  readonly #allowHosts: readonly string[]

  /** @internal Use {@link createSimulator}. */
  constructor(options: SimulatorOptions = {}) {
    const { limits, targets, seed, accounts: given, paySettings } = readSimulatorOptions(options)
    const log = new ExchangeLog(limits)
    this.clock = options.clock ?? new SimulatorClock()
    this.log = log
    const accounts = new AccountBook(given, seed)
    this.#keys = new KeyRing(this.clock.now, seed, () => this.servedHosts)
    this.#allowHosts = targets.allowHosts ?? []
    this.deliveries = new DeliveryOffice(this.clock, log, targets, {
      timeoutMs: options.deliveryTimeoutMs,
      keep: limits.logEntries,
      mostWaiting: limits.records
    })
    this.context = {
      clock: this.clock,
      random: new SimulatorRandom(options.seed),
      accounts,
      users: new UserRegistry(accounts, limits.users, seed),
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
      payments: new Listeners(),
      refunds: new Listeners(),
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

  /** What tests can inspect and change in the official accounts and mini programs. */
  get wechat(): SimulatorServices['wechat']['control'] {
    return this.#services.wechat.control
  }

  get pay(): SimulatorServices['pay']['control'] {
    return this.#services.pay.control
  }

  get qiniu(): SimulatorServices['qiniu']['control'] {
    return this.#services.qiniu.control
  }

  get yunpian(): SimulatorServices['yunpian']['control'] {
    return this.#services.yunpian.control
  }

  get geetest(): SimulatorServices['geetest']['control'] {
    return this.#services.geetest.control
  }

  /**
   * PEM of the authority behind `listen({ tls: true })`; pass it to a client as `ca`. Its key is random and kept in
   * memory; `weixin-kit simulator` keeps one per machine. It can only certify the simulated hosts and this machine.
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
   * Returns a user; the same `id` is the same user.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  user(options: UserOptions | string = {}): SimulatedUser {
    const given = typeof options === 'string' ? { id: options } : options
    checkOptions(given, USER_RULES, { owner: 'simulator.user', product: 'simulator', of: 'params' })
    const user = this.context.users.get(given)
    const verbs = this.#list().map((service) => (service as { verbs?: (user: UserRecord) => object }).verbs?.(user))
    return Object.assign(Object.create(user as object) as UserRecord, user, ...verbs) as SimulatedUser
  }

  /**
   * Makes an upstream misbehave.
   *
   * @param match Part of `host/path?query`, a pattern over `METHOD host/path?query`, a function, or `*`.
   * @param fault The fault; a bare kind such as `'timeout'` is enough.
   * @param times Number of calls that are affected, 1 by default.
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
   * Resolves when no callback is in progress. Scheduled retries are not awaited.
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

  /** Returns the complete state as JSON, for `restore`. */
  snapshot(): SimulatorSnapshot {
    return toStateJson(this.state) as SimulatorSnapshot
  }

  /** @internal What `snapshot` makes JSON of: the state as it is. */
  get state(): SimulatorSnapshot {
    return stateOf(this.context, this.#services)
  }

  /** @internal Calls `listener` after everything that may have changed the state; the result ends it. */
  onChange(listener: () => void): () => void {
    const stopLog = this.log.subscribe(listener)
    const stopChanges = this.#changes.add(listener)
    return () => {
      stopLog()
      stopChanges()
    }
  }

  /** @internal Something changed that is not in the log: the control interface was used. */
  changed(): void {
    this.#changes.call()
  }

  /**
   * Restores the state of a snapshot, and its time if that is later than the clock's.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM if it is not a snapshot, or is from another version.
   */
  restore(snapshot: SimulatorSnapshot): void {
    restoreState(this.context, this.#services, snapshot)
  }
}

/**
 * Runs WeChat, WeChat Pay, Qiniu, Yunpian and Geetest in this process, with state, real keys and real cryptography.
 *
 * @example
 * import { createSimulator } from 'weixin-kit/simulator'
 *
 * const simulator = createSimulator({ deliver: 'http://127.0.0.1:3000' })
 * const response = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/get_api_domain_ip')
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  checkSimulatorOptions(options)
  return new Simulator(options)
}
