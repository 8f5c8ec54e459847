import { Logger, type OnModuleInit } from '@nestjs/common'
import { DiscoveryService, ExternalContextCreator, HttpAdapterHost, MetadataScanner } from '@nestjs/core'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { ConfigError } from '../errors/index.ts'
import type { Topic } from '../gateway/index.ts'
import type { NotifyHandlerOptions } from '../pay/index.ts'
import { type HandlerMark, marksOf } from './decorators.ts'
import { keepXmlBytes } from './keep-xml-bytes.ts'
import type { HandlerSource, RouteKind } from './route-controller.ts'
import { getWeixinToken } from './tokens.ts'
import type { WeixinClients, WeixinProduct } from './weixin-clients.ts'
import type { WeixinRoutingOptions } from './weixin-module-options.ts'

interface Settings {
  account: string
  products: readonly WeixinProduct[]
  kinds: readonly RouteKind[]
  notify: NonNullable<WeixinRoutingOptions['notify']>
}

/** A decorated method, bound, with its guards, interceptors and filters. */
interface FoundHandler {
  mark: HandlerMark
  place: string
  run: Run
}

/** Its parameters and result are checked by the type of the decorator. */
type Run = (...given: unknown[]) => Promise<never>

type Callbacks = Record<string, Run>

const CONTEXT_TYPE = 'weixin'

/** Finds the decorated methods when the application starts, and holds the handlers of the account's routes. */
export class HandlerExplorer implements HandlerSource, OnModuleInit {
  readonly #settings: Settings
  readonly #clients: Partial<WeixinClients>
  readonly #discovery: DiscoveryService
  readonly #scanner: MetadataScanner
  readonly #contexts: ExternalContextCreator
  readonly #host: HttpAdapterHost
  readonly #handlers = new Map<RouteKind, FetchHandler>()
  readonly #logger = new Logger('WeixinModule')

  constructor(
    settings: Settings,
    clients: Partial<WeixinClients>,
    discovery: DiscoveryService,
    scanner: MetadataScanner,
    contexts: ExternalContextCreator,
    host: HttpAdapterHost
  ) {
    this.#settings = settings
    this.#clients = clients
    this.#discovery = discovery
    this.#scanner = scanner
    this.#contexts = contexts
    this.#host = host
  }

  /** Arguments of {@link HandlerExplorer.factory}. */
  static dependencies(account: string, products: readonly WeixinProduct[]) {
    const clients = products.map((product) => getWeixinToken(product, account))
    return [DiscoveryService, MetadataScanner, ExternalContextCreator, HttpAdapterHost, ...clients]
  }

  static factory(settings: Settings) {
    return (
      discovery: DiscoveryService,
      scanner: MetadataScanner,
      contexts: ExternalContextCreator,
      host: HttpAdapterHost,
      ...clients: unknown[]
    ) => {
      const named = Object.fromEntries(settings.products.map((product, index) => [product, clients[index]]))
      return new HandlerExplorer(settings, named as Partial<WeixinClients>, discovery, scanner, contexts, host)
    }
  }

