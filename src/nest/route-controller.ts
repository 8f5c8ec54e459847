import { All, Controller, Inject, Req, Res, type Type } from '@nestjs/common'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { serveRoute } from './serve-route.ts'
import { explorerToken } from './tokens.ts'
import type { WeixinRoutes } from './weixin-module-options.ts'

/** Kind of a route of the module. */
export type RouteKind = keyof WeixinRoutes

export const ROUTE_KINDS: readonly RouteKind[] = ['gateway', 'pay', 'payV2', 'payV2Refund']

/** Provides the handlers of the routes once the application has started. */
export interface HandlerSource {
  handlerOf(kind: RouteKind): FetchHandler
}

/**
 * Makes an ordinary controller with one route: the application's global prefix, guards, interceptors and filters apply
 * to it. Decorators are called as functions, so that the library needs no compiler option.
 */
export function makeRouteController(
  kind: RouteKind,
  path: string,
  account: string,
  decorators: readonly ClassDecorator[]
): Type {
  class WeixinController {
    readonly #source: HandlerSource

    constructor(source: HandlerSource) {
      this.#source = source
    }

    handle(request: unknown, response: unknown): Promise<void> {
      return serveRoute(this.#source.handlerOf(kind), request, response)
    }
  }
  const { prototype } = WeixinController
  Inject(explorerToken(account))(WeixinController, undefined, 0)
  Req()(prototype, 'handle', 0)
  Res()(prototype, 'handle', 1)
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'handle') as TypedPropertyDescriptor<unknown>
  All()(prototype, 'handle', descriptor)
  for (const decorate of decorators) decorate(WeixinController)
  Controller(path)(WeixinController)
  return WeixinController as unknown as Type
}
