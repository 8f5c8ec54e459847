import { eq } from 'drizzle-orm'
import type { FetchHandler } from 'weixin-kit'
import { notifyHandlerFor } from 'weixin-kit/pay/v2'
import { z } from 'zod'
import { describeError } from '../../../shared/describe-error.ts'
import { maybe } from '../../../shared/fields.ts'
import { pick } from '../../../shared/pick.ts'
import { payAccounts } from '../../migrations/shop-schema.ts'
import type { Context } from '../app.ts'
import { NOTIFY_PATH } from '../clients.ts'
import { type Endpoint, get, post } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { id } from '../input.ts'
import { CUSTOMER } from '../parties.ts'

const ACCOUNT = /\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/?$/
const PREPAY = { u_id: id, goodsId: id, xiaochengxu_id: id }
const STATUS = { order_no: maybe(z.string().regex(/^Y\w{10,40}$/)) }

/** The notifications of all merchants, each at an address of its own: one settles only orders that were placed with its account. */
export function notifyHandler({ merchantOf, orders, config, log }: Context): FetchHandler {
  const uuidOf = (url: string) => ACCOUNT.exec(new URL(url, config.PUBLIC_URL).pathname)?.[1]
  const find = (uuid: string | undefined) => (uuid ? merchantOf(eq(payAccounts.uuid, uuid)) : undefined)
  return notifyHandlerFor(({ url }) => find(uuidOf(url)), {
    onPaid: (payment, { client }) => orders.settle(payment, { account_id: client.id }),
    onError: (error) => log(`POST ${NOTIFY_PATH} → ${describeError(error)}`)
  })
}

/** Interface 29: an order with the merchant account of the company, and how it stands. */
export const PAY: Endpoint[] = [
  post('/xiaochengxu/yuZhiFu', CUSTOMER, PREPAY, async ({ customer, input, address, kept, once }, context) => {
    const { orders, miniOf } = context
    const before = await kept()
    if (before) return ok('预支付请求成功', before.answer)
    // Here, and only here, `u_id` is the customer.
    if (input.u_id !== customer.id) throw new AppError(404)
    if (input.xiaochengxu_id !== customer.mini_program_id) throw new AppError(302)
    const { appId } = (await miniOf(input.xiaochengxu_id)).mini
    const order = await orders.openFor(customer, input.goodsId, address)
    const payer = { trade_type: 'JSAPI', openid: customer.openid, appid: appId } as const
    const prepayId = await orders.place(order, { ...payer, body: order.name })
    const { timeStamp, ...params } = (await orders.payOf(order)).jsapiParams(prepayId, { appId })
    // The document has a number; `wx.requestPayment` wants text.
    return ok('预支付请求成功', await once(async () => ({ ...params, timeStamp: Number(timeStamp) })))
  }),

  get('/xiaochengxu/order_status', CUSTOMER, STATUS, async ({ customer, input: { order_no } }, { orders }) => {
    const found = await orders.find({ owner: customer.id, ...(order_no ? { out_trade_no: order_no } : {}) })
    if (!found) throw new AppError(302)
    const order = await orders.look(found)
    return ok('查询成功', { order_no: order.out_trade_no, ...pick(order, 'status', 'name', 'total_fee') })
  })
]
