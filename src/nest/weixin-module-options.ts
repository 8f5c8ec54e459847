import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common'
import type { NotifyHandlerOptions } from '../pay/index.ts'
import type { NotifyHandlerOptions as NotifyHandlerOptionsV2 } from '../pay/v2/index.ts'
import type { WeixinClients, WeixinProduct } from './weixin-clients.ts'

/**
 * Paths of the routes that the module adds, under the global prefix if there is one. Without a path there is no route.
 */
export interface WeixinRoutes {
  /** Where WeChat delivers messages, e.g. `wechat`: methods with `@WeChatMessage`. */
  gateway?: string | undefined
  /** `notify_url` of API v3: methods with `@WeChatPayNotification`. */
  pay?: string | undefined
  /** `notify_url` of API v2: methods with `@WeChatPayV2Notification`. */
  payV2?: string | undefined
  /** `notify_url` of refunds of API v2: methods with `@WeChatPayV2Notification('onRefund')`. */
  payV2Refund?: string | undefined
}

/** Options shared by `forRoot` and `forRootAsync`. */
export interface WeixinRoutingOptions {
  /** Name of the account; default `default`. Import the module once for each account. */
  name?: string | undefined
  /** Routes to add. */
  routes?: WeixinRoutes | undefined
  /**
   * Applied to the controllers of the routes, e.g. `[UseGuards(InternalOnly)]`, or a decorator that makes them public
   * for a global guard.
   */
  decorators?: readonly ClassDecorator[] | undefined
  /** Further options of the notification handlers, e.g. `onError`, `confirmRefund`. */
  notify?:
    | {
        readonly pay?: Partial<NotifyHandlerOptions> | undefined
        readonly payV2?: Partial<NotifyHandlerOptionsV2> | undefined
      }
    | undefined
}

/** Options of `WeixinModule.forRoot`: the clients of an account. */
export interface WeixinModuleOptions extends WeixinRoutingOptions, Partial<WeixinClients> {}

/** Options of `WeixinModule.forRootAsync`. */
export interface WeixinModuleAsyncOptions<Product extends WeixinProduct = WeixinProduct> extends WeixinRoutingOptions {
  /** Products of the clients that `useFactory` returns: Nest must know what can be injected before it runs. */
  products: readonly Product[]
  /** Modules that provide what `inject` names. */
  imports?: NonNullable<ModuleMetadata['imports']> | undefined
  /** Tokens of the arguments of `useFactory`, in this order. */
  inject?: readonly (string | symbol | Type | DynamicModule['module'])[] | undefined
  /** Creates the clients. */
  useFactory(...injected: never[]): Pick<WeixinClients, Product> | Promise<Pick<WeixinClients, Product>>
}
