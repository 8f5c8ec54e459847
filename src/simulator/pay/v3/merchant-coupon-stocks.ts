import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { MerchantCouponStock } from '../ledger/merchant-coupon.ts'
import { beijingDate, parseRfc3339, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, patch, post, type V3Call, type V3Route } from './route.ts'
import { child, compact, flag, int, type Json, list, MCHID, num, object, oneOf, opt, str, text } from './shape.ts'

export const BASE = '/v3/marketing/busifavor'
export const NO = text(1, 128, /^[0-9A-Za-z_\-|*@]+$/)
export const COUPON_CODE = text(1, 32)
export const notFound = () => new V3Failure(404, 'RESOURCE_NOT_EXISTS', '批次或券不存在')
export const refuse = (words: string) => new V3Failure(400, 'INVALID_REQUEST', words)
const changed = () => refuse('商户请求单号已存在，但请求参数不一致')

function createStock({ world, merchant, body }: V3Call): Json {
  const print = fingerprint(body)
  const known = world.merchantStocks.get(`no ${merchant.mchId} ${str(body, 'out_request_no')}`)
  if (known && known.fingerprint !== print) throw changed()
  const stock =
    known ??
    world.merchantStocks.add({
      mchId: merchant.mchId,
      stockId: `1${world.context.random.digits(15)}`,
      outRequestNo: str(body, 'out_request_no'),
      body,
      fingerprint: print,
      codes: [],
      uploaded: [],
      done: {}
    })
  return { stock_id: stock.stockId, create_time: rfc3339(world.context.clock.now()) }
}

export function stockOf(world: PayWorld, mchId: string, stockId: string): MerchantCouponStock {
  const stock = world.merchantStocks.get(`id ${stockId}`)
  if (stock?.mchId !== mchId) throw notFound()
  return stock
}

/** When its coupons expire, in milliseconds. */
export function endOf({ body }: MerchantCouponStock): number {
  const time = child(child(body, 'coupon_use_rule'), 'coupon_available_time')
  return parseRfc3339(str(time, 'available_end_time')) ?? Number.POSITIVE_INFINITY
}

function getStock({ world, merchant, params }: V3Call): Json {
  const { stockId, body, codes, uploaded } = stockOf(world, merchant.mchId, params.stock_id ?? '')
  const sent = world.merchantCoupons.filter((one) => one.stockId === stockId)
  const today = beijingDate(world.context.clock.now())
  return compact({
    ...body,
    stock_id: stockId,
    stock_state: 'RUNNING',
    coupon_code_count:
      str(body, 'coupon_code_mode') === 'MERCHANT_UPLOAD'
        ? { total_count: uploaded.length, available_count: codes.length }
        : undefined,
    send_count_information: {
      total_send_num: sent.length,
      today_send_num: sent.filter((one) => beijingDate(one.receivedAt) === today).length
    }
  })
}

/** A change under a number of the merchant: made once, and answered again when it is repeated. */
function once(call: V3Call, number: string, make: (stock: MerchantCouponStock) => Json): Json {
  const { world, merchant, params, body } = call
  const stock = stockOf(world, merchant.mchId, params.stock_id ?? '')
  const key = `no ${str(body, number)}`
  const print = fingerprint(body)
  const known = stock.done[key]
  if (known && known.fingerprint !== print) throw changed()
  const result = known?.result ?? make(stock)
  stock.done[key] = { fingerprint: print, result }
  return result
}

const changeBudget = (call: V3Call): Json =>
  once(call, 'modify_budget_request_no', (stock) => {
    const { world, body } = call
    if (endOf(stock) <= world.context.clock.now()) throw refuse('批次已过有效期，不可修改预算')
    const names = ['max_coupons', 'max_coupons_by_day'].filter((name) => num(body, `target_${name}`) > 0)
    const [name] = names
    if (name === undefined || names.length > 1) {
      throw new V3Failure(400, 'PARAM_ERROR', 'target_max_coupons与target_max_coupons_by_day二选一')
    }
    const rule = child(stock.body, 'stock_send_rule')
    if (body[`current_${name}`] === undefined) throw new V3Failure(400, 'PARAM_ERROR', `current_${name}必填`)
    if (num(body, `current_${name}`) !== num(rule, name)) throw refuse(`current_${name}与当前值不一致`)
    const sent = world.merchantCoupons.filter((one) => one.stockId === stock.stockId).length
    const target = num(body, `target_${name}`)
    if (name === 'max_coupons' && target < sent) throw refuse('批次最大发放个数小于已发放个数')
    rule[name] = target
    const { max_coupons, max_coupons_by_day } = rule
    return compact({ max_coupons, max_coupons_by_day })
  })

