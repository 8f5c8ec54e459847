import { APPID, flag, int, list, MCHID, NOTIFY_URL, OPENID, object, oneOf, opt, text } from '../v3/shape.ts'

export const SERVICE_ID = text(1, 32, /^\d+$/)
const NUMBER = text(1, 32, /^[0-9A-Za-z_\-|*]+$/)
const COUNT = opt(int(1, 100))
const PAYMENT = object({ name: text(1, 20), amount: opt(int(0)), description: opt(text(1, 30)), count: COUNT })
const DISCOUNT = object({ name: text(1, 20), amount: int(0), description: opt(text(1, 30)), count: COUNT })
const ANNOUNCED = object({ name: text(1, 20), description: text(1, 30), count: COUNT })
const WITH_AMOUNT = object({ ...ANNOUNCED.fields, amount: opt(int(0)) })
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
/** Of providers: later calls name the sub-merchant and no app. */
export const PARTNER_BASE = { service_id: SERVICE_ID, sub_mchid: MCHID }
const SUB_APPS = { sub_mchid: MCHID, sub_appid: opt(APPID), sub_openid: opt(OPENID) }

const NEW = {
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
}

const TOTAL = {
  post_payments: list(PAYMENT, 100, 1),
  post_discounts: opt(list(DISCOUNT, 30)),
  total_amount: int(0),
  device: DEVICE
}

const END = {
  ...TOTAL,
  time_range: opt(object({ start_time: opt(text(8, 14, TIME)), end_time: opt(text(8, 14, TIME)), ...REMARKS })),
  location: opt(object({ start_location: opt(text(1, 50)), end_location: text(1, 50) })),
  profit_sharing: opt(flag()),
  goods_tag: opt(text(1, 32))
}

const { risk_fund: _, need_user_confirm: _confirm, device: _device, post_discounts: _announced, ...WITHOUT_RISK } = NEW
const GOODS = list(
  object({
    name: text(1, 128),
    amount: int(1),
    count: int(1),
    picture: text(1, 1024),
    category_id: opt(list(text(1, 64), 20))
  }),
  100,
  1
)
const MESSAGE = { ...TOTAL, prepaid_time: text(14, 14, /^\d{14}$/) }

/** The shapes of all calls, of a merchant itself or of a provider. */
export function serviceShapes(isPartner: boolean) {
  const base = isPartner ? PARTNER_BASE : BASE
  const { appid: _appid, ...message } = BASE
  const sub = isPartner ? SUB_APPS : {}
  const late = isPartner ? { complete_time: opt(text(14, 14, TIME)) } : {}
  const paid = isPartner ? { paid_amount: opt(int(0)), seq: opt(int(0)) } : {}
  return {
    create: object({ ...NEW, ...sub, ...(isPartner ? { post_discounts: opt(list(WITH_AMOUNT, 30)) } : {}) }),
    direct: object({
      ...WITHOUT_RISK,
      ...sub,
      post_payments: list(PAYMENT, 100, 1),
      post_discounts: opt(list(DISCOUNT, 30)),
      total_amount: int(0),
      profit_sharing: opt(flag()),
      goods_tag: opt(text(1, 32))
    }),
    onDelivery: object({
      ...NEW,
      ...sub,
      mchid: opt(MCHID),
      post_discounts: opt(list(WITH_AMOUNT, 30)),
      shopping_info: object({
        goods: GOODS,
        jump_link: object({ jump_link_type: text(1, 32), appid: opt(APPID), path: opt(text(1, 1024)) }),
        real_merchant_appid: opt(APPID)
      })
    }),
    query: object({ ...base, out_order_no: opt(text(1, 32)), query_id: opt(text(1, 1024)) }),
    cancel: object({ ...base, reason: text(1, 50) }),
    modify: object({ ...base, ...TOTAL, reason: text(1, 50) }),
    complete: object({ ...base, ...END, ...late }),
    pay: object(base),
    sync: object({
      ...base,
      type: oneOf('Order_Paid'),
      detail: object({ paid_time: text(8, 14, TIME), ...paid })
    }),
    message: object({ ...(isPartner ? base : message), ...MESSAGE })
  }
}

/** What a user is about to get, when the risk is asked for. */
export const SHOPPING = opt(object({ goods: GOODS }))
