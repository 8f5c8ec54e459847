import type { Exchange } from '../../framework/exchange.ts'
import { fromPeer } from '../../framework/transport-time.ts'
import { V3Failure } from '../failures.ts'
import type { OrderDraft, TradeType } from '../ledger/order.ts'
import { DEFAULT_EXPIRY_MS } from '../ledger/order-book.ts'
import { DAY_MS, MINUTE_MS, parseRfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { child, type Json, str } from './shape.ts'

/** How an order is paid, by the last part of its path. */
export const SCENES = {
  jsapi: 'JSAPI',
  app: 'APP',
  h5: 'MWEB',
  native: 'NATIVE',
  codepay: 'MICROPAY'
} as const satisfies Record<string, TradeType>
export type Scene = keyof typeof SCENES

export interface OrderRequest {
  readonly scene: Scene
  readonly mchId: string
  readonly appId: string
  /** The order: the body, or one part of a combined order. */
  readonly order: Json
  readonly total: number
  /** `time_expire` as it was given. */
  readonly timeExpire: string
  readonly exchange: Exchange
}

/** What an order and a part of a combined order have in common. */
export function draftOrder(world: PayWorld, request: OrderRequest): Omit<OrderDraft, 'fingerprint'> {
  const { scene, mchId, appId, order, total, timeExpire, exchange } = request
  return {
    book: mchId,
    mchId,
    outTradeNo: str(order, 'out_trade_no'),
    api: 3,
    appId,
    tradeType: SCENES[scene],
    description: str(order, 'description'),
    total,
    currency: 'CNY',
    expiresAt: expiryOf(world, exchange, timeExpire),
    profitSharing: child(order, 'settle_info').profit_sharing === true
  }
}

/** Below one minute and above 90 days the platform takes the bound. */
function expiryOf(world: PayWorld, exchange: Exchange, given: string): number {
  const now = world.context.clock.now()
  if (given === '') return now + DEFAULT_EXPIRY_MS
  const time = parseRfc3339(given)
  if (time === undefined) {
    const text = '输入源“/body/time_expire”映射到值字段“time_expire”时间规则校验失败，应为RFC 3339格式'
    throw new V3Failure(400, 'PARAM_ERROR', text, {
      value: given,
      location: 'body'
    })
  }
  const until = fromPeer(world.context.clock, exchange, time)
  return Math.min(Math.max(until, now + MINUTE_MS), now + 90 * DAY_MS)
}
