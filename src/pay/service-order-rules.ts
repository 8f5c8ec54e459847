import { flag, oneOf, optional, record, required } from '../core/options.ts'
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
    return { field: 'location.start_location', problem: 'is required beside end_location' }
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
    if (seen.has(name)) return { field: `${field}.name`, problem: 'must be there once only' }
    seen.add(name)
    if (amount === undefined && description === undefined) {
      return { field: `${field}.amount`, problem: 'or description is required' }
    }
  }
  return undefined
}

const listed = (value: unknown): Params[] => (Array.isArray(value) ? (value as Params[]) : [])
