import { APPID, flag, int, list, NOTIFY_URL, OPENID, object, oneOf, opt, text } from '../v3/shape.ts'

export const SERVICE_ID = text(1, 32, /^\d+$/)
const NUMBER = text(1, 32, /^[0-9A-Za-z_\-|*]+$/)
const COUNT = opt(int(1, 100))
const PAYMENT = object({ name: text(1, 20), amount: opt(int(0)), description: opt(text(1, 30)), count: COUNT })
const DISCOUNT = object({ name: text(1, 20), amount: int(0), description: opt(text(1, 30)), count: COUNT })
const ANNOUNCED = object({ name: text(1, 20), description: text(1, 30), count: COUNT })
const DEVICE = opt(
  object({
    start_device_id: opt(text(1, 128)),
    end_device_id: opt(text(1, 128)),
    materiel_no: opt(text(1, 128))
  })
)
const TIME = /^\d{8}(\d{6})?$/
const REMARKS = { start_time_remark: opt(text(1, 20)), end_time_remark: opt(text(1, 20)) }

export const BASE = { appid: APPID, service_id: SERVICE_ID }

export const CREATE = object({
  ...BASE,
  out_order_no: NUMBER,
  service_introduction: text(1, 20),
  post_payments: opt(list(PAYMENT, 100)),
  post_discounts: opt(list(ANNOUNCED, 30)),
  risk_fund: object({
    name: oneOf('DEPOSIT', 'ADVANCE', 'CASH_DEPOSIT', 'ESTIMATE_ORDER_COST'),
    amount: int(1),
    description: opt(text(1, 30))
  }),
  time_range: object({
    start_time: text(8, 14, /^(OnAccept|\d{8}(\d{6})?)$/),
    end_time: opt(text(8, 14, TIME)),
    ...REMARKS
  }),
  location: opt(object({ start_location: opt(text(1, 50)), end_location: opt(text(1, 50)) })),
  attach: opt(text(1, 256)),
  notify_url: NOTIFY_URL,
  openid: opt(OPENID),
  need_user_confirm: opt(flag()),
  device: DEVICE
})

const TOTAL = {
  ...BASE,
  post_payments: list(PAYMENT, 100, 1),
  post_discounts: opt(list(DISCOUNT, 30)),
  total_amount: int(0),
  device: DEVICE
}

export const COMPLETE = object({
  ...TOTAL,
  time_range: opt(object({ start_time: opt(text(8, 14, TIME)), end_time: opt(text(8, 14, TIME)), ...REMARKS })),
  location: opt(object({ end_location: text(1, 50) })),
  profit_sharing: opt(flag()),
  goods_tag: opt(text(1, 32))
})

export const MODIFY = object({ ...TOTAL, reason: text(1, 50) })
