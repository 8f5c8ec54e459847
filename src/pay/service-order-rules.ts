import { flag, integer, oneOf, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import type { ParamProblem, Params } from './endpoint.ts'
import { chars, listOf, notifyUrl, openid } from './field-rules.ts'

const outOrderNo = chars(32, /^[0-9A-Za-z_|*-]{1,32}$/, '1 to 32 of the characters 0-9 A-Z a-z _ - | *')
export const serviceId = chars(32, /^\d{1,32}$/, 'the service_id that WeChat assigned: digits')
const TIME = /^\d{8}(\d{6})?$/
const SHAPE = 'yyyyMMddHHmmss or yyyyMMdd in Beijing time'
const time = chars(14, TIME, SHAPE)
const count = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100 ? undefined : 'must be from 1 to 100'

export const SERVICE = { service_id: required(serviceId) }
export const NUMBER = { ...SERVICE, out_order_no: required(outOrderNo) }

const PAYMENTS = {
  'post_payments[].name': required(chars(20)),
  'post_payments[].amount': optional(fen(0)),
  'post_payments[].description': optional(chars(30)),
  'post_payments[].count': optional(count)
}
const DISCOUNTS = {
  post_discounts: optional(listOf(30)),
  'post_discounts[].name': required(chars(20)),
  'post_discounts[].description': optional(chars(30)),
  'post_discounts[].count': optional(count)
}
const REMARKS = {
  'time_range.end_time': optional(time),
  'time_range.start_time_remark': optional(chars(20)),
  'time_range.end_time_remark': optional(chars(20))
}

export const CREATE = {
  ...NUMBER,
  service_introduction: required(chars(20)),
  post_payments: optional(listOf(100)),
  ...PAYMENTS,
  ...DISCOUNTS,
  'post_discounts[].description': required(chars(30)),
  risk_fund: required(record),
  'risk_fund.name': required(oneOf('DEPOSIT', 'ADVANCE', 'CASH_DEPOSIT', 'ESTIMATE_ORDER_COST')),
  'risk_fund.amount': required(fen()),
  'risk_fund.description': optional(chars(30)),
  time_range: required(record),
  'time_range.start_time': required(chars(14, /^(OnAccept|\d{8}(\d{6})?)$/, `OnAccept, or ${SHAPE}`)),
  ...REMARKS,
  location: optional(record),
  'location.start_location': optional(chars(50)),
  'location.end_location': optional(chars(50)),
  attach: optional(chars(256)),
  notify_url: required(notifyUrl),
  openid: optional(openid),
  need_user_confirm: optional(flag),
  device: optional(record)
}

const TOTAL = {
  ...NUMBER,
  post_payments: required(listOf(100)),
  ...PAYMENTS,
  ...DISCOUNTS,
  'post_discounts[].amount': required(fen()),
  total_amount: required(fen(0)),
  device: optional(record)
}

export const COMPLETE = {
  ...TOTAL,
  time_range: optional(record),
  'time_range.start_time': optional(time),
  ...REMARKS,
  location: optional(record),
  'location.end_location': required(chars(50)),
  profit_sharing: optional(flag),
  goods_tag: optional(chars(32))
}

export const MODIFY = { ...TOTAL, reason: required(chars(50)) }

/** Without a risk limit, because the price is known. */
export const DIRECT = {
  ...Object.fromEntries(
    Object.entries(CREATE).filter(([name]) => !/^(?:risk_fund|need_user_confirm|device)/.test(name))
  ),
  ...PAYMENTS,
  post_payments: required(listOf(100)),
  'post_discounts[].description': optional(chars(30)),
  'post_discounts[].amount': required(fen()),
  total_amount: required(fen(0)),
  openid: required(openid),
  profit_sharing: optional(flag),
  goods_tag: optional(chars(32))
}

export const GOODS = {
  'shopping_info.goods': required(listOf(100)),
  'shopping_info.goods[].name': required(chars(128)),
  'shopping_info.goods[].amount': required(fen()),
  'shopping_info.goods[].count': required(integer(1)),
  'shopping_info.goods[].picture': required(chars(1024))
}

export const ON_DELIVERY = {
  ...CREATE,
  shopping_info: required(record),
  ...GOODS,
  'shopping_info.jump_link': required(record),
  'shopping_info.jump_link.jump_link_type': required(chars(32))
}

export const MESSAGE = {
  ...NUMBER,
  post_payments: required(listOf(100)),
  ...PAYMENTS,
  ...DISCOUNTS,
  'post_discounts[].amount': required(fen()),
  total_amount: required(fen(0)),
  prepaid_time: required(chars(14, /^\d{14}$/, 'yyyyMMddHHmmss in Beijing time'))
}

export const SYNC = {
  ...NUMBER,
  type: optional(oneOf('Order_Paid')),
  detail: required(record),
  // With only the day, one side reads its beginning and the other its end.
  'detail.paid_time': required(chars(14, /^\d{14}$/, 'yyyyMMddHHmmss in Beijing time'))
}

export function checkCreate(params: Params): ParamProblem | undefined {
  const confirms = params.need_user_confirm !== false
  if (confirms && params.openid !== undefined) {
    return { field: 'openid', problem: 'is only for orders without confirmation (need_user_confirm: false)' }
  }
  if (!confirms && params.openid === undefined) {
    return { field: 'openid', problem: 'is required for orders without confirmation' }
  }
  const { start_location: start, end_location: end } = (params.location ?? {}) as Params
  if (end !== undefined && start === undefined) {
    return { field: 'location.start_location', problem: 'is required with end_location' }
  }
  return checkPayments(params)
}

export function checkTotal(params: Params): ParamProblem | undefined {
  const sum = (list: unknown) => listed(list).reduce((total, one) => total + Number(one.amount ?? 0), 0)
  const total = sum(params.post_payments) - sum(params.post_discounts)
  if (params.total_amount !== total) {
    return { field: 'total_amount', problem: `must be ${total}: the payments less the discounts, in fen` }
  }
  return checkPayments(params)
}

function checkPayments({ post_payments: payments }: Params): ParamProblem | undefined {
  const seen = new Set<unknown>()
  for (const [index, { name, amount, description }] of listed(payments).entries()) {
    const field = `post_payments[${index}]`
    if (seen.has(name)) return { field: `${field}.name`, problem: 'must occur only once' }
    seen.add(name)
    if (amount === undefined && description === undefined) {
      return { field: `${field}.amount`, problem: 'or description is required' }
    }
  }
  return undefined
}

export const authorizationCode = chars(32, /^[0-9A-Za-z_|*-]{1,32}$/, '1 to 32 of the characters 0-9 A-Z a-z _ - | *')

export const RISK = {
  service_id: required(serviceId),
  authorization_code: optional(authorizationCode),
  openid: optional(openid),
  shopping_info: optional(record),
  ...GOODS
}

/** One of two numbers identifies the user. */
export const checkRisk = ({ authorization_code, openid, sub_openid }: Params): ParamProblem | undefined =>
  [authorization_code, openid, sub_openid].filter((one) => one !== undefined).length === 1
    ? undefined
    : { field: 'authorization_code', problem: 'or openid: pass exactly one of them' }

const listed = (value: unknown): Params[] => (Array.isArray(value) ? (value as Params[]) : [])