  /** @throws {ConfigError} ERR_CONFIG for a route without methods, and for a method without a route */
  onModuleInit(): void {
    const found = this.#find()
    this.#refuseNamesakes()
    this.#refuseStrangers(found)
    const own = found.filter(({ mark }) => mark.account === this.#settings.account)
    const of = (kind: HandlerMark['kind']) => own.filter(({ mark }) => mark.kind === kind)
    this.#makeGateway(of('message'))
    this.#makePay(of('pay'))
    this.#makePayV2(of('payV2'))
    if (this.#settings.kinds.length > 0) keepXmlBytes(this.#host.httpAdapter)
  }

  handlerOf(kind: RouteKind): FetchHandler {
    const handler = this.#handlers.get(kind)
    if (handler) return handler
    throw new ConfigError(`WeixinModule: the route "${kind}" was called before the application had started.`, {
      option: 'routes',
      product: 'adapter'
    })
  }

  #makeGateway(found: readonly FoundHandler[]): void {
    const { gateway } = this.#clients
    if (!gateway) return
    for (const { mark, run } of found) gateway.on(mark.topic as Topic, run)
    if (this.#settings.kinds.includes('gateway')) this.#handlers.set('gateway', gateway.handler())
  }

  #makePay(found: readonly FoundHandler[]): void {
    const { pay } = this.#clients
    if (!pay || !this.#needs('pay', '@WeChatPayNotification()', found)) return
    const callbacks = callbacksOf(found)
    const isName = ([topic]: [string, unknown]) => /^on[A-Z]/.test(topic)
    const entries = Object.entries(callbacks)
    const options = {
      ...this.#settings.notify.pay,
      onError: this.#settings.notify.pay?.onError ?? this.#report,
      ...Object.fromEntries(entries.filter(isName)),
      on: { ...this.#settings.notify.pay?.on, ...Object.fromEntries(entries.filter((entry) => !isName(entry))) }
    }
    this.#handlers.set('pay', pay.notifyHandler(options as NotifyHandlerOptions))
  }

  #makePayV2(found: readonly FoundHandler[]): void {
    const { payV2 } = this.#clients
    if (!payV2) return
    const { onPaid, onRefund } = callbacksOf(found)
    const { confirmRefund, onError = this.#report, ...rest } = this.#settings.notify.payV2 ?? {}
    const shared = { onError, ...(confirmRefund === undefined ? {} : { confirmRefund }) }
    const payments = found.filter(({ mark }) => mark.topic === 'onPaid')
    const refunds = found.filter(({ mark }) => mark.topic === 'onRefund')
    if (this.#needs('payV2', "@WeChatPayV2Notification('onPaid')", payments) && onPaid) {
      const both = onRefund ? { onPaid, onRefund } : { onPaid }
      this.#handlers.set('payV2', payV2.notifyHandler({ ...rest, ...shared, ...both }))
    }
    if (this.#needs('payV2Refund', "@WeChatPayV2Notification('onRefund')", refunds) && onRefund) {
      this.#handlers.set('payV2Refund', payV2.refundNotifyHandler({ ...shared, onRefund }))
    }
  }

  readonly #report = (error: unknown): void => {
    this.#logger.error(error instanceof Error ? error.message : String(error))
  }

  #needs(kind: RouteKind, decorator: string, found: readonly FoundHandler[]): boolean {
    if (!this.#settings.kinds.includes(kind)) return false
    if (found.length > 0) return true
    throw new ConfigError(
      `WeixinModule: there is a route "${kind}", but no method of a provider or controller has ${decorator}. List its class in "providers" of a module.`,
      { option: 'routes', product: 'adapter' }
    )
  }

  #find(): FoundHandler[] {
    const wrappers = [...this.#discovery.getProviders(), ...this.#discovery.getControllers()]
    const seen = new Set<object>()
    return wrappers.flatMap((wrapper) => {
      const { metatype } = wrapper
      const prototype = (typeof metatype === 'function' ? metatype.prototype : undefined) as object | undefined
      if (!prototype) return []
      const names = this.#scanner.getAllMethodNames(prototype)
      const marked = names.filter((name) => marksOf(prototype[name as keyof typeof prototype]).length > 0)
      if (marked.length === 0) return []
      if (!wrapper.isDependencyTreeStatic()) throw scoped(wrapper.name)
      const instance = wrapper.instance as Record<string, (...given: unknown[]) => unknown>
      // One instance of a provider may be in several modules.
      if (seen.has(instance)) return []
      seen.add(instance)
      return marked.flatMap((name) => this.#bind(instance, name, wrapper.name))
    })
  }

  #bind(instance: Record<string, (...given: unknown[]) => unknown>, name: string, owner: unknown): FoundHandler[] {
    const method = instance[name]
    if (!method) return []
    const run = this.#contexts.create(
      instance,
      method,
      name,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      CONTEXT_TYPE
    )
    return marksOf(method).map((mark) => ({ mark, place: `${String(owner)}.${name}`, run: run as Run }))
  }

  /**
   * Two clients with one name: it would be undefined which one is injected, and it could be that of another merchant.
   */
  #refuseNamesakes(): void {
    const { account, products } = this.#settings
    const tokens = this.#discovery.getProviders().map(({ token }) => token)
    for (const product of products) {
      const token = getWeixinToken(product, account)
      if (tokens.filter((other) => other === token).length < 2) continue
      throw new ConfigError(
        `WeixinModule: two modules have a client "${product}" of the account "${account}". Give each account its own name: forRoot({ name }).`,
        { option: 'name', product: 'adapter' }
      )
    }
  }

  /** Of all accounts, so that a mistyped name is reported. */
  #refuseStrangers(found: readonly FoundHandler[]): void {
    const tokens = new Set(this.#discovery.getProviders().map(({ token }) => token))
    for (const { mark, place } of found) {
      const product = mark.kind === 'message' ? 'gateway' : mark.kind
      if (tokens.has(getWeixinToken(product, mark.account))) continue
      throw new ConfigError(
        `WeixinModule: ${place} handles "${mark.topic}" of the account "${mark.account}", which has no client "${product}".`,
        { option: 'account', product: 'adapter' }
      )
    }
  }
}

/** @throws {ConfigError} ERR_CONFIG if two methods have the same topic: only one could be called. */
function callbacksOf(found: readonly FoundHandler[]): Callbacks {
  const callbacks: Callbacks = {}
  for (const { mark, place, run } of found) {
    if (Object.hasOwn(callbacks, mark.topic)) {
      throw new ConfigError(`WeixinModule: ${place} is the second method for "${mark.topic}"; only one is allowed.`, {
        option: 'topic',
        product: 'adapter'
      })
    }
    callbacks[mark.topic] = run
  }
  return callbacks
}

function scoped(owner: unknown): ConfigError {
  return new ConfigError(
    `WeixinModule: ${String(owner)} has methods with decorators of weixin-kit, but is request-scoped (or depends on a request-scoped provider). Make it a singleton.`,
    { option: 'scope', product: 'adapter' }
  )
}
