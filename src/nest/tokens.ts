import { Inject } from '@nestjs/common'
import type { WeixinProduct } from './weixin-clients.ts'

export const DEFAULT_ACCOUNT = 'default'

/**
 * Returns the injection token of a client, for `useFactory`, `moduleRef.get` and tests.
 *
 * @param product E.g. `pay`.
 * @param account Name of the account, as in `forRoot({ name })`.
 * @example
 * import { getWeixinToken } from 'weixin-kit/nest'
 *
 * const token = getWeixinToken('pay') // testingModule.overrideProvider(token).useValue(fake)
 */
export function getWeixinToken(product: WeixinProduct, account: string = DEFAULT_ACCOUNT): string {
  return `weixin-kit:${account}:${product}`
}

/** The injection token of the handler explorer. */
export function explorerToken(account: string): string {
  return `weixin-kit:${account}:handlers`
}

/**
 * Injects a client into a constructor.
 *
 * @param product E.g. `pay`.
 * @param account Name of the account, as in `forRoot({ name })`.
 * @example
 * import { Injectable } from '@nestjs/common'
 * import { InjectWeixin } from 'weixin-kit/nest'
 * import type { WeChatPay } from 'weixin-kit/pay'
 *
 * @Injectable()
 * export class OrderService {
 *   constructor(@InjectWeixin('pay') private readonly pay: WeChatPay) {}
 * }
 */
export function InjectWeixin(product: WeixinProduct, account?: string): ReturnType<typeof Inject> {
  return Inject(getWeixinToken(product, account))
}