const UPLOADED = /^[0-9A-Za-z \-_\\/=|]{1,32}$/

const uploadCodes = (call: V3Call): Json =>
  once(call, 'upload_request_no', (stock) => {
    const { world, body } = call
    if (str(stock.body, 'coupon_code_mode') !== 'MERCHANT_UPLOAD') throw refuse('批次的券code模式不是商户上传')
    if (endOf(stock) <= world.context.clock.now()) throw refuse('批次已过有效期')
    const given = body.coupon_code_list as string[]
    const codes = [...new Set(given)]
    const wrong = codes.filter((code) => !UPLOADED.test(code))
    const known = codes.filter((code) => stock.uploaded.includes(code))
    const added = codes.filter((code) => !wrong.includes(code) && !known.includes(code))
    stock.codes.push(...added)
    stock.uploaded.push(...added)
    const some = (list: readonly unknown[]) => (list.length > 0 ? list : undefined)
    return compact({
      stock_id: stock.stockId,
      total_count: codes.length,
      success_count: added.length,
      success_codes: some(added),
      success_time: rfc3339(world.context.clock.now()),
      fail_count: wrong.length + known.length || undefined,
      fail_codes: some(
        wrong.map((code) => ({ coupon_code: code, code: 'PARAM_ERROR', message: '券code含有不允许的字符' }))
      ),
      exist_codes: some(known),
      duplicate_codes: some(codes.filter((code) => given.indexOf(code) !== given.lastIndexOf(code)))
    })
  })

const SPAN = object({ begin_time: opt(text(1, 64)), end_time: opt(text(1, 64)) })
const TIME = object({
  available_begin_time: text(1, 64),
  available_end_time: text(1, 64),
  available_day_after_receive: opt(int()),
  wait_days_after_receive: opt(int()),
  available_second_after_receive: opt(int()),
  available_week: opt(
    object({
      week_day: opt(list(int(0, 6), 7)),
      available_day_time: opt(list(object({ begin_time: opt(int(0)), end_time: opt(int(0)) }), 10))
    })
  ),
  // The platform's own spelling.
  irregulary_avaliable_time: opt(list(SPAN, 60))
})
const STOCK = object({
  stock_name: text(1, 21),
  belong_merchant: MCHID,
  comment: opt(text(1, 20)),
  goods_name: text(1, 15),
  stock_type: oneOf('NORMAL', 'DISCOUNT', 'EXCHANGE'),
  coupon_use_rule: object({
    coupon_available_time: TIME,
    fixed_normal_coupon: opt(object({ discount_amount: int(), transaction_minimum: int() })),
    discount_coupon: opt(object({ discount_percent: int(), transaction_minimum: int() })),
    exchange_coupon: opt(object({ exchange_price: int(0), transaction_minimum: int() })),
    use_method: oneOf('OFF_LINE', 'MINI_PROGRAMS', 'SELF_CONSUME', 'PAYMENT_CODE'),
    mini_programs_appid: opt(text(1, 32)),
    mini_programs_path: opt(text(1, 128))
  }),
  stock_send_rule: object({
    max_coupons: int(),
    max_coupons_per_user: int(),
    max_amount: opt(int()),
    max_amount_by_day: opt(int()),
    max_coupons_by_day: opt(int()),
    natural_person_limit: opt(flag()),
    prevent_api_abuse: opt(flag()),
    transferable: opt(flag()),
    shareable: opt(flag())
  }),
  out_request_no: NO,
  coupon_code_mode: oneOf('WECHATPAY_MODE', 'MERCHANT_API', 'MERCHANT_UPLOAD'),
  notify_config: opt(object({ notify_appid: opt(text(1, 32)) })),
  subsidy: opt(flag())
})
const BUDGET = object({
  target_max_coupons: opt(int(0)),
  current_max_coupons: opt(int(0)),
  target_max_coupons_by_day: opt(int(0)),
  current_max_coupons_by_day: opt(int(0)),
  modify_budget_request_no: NO
})
const CODES = object({ coupon_code_list: list(text(1, 32), 200, 1), upload_request_no: NO })

/** Stocks of merchant coupons (商家券批次). */
export const MERCHANT_COUPON_STOCK_ROUTES: readonly V3Route[] = [
  post(`${BASE}/stocks`, { body: STOCK }, createStock),
  get(`${BASE}/stocks/:stock_id`, {}, getStock),
  patch(`${BASE}/stocks/:stock_id/budget`, { body: BUDGET }, changeBudget),
  post(`${BASE}/stocks/:stock_id/couponcodes`, { body: CODES }, uploadCodes)
]
