import type { Route } from '../../framework/service.ts'
import { type ApiCall, api, integer, object, text } from '../api.ts'
import { Refusal } from '../errcodes.ts'
import type { WeChatState } from '../state.ts'
import { ShippingBook } from './shipping-book.ts'
import { describeOrder, type ShippingOrder } from './shipping-order.ts'
import { readUpload, readUploadTime } from './upload-rules.ts'

type Fields = Readonly<Record<string, unknown>>

const DAY_MS = 86_400_000
const CARRIERS = [
  ['SF', '顺丰速运'],
  ['ZTO', '中通快递'],
  ['YTO', '圆通速递'],
  ['YD', '韵达速递'],
  ['STO', '申通快递'],
  ['JTSD', '极兔快递'],
  ['JD', '京东快递'],
  ['EMS', '中国邮政速递物流'],
  ['DHL', 'DHL']
]

/** Order shipping management (发货信息管理). */
export function shippingRoutes(wx: WeChatState): Route[] {
  const row = (path: string, handler: (call: ApiCall) => unknown) =>
    api(
      wx,
      'POST',
      `/wxa/sec/order/${path}`,
      (call) => {
        // Accounts without the service are not even looked at.
        if (!call.state.tradeManaged && !path.startsWith('is_trade_manage')) throw new Refusal(48001)
        return handler(call)
      },
      { kinds: ['miniProgram'] }
    )
  return [
    row('upload_shipping_info', (call) => {
      const order = byOrderKey(call, call.body.order_key)
      const uploadedAt = readUploadTime(call.body.upload_time)
      const upload = readUpload(call.body, uploadedAt)
      ofPayer(call, order)
      new ShippingBook(wx, call.state).upload(order, upload, uploadedAt)
    }),
    row('upload_combined_shipping_info', (call) => {
      const main = object(call.body.order_key, 47001)
      const uploadedAt = readUploadTime(call.body.upload_time)
      const parts = Array.isArray(call.body.sub_orders) ? call.body.sub_orders : []
      if (parts.length === 0) throw new Refusal(10060014, 'sub_orders is empty')
      const seen = new Set<ShippingOrder>()
      const uploads = parts.map((part) => {
        const sub = object(part, 47001)
        const key = object(sub.order_key, 47001)
        if (key.order_number_type !== main.order_number_type) throw new Refusal(268485253)
        const order = byOrderKey(call, key)
        if (seen.has(order)) throw new Refusal(10060013)
        seen.add(order)
        ofPayer(call, order)
        return { order, upload: readUpload(sub, uploadedAt) }
      })
      const book = new ShippingBook(wx, call.state)
      for (const { order, upload } of uploads) book.upload(order, upload, uploadedAt)
    }),
    row('get_order', (call) => ({ order: describeOrder(byNumber(call, call.body)) })),
    row('get_order_list', ({ state, body }) => {
      const range = body.pay_time_range === undefined ? {} : object(body.pay_time_range, 47001)
      const size = integer(body.page_size ?? 100, 10060014, 1, 100)
      const { begin_time: begin = 0, end_time: end = 0xffffffff } = range
      const fits = [...state.shippingOrders.values()].filter(
        (order) =>
          order.paidAt / 1000 >= Number(begin) &&
          order.paidAt / 1000 <= Number(end) + 1 &&
          (body.order_state === undefined || order.state === body.order_state) &&
          (body.openid === undefined || order.openid === body.openid)
      )
      const start = body.last_index === undefined ? 0 : Number(body.last_index)
      if (!Number.isSafeInteger(start) || start < 0) throw new Refusal(10060011)
      const page = fits.slice(start, start + size)
      const next = start + page.length
      return { order_list: page.map(describeOrder), last_index: String(next), has_more: next < fits.length }
    }),
    row('notify_confirm_receive', (call) => {
      const order = byNumber(call, call.body)
      const receivedAt = integer(call.body.received_time, 10060014, 1, 0xffffffff) * 1000
      if (order.state !== 2) throw new Refusal(10060028)
      if (order.logisticsType !== 1) throw new Refusal(10060032)
      if (receivedAt <= order.shippedAt) throw new Refusal(10060029)
      if (order.reminded) throw new Refusal(10060030)
      order.reminded = true
      wx.receive({
        appId: call.account.appId,
        openid: order.openid,
        kind: 'notice',
        content: { title: '请确认收货', path: call.state.shippingJumpPath }
      })
    }),
    row('set_msg_jump_path', ({ state, body }) => {
      state.shippingJumpPath = text(body.path, 10060014)
    }),
    row('is_trade_managed', (call) => ({ is_trade_managed: ofAppId(call) && call.state.tradeManaged })),
    row('is_trade_management_confirmation_completed', (call) => ({
      completed: ofAppId(call) && call.state.tradeManaged
    })),
    row('opspecialorder', (call) => {
      const id = text(call.body.order_id, 268546002)
      const type = integer(call.body.type, 268546000, 1, 2) as 1 | 2
      const order = [...call.state.shippingOrders.values()].find(
        (one) => one.transactionId === id || one.outTradeNo === id
      )
      if (order?.state !== 1 || order.parcels.length > 0) throw new Refusal(268546002)
      const latest = typeof call.body.delay_to === 'number' ? call.body.delay_to * 1000 - order.paidAt : 0
      if (type === 1 && (latest <= 15 * DAY_MS || latest > 330 * DAY_MS)) throw new Refusal(268546001)
      order.special = type
    }),
    api(wx, 'POST', '/cgi-bin/express/delivery/open_msg/get_delivery_list', () => ({
      delivery_list: CARRIERS.map(([delivery_id, delivery_name]) => ({ delivery_id, delivery_name })),
      count: CARRIERS.length
    }))
  ]
}

function ofAppId({ account, body }: ApiCall): boolean {
  if (text(body.appid, 40097) !== account.appId) throw new Refusal(40013)
  return true
}

function byOrderKey(call: ApiCall, value: unknown): ShippingOrder {
  const key: Fields = object(value, 47001)
  if (key.order_number_type === 2) {
    return found(call, (order) => order.transactionId === text(key.transaction_id, 268485195))
  }
  if (key.order_number_type !== 1) throw new Refusal(268485194)
  const mchId = text(key.mchid, 268485196)
  const outTradeNo = text(key.out_trade_no, 268485197)
  return found(call, (order) => order.outTradeNo === outTradeNo && (order.mchId === mchId || order.subMchId === mchId))
}

function byNumber(call: ApiCall, body: Fields): ShippingOrder {
  if (typeof body.transaction_id === 'string' && body.transaction_id !== '')
    return found(call, (order) => order.transactionId === body.transaction_id)
  const mchId = text(body.merchant_id, 10060014)
  const outTradeNo = text(body.merchant_trade_no, 10060014)
  return found(call, (order) => order.mchId === mchId && order.outTradeNo === outTradeNo)
}

function found({ state }: ApiCall, fits: (order: ShippingOrder) => boolean): ShippingOrder {
  for (const order of state.shippingOrders.values()) if (fits(order)) return order
  throw new Refusal(10060001)
}

function ofPayer({ body }: ApiCall, order: ShippingOrder): void {
  const { openid } = object(body.payer, 10060014, 'payer is empty')
  if (text(openid, 10060014, 'openid is empty') !== order.openid) throw new Refusal(10060031)
}
