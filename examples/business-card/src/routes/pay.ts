import type { FetchHandler } from 'weixin-kit'
import { notifyHandlerFor } from 'weixin-kit/pay/v2'
import { z } from 'zod'
import { describeError } from '../../../shared/describe-error.ts'
import { maybe } from '../../../shared/fields.ts'
import type { Context } from '../app.ts'
import { NOTIFY_PATH } from '../clients.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { id } from '../input.ts'
import { CUSTOMER } from '../parties.ts'

const PREPAY = { u_id: id, goodsId: id, xiaochengxu_id: id }
const STATUS = { order_no: maybe(z.string().regex(/^Y\w{10,40}$/)) }

/** The notifications of all merchants, each at an address of its own: one settles only orders that were placed with its account. */
export function notifyHandler({ merchants, orders, config, log }: Context): FetchHandler {
  const uuidOf = (url: string) => new URL(url, config.PUBLIC_URL).pathname.split('/').filter(Boolean).at(-1) ?? ''
  return notifyHandlerFor(({ url }) => merchants.get(uuidOf(url)), {
    onPaid: (payment, { client }) => orders.settle(payment, { account_id: client.id }),
    onError: (error) => log(`POST ${NOTIFY_PATH} → ${describeError(error)}`)
  })
}

/** Interface 29: an order with the merchant account of the company, and how it stands. */
export function payEndpoints({ minis, orders }: Context): Endpoint[] {
  return [
    endpoint('POST', '/xiaochengxu/yuZhiFu', {
      who: CUSTOMER,
      input: PREPAY,
      handle: async ({ customer, input: { u_id, goodsId, xiaochengxu_id }, address, kept, once }) => {
        const before = await kept()
        if (before) return ok('预支付请求成功', before.answer)
        // Here, and only here, `u_id` is the customer.
        if (u_id !== customer.id) throw new AppError(404)
        const mini = await minis.get(String(xiaochengxu_id))
        if (!mini || xiaochengxu_id !== customer.mini_program_id) throw new AppError(302)
        const { appId } = mini
        const order = await orders.openFor(customer, goodsId, address)
        const payer = { trade_type: 'JSAPI', openid: customer.openid, appid: appId } as const
        const prepayId = await orders.place(order, { ...payer, body: order.name })
        const { timeStamp, ...params } = (await orders.payOf(order)).jsapiParams(prepayId, { appId })
        // The document has a number; `wx.requestPayment` wants text.
        return ok('预支付请求成功', await once(async () => ({ ...params, timeStamp: Number(timeStamp) })))
      }
    }),

    endpoint('GET', '/xiaochengxu/order_status', {
      who: CUSTOMER,
      input: STATUS,
      handle: async ({ customer, input: { order_no } }) => {
        const found = await orders.find({ owner: customer.id, ...(order_no ? { out_trade_no: order_no } : {}) })
        if (!found) throw new AppError(302)
        const { out_trade_no, status, name, total_fee } = await orders.look(found)
        return ok('查询成功', { order_no: out_trade_no, status, name, total_fee })
      }
    })
  ]
}
