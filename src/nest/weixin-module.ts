import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common'
import { DiscoveryModule } from '@nestjs/core'
import {
  anything,
  callback,
  checkOptions,
  list,
  type OptionRules,
  optional,
  record,
  required,
  text
} from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { HandlerExplorer } from './handler-explorer.ts'
import { makeRouteController, ROUTE_KINDS } from './route-controller.ts'
import { DEFAULT_ACCOUNT, explorerToken, getWeixinToken } from './tokens.ts'
import { PRODUCTS, type WeixinClients, type WeixinProduct } from './weixin-clients.ts'
import type { WeixinModuleAsyncOptions, WeixinModuleOptions, WeixinRoutingOptions } from './weixin-module-options.ts'

const path = optional(text())
const ROUTING_RULES: OptionRules = {
  name: optional(text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, "_", "-" or "."')),
  routes: optional(record),
  decorators: optional(list),
  notify: optional(record)
}
const ROUTE_RULES: OptionRules = { gateway: path, pay: path, payV2: path, payV2Refund: path }
const ROOT_RULES: OptionRules = {
  ...ROUTING_RULES,
  ...Object.fromEntries(PRODUCTS.map((product) => [product, optional(record)]))
}
const ASYNC_RULES: OptionRules = {
  ...ROUTING_RULES,
  products: required(list),
  imports: optional(anything),
  inject: optional(anything),
  useFactory: required(callback)
}

/**
 * Provides clients to Nest, and adds routes whose handlers are decorated methods. Global: import it once per account.
 *
 * @example
 * import { Module } from '@nestjs/common'
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { WeixinModule } from 'weixin-kit/nest'
 *
 * @Module({
 *   imports: [
 *     WeixinModule.forRoot({
 *       gateway: new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' }),
 *       routes: { gateway: 'wechat' }
 *     })
 *   ]
 * })
 * export class AppModule {}
 */
// biome-ignore lint/complexity/noStaticOnlyClass: what Nest expects of a module.
export class WeixinModule {
  /**
   * Registers the clients of an account.
   *
   * @param options Clients by product, routes, and the account's name if there are several.
   * @throws {ConfigError} ERR_CONFIG
   */
  static forRoot(options: WeixinModuleOptions): DynamicModule {
    checkOptions(options, ROOT_RULES, { owner: 'WeixinModule.forRoot', product: 'adapter' })
    const { name = DEFAULT_ACCOUNT } = options
    const products = PRODUCTS.filter((product) => options[product] !== undefined)
    const providers = products.map((product) => ({
      provide: getWeixinToken(product, name),
      useValue: options[product]
    }))
    return moduleOf('forRoot', options, products, providers, [])
  }

  /**
   * Registers clients that are created from injected values, e.g. the `ConfigService` of `@nestjs/config`.
   *
   * @param options The products, and the function that creates their clients.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * import { WeixinModule } from 'weixin-kit/nest'
   * import { OfficialAccount } from 'weixin-kit/mp'
   *
   * export const wechat = WeixinModule.forRootAsync({
   *   products: ['mp'],
   *   inject: ['WECHAT'],
   *   useFactory: (account: { appId: string; appSecret: string }) => ({ mp: new OfficialAccount(account) })
   * })
   */
  static forRootAsync<Product extends WeixinProduct>(options: WeixinModuleAsyncOptions<Product>): DynamicModule {
    checkOptions(options, ASYNC_RULES, { owner: 'WeixinModule.forRootAsync', product: 'adapter' })
    const { name = DEFAULT_ACCOUNT, products, inject = [], imports = [] } = options
    const unknown = products.find((product) => !PRODUCTS.includes(product))
    if (unknown !== undefined)
      throw invalid('forRootAsync', 'products', `has "${unknown}"; known are ${PRODUCTS.join(', ')}`)
    const clientsToken = `weixin-kit:${name}:clients`
    const clients: Provider = { provide: clientsToken, inject: [...inject], useFactory: options.useFactory }
    const providers = products.map((product) => ({
      provide: getWeixinToken(product, name),
      inject: [clientsToken],
      useFactory: (made: Partial<WeixinClients> | undefined) => {
        const client = made?.[product]
        if (client) return client
        throw invalid('forRootAsync', 'useFactory', `returned no "${product}", which "products" names`)
      }
    }))
    return moduleOf('forRootAsync', options, products, [clients, ...providers], imports)
  }
}
Module({})(WeixinModule)

function moduleOf(
  method: string,
  options: WeixinRoutingOptions,
  products: readonly WeixinProduct[],
  providers: readonly Provider[],
  imports: NonNullable<DynamicModule['imports']>
): DynamicModule {
  const { name = DEFAULT_ACCOUNT, routes = {}, decorators = [], notify = {} } = options
  checkOptions(routes, ROUTE_RULES, { owner: `WeixinModule.${method} routes`, product: 'adapter' })
  const kinds = ROUTE_KINDS.filter((kind) => routes[kind] !== undefined)
  for (const kind of kinds) {
    const product = kind === 'payV2Refund' ? 'payV2' : kind
    if (!products.includes(product))
      throw invalid(method, 'routes', `has "${kind}", but there is no client "${product}"`)
  }
  const explorer: Provider = {
    provide: explorerToken(name),
    inject: HandlerExplorer.dependencies(name, products),
    useFactory: HandlerExplorer.factory({ account: name, products, kinds, notify })
  }
  return {
    module: WeixinModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [...providers, explorer],
    controllers: kinds.map((kind): Type => makeRouteController(kind, routes[kind] ?? '', name, decorators)),
    exports: products.map((product) => getWeixinToken(product, name))
  }
}

function invalid(method: string, option: string, problem: string): ConfigError {
  return new ConfigError(`WeixinModule.${method}: option "${option}" ${problem}.`, { option, product: 'adapter' })
}
