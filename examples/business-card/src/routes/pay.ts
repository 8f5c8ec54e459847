import { isWeixinKitError, RateLimit, WeChatPayError } from 'weixin-kit'
import { z } from 'zod'
import type { Database } from '../../../shared/database.ts'
import { type OpenPayment, syncPayment } from '../../../shared/sync-payment.ts'
import type { Context } from '../app.ts'
import type { Merchant } from '../clients.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { type Answer, AppError, ok, unavailable } from '../error-codes.ts'
import { id, maybe } from '../input.ts'
import { findOrder, type OrderOfAccount, openOrder, settle, updateOrder } from '../models/orders.ts'
import { CUSTOMER } from '../parties.ts'

const PREPAY = { u_id: id, goodsId: id, xiaochengxu_id: id }
const STATUS = { order_no: maybe(z.string().regex(/^Y\w{10,40}$/)) }
const REFUSED: ReadonlySet<string> = new Set(['ERR_WECHAT_PAY', 'ERR_INVALID_PARAM', 'ERR_CONFIG'])
const answer = (params: unknown): Answer => ok('预支付请求成功', params)

/** Interface 29: an order with the merchant account of the company, and how it stands. */
export function payEndpoints({ db, minis, merchants, store }: Context): Endpoint[] {
  const queries = new RateLimit({ store, name: 'order-queries', limit: 60, windowSeconds: 60 })
  return [
    endpoint('POST', '/xiaochengxu/yuZhiFu', {
      who: CUSTOMER,
      input: PREPAY,
      handle: async ({ customer, input: { u_id, goodsId, xiaochengxu_id }, address, kept, once }) => {
        const before = await kept()
        if (before) return answer(before.answer)
        // Here, and only here, `u_id` is the customer.
        if (u_id !== customer.id) throw new AppError(404)
        const mini = await minis.get(String(xiaochengxu_id))
        if (!mini || xiaochengxu_id !== customer.mini_program_id) throw new AppError(302)
        const order = await openOrder(db, customer, goodsId, address)
        const merchant = await merchantOf(order)
        const prepay_id = await place(merchant, order, customer.openid, mini.appId)
        const { timeStamp, ...params } = merchant.pay.jsapiParams(prepay_id, { appId: mini.appId })
        // The document has a number; `wx.requestPayment` wants text.
        return answer(await once(async () => ({ ...params, timeStamp: Number(timeStamp) })))
      }
    }),

    endpoint('GET', '/xiaochengxu/order_status', {
      who: CUSTOMER,
      input: STATUS,
      handle: async ({ customer, input: { order_no } }) => {
        const find = async () => (await findOrder(db, customer.id, order_no)) ?? missing()
        const found = await find()
        // WeChat Pay is asked, within limits, so that a notification that is late keeps nobody waiting.
        const isAsked = found.status === 'placed' && (await queries.take(String(customer.id))).allowed
        if (isAsked) {
          const { pay } = await merchantOf(found)
          await syncPayment(pay, asOpenPayment(db, found)).catch(unavailable)
        }
        const { status, name, total_fee, order_no: number } = isAsked ? await find() : found
        return ok('查询成功', { order_no: number, status, name, total_fee })
      }
    })
  ]

  async function merchantOf({ uuid }: OrderOfAccount): Promise<Merchant> {
    return (await merchants.get(uuid)) ?? missing()
  }

  /** The `prepay_id`. Under the same number and parameters WeChat Pay gives the same one again. */
  async function place({ pay }: Merchant, order: OrderOfAccount, openid: string, appid: string): Promise<string> {
    if (order.prepay_id !== null) return order.prepay_id
    try {
      const { prepay_id } = await pay.orders.unified({
        appid,
        trade_type: 'JSAPI',
        openid,
        body: order.name,
        out_trade_no: order.order_no,
        total_fee: order.total_fee,
        spbill_create_ip: order.client_ip,
        time_expire: order.time_expire
      })
      await updateOrder(db, order, { status: 'placed', prepay_id })
      return prepay_id
    } catch (cause) {
      // Another tap placed it meanwhile; then a refusal of this one says nothing.
      const now = await findOrder(db, order.customer_id, order.order_no)
      if (now && now.prepay_id !== null) return now.prepay_id
      // Refused: nobody can pay it. Unknown, or known to WeChat Pay already: it stays for the sweep, which asks.
      const isKnown = cause instanceof WeChatPayError && /^(?:OUT_TRADE_NO_USED|ORDERPAID)$/.test(cause.upstreamCode)
      if (isWeixinKitError(cause) && REFUSED.has(cause.code) && !isKnown)
        await updateOrder(db, order, { status: 'failed' })
      return unavailable(cause)
    }
  }
}

/** An order as `syncPayment` settles or closes it. */
export function asOpenPayment(db: Database, order: OrderOfAccount): OpenPayment {
  const { order_no: out_trade_no, time_expire, account_id } = order
  const close = () => updateOrder(db, order, { status: 'closed' })
  return { out_trade_no, time_expire, settle: (payment) => settle(db, account_id, payment), close }
}

function missing(): never {
  throw new AppError(302)
}
