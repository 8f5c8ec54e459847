import { ConfigError } from '../../../errors/index.ts'
import { payTag, sessionTag } from '../../crypto/virtual-payment.ts'
import type { UserRecord } from '../../framework/users.ts'
import { sessionKey } from '../session.ts'
import type { AccountState, WeChatState } from '../state.ts'
import { pushVirtualPayment, type VirtualPaymentPush } from './virtual-payment-push.ts'
import { coinsOf, provide } from './virtual-payment-routes.ts'
import { FEN_PER_COIN, type VirtualOrderRecord } from './virtual-payment-state.ts'

/** What a page gives to `wx.requestVirtualPayment`. */
export interface VirtualPaymentRequest {
  readonly signData: string
  readonly mode: string
  readonly paySig: string
  readonly signature: string
}

/**
 * Pays as `wx.requestVirtualPayment` does, and sends the event.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM with the `errCode` of the client in the message
 */
export async function buyVirtual(
  wx: WeChatState,
  state: AccountState,
  user: UserRecord,
  request: VirtualPaymentRequest,
  apple: boolean
): Promise<VirtualPaymentPush & { order: VirtualOrderRecord }> {
  const { account } = state
  const data = readSignData(request.signData)
  const env = data.env === 1 ? 1 : 0
  const settings = account.virtualPayment
  if (!settings || data.offerId !== settings.offerId) throw refuse(-15016, 'offerId is not that of the mini program')
  const bytes = Buffer.from(request.signData)
  const appKey = env === 0 ? settings.appKey : settings.sandboxAppKey
  if (request.paySig !== payTag(appKey, 'requestVirtualPayment', bytes)) throw refuse(-15006, 'paySig is wrong')
  const key = sessionKey(wx, account.appId, user.id)
  if (!key) throw refuse(-15007, 'the session_key has expired')
  if (request.signature !== sessionTag(key, bytes)) throw refuse(-15005, 'signature is wrong')
  if (data.currencyType !== 'CNY') throw refuse(-15004, 'currencyType')
  const orderId = String(data.outTradeNo)
  if (!/^[A-Za-z0-9|*@-][\w|*@-]{7,31}$/.test(orderId)) throw refuse(-15001, 'outTradeNo')
  if (state.virtualOrders.has(orderId)) throw refuse(-15002, 'outTradeNo was used')
  const quantity = Number(data.buyQuantity)
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw refuse(-15001, 'buyQuantity')
  const price = priceOf(state, request.mode, data)
  const { random } = wx.context
  const openid = user.openid(account.appId)
  const order: VirtualOrderRecord = {
    orderId,
    wxOrderId: `WX${random.digits(22)}`,
    openid,
    env,
    mode: request.mode === 'short_series_coin' ? 'short_series_coin' : 'short_series_goods',
    productId: String(data.productId ?? ''),
    quantity,
    price,
    fee: price * quantity,
    attach: String(data.attach ?? ''),
    apple,
    createdAt: wx.now,
    mchOrderNo: random.digits(28),
    transactionId: `4200${random.digits(24)}`,
    status: 2,
    leftFee: price * quantity,
    providedAt: 0
  }
  state.virtualOrders.set(orderId, order)
  if (order.mode === 'short_series_coin') {
    const coins = coinsOf({ state }, env, openid)
    coins.paid += quantity
    coins.save += quantity
  }
  order.status = 3
  const push = await pushVirtualPayment(wx, account, payEvent(order), () => provide(wx, order))
  return Object.assign(push, { order })
}

/** Asks whether an Apple refund should be granted: answered within three seconds, or Apple hears "undecided". */
export function askIosRefund(wx: WeChatState, state: AccountState, orderId: string): Promise<VirtualPaymentPush> {
  const order = state.virtualOrders.get(orderId)
  if (!order) throw refuse(268490002, 'the order does not exist')
  const fields = {
    Event: 'xpay_subscribe_ios_refund_query_notify',
    refund_time: String(wx.context.clock.seconds()),
    order_time: String(Math.floor(order.createdAt / 1000)),
    channel_bill: order.transactionId,
    bundleid: 'com.tencent.xin',
    product_id: order.productId,
    p_count: String(order.quantity),
    refund_request_reason: 'UNINTENDED_PURCHASE',
    provide_status: order.status === 4 ? '1' : '0',
    pay_order_id: order.orderId
  }
  return pushVirtualPayment(wx, state.account, fields, () => undefined)
}

function payEvent(order: VirtualOrderRecord): Record<string, unknown> {
  const info = { Quantity: order.quantity, OrigPrice: order.price, ActualPrice: order.price, Attach: order.attach }
  const isCoin = order.mode === 'short_series_coin'
  return {
    Event: isCoin ? 'xpay_coin_pay_notify' : 'xpay_goods_deliver_notify',
    OpenId: order.openid,
    OutTradeNo: order.orderId,
    Env: order.env,
    ...(order.apple
      ? {}
      : {
          WeChatPayInfo: {
            MchOrderNo: order.mchOrderNo,
            TransactionId: order.transactionId,
            PaidTime: Math.floor(order.createdAt / 1000)
          }
        }),
    ...(isCoin ? { CoinInfo: info } : { GoodsInfo: { ProductId: order.productId, ...info } })
  }
}

/** Fen for one piece. */
function priceOf(state: AccountState, mode: string, data: Readonly<Record<string, unknown>>): number {
  if (mode === 'short_series_coin') return FEN_PER_COIN
  if (mode !== 'short_series_goods') throw refuse(-15001, 'mode')
  const price = Number(data.goodsPrice)
  const goods = state.virtualGoods.get(String(data.productId))
  if (state.virtualGoods.size > 0 && !goods?.published) throw refuse(-15010, 'the item is not published')
  if (goods && goods.price !== price) throw refuse(-15013, 'goodsPrice differs from the price of the item')
  if (!Number.isSafeInteger(price) || price < 1) throw refuse(-15001, 'goodsPrice')
  return data.activitySellingPrice === undefined ? price : Number(data.activitySellingPrice)
}

function readSignData(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // The client says the same of everything that it cannot read.
  }
  throw refuse(-15016, 'signData is not a JSON object')
}

function refuse(errCode: number, problem: string): ConfigError {
  return new ConfigError(`wx.requestVirtualPayment fails with errCode ${errCode}: ${problem}.`, {
    code: 'ERR_INVALID_PARAM',
    option: 'virtualPayment',
    product: 'simulator'
  })
}
