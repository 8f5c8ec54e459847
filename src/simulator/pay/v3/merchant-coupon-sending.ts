import { V3Failure } from '../failures.ts'
import type { MerchantCoupon, MerchantCouponStock } from '../ledger/merchant-coupon.ts'
import { sendEvent } from '../notifier.ts'
import { beijingDate, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { COUPON_CODE, NO } from './merchant-coupon-shapes.ts'
import { endOf, refuse, stockOf } from './merchant-coupon-stocks.ts'
import type { V3Call } from './route.ts'
import { APPID, child, type Json, num, OPENID, object, opt, str, text } from './shape.ts'

/** 向用户发放商家券 */
export const SEND = object({
  openid: OPENID,
  appid: APPID,
  stock_id: text(1, 20),
  out_request_no: NO,
  coupon_code: opt(COUPON_CODE)
})

export function send({ world, merchant, body }: V3Call): Json {
  const sendNo = str(body, 'out_request_no')
  const stock = stockOf(world, merchant.mchId, str(body, 'stock_id'))
  const openid = str(body, 'openid')
  const appId = str(body, 'appid')
  const known = world.merchantCoupons.get(`no ${merchant.mchId} ${sendNo}`)
  if (known) return { stock_id: known.stockId, coupon_code: known.code, out_request_no: sendNo }
  if (!world.context.users.byOpenid(appId, openid)) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  checkRest(world, stock, openid)
  const coupon = world.merchantCoupons.add({
    mchId: merchant.mchId,
    stockId: stock.stockId,
    code: nextCode(world, stock, str(body, 'coupon_code')),
    appId,
    openid,
    sendNo,
    receivedAt: world.context.clock.now(),
    state: 'SENDED'
  })
  notifySent(world, coupon)
  return { stock_id: stock.stockId, coupon_code: coupon.code, out_request_no: sendNo }
}

/** What the stock still has for this user today. */
function checkRest(world: PayWorld, stock: MerchantCouponStock, openid: string): void {
  const now = world.context.clock.now()
  if (endOf(stock) <= now) throw refuse('批次已过有效期')
  const rule = child(stock.body, 'stock_send_rule')
  const all = world.merchantCoupons.filter((one) => one.stockId === stock.stockId)
  if (all.filter((one) => one.openid === openid).length >= num(rule, 'max_coupons_per_user')) {
    throw new V3Failure(403, 'RULE_LIMIT', '用户已达到领取上限')
  }
  if (all.length >= num(rule, 'max_coupons')) throw new V3Failure(403, 'NOT_ENOUGH', '批次已领完')
  const today = all.filter((one) => beijingDate(one.receivedAt) === beijingDate(now))
  const perDay = num(rule, 'max_coupons_by_day')
  if (perDay > 0 && today.length >= perDay) throw new V3Failure(403, 'RULE_LIMIT', '批次已达到单天发放上限')
}

/** The code of the next coupon: the platform's, the merchant's of this call, or one of those that it uploaded. */
function nextCode({ context, merchantCoupons }: PayWorld, stock: MerchantCouponStock, given: string): string {
  switch (str(stock.body, 'coupon_code_mode')) {
    case 'MERCHANT_API':
      if (!given) throw new V3Failure(400, 'PARAM_ERROR', '该批次须传入coupon_code')
      if (merchantCoupons.get(`code ${stock.mchId} ${stock.stockId} ${given}`)) throw refuse('coupon_code已存在')
      return given
    case 'MERCHANT_UPLOAD': {
      const code = stock.codes.shift()
      if (code === undefined) throw new V3Failure(403, 'NOT_ENOUGH', '预存code已用完')
      return code
    }
    default:
      return context.random.digits(18)
  }
}

function notifySent(world: PayWorld, coupon: MerchantCoupon): void {
  const url = world.urls[`busifavor ${coupon.mchId}`]
  if (url === undefined) return
  const resource = {
    event_type: 'EVENT_TYPE_BUSICOUPON_SEND',
    coupon_code: coupon.code,
    stock_id: coupon.stockId,
    send_time: rfc3339(coupon.receivedAt),
    openid: coupon.openid,
    send_channel: 'BUSICOUPON_SEND_CHANNEL_API',
    send_merchant: coupon.mchId
  }
  const event = { eventType: 'COUPON.SEND', originalType: 'coupon', summary: '商家券领券通知', resource }
  sendEvent(world, { kind: 'coupon', mchId: coupon.mchId, url }, event)
}
