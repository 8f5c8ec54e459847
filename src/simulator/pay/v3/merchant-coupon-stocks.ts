import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import { emptyStock, type MerchantCouponStock } from '../ledger/merchant-coupon.ts'
import { beijingDate, parseRfc3339, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { BUDGET, CODES, STOCK } from './merchant-coupon-shapes.ts'
import { get, patch, post, type V3Call, type V3Route } from './route.ts'
import { child, compact, type Json, num, str } from './shape.ts'

export const BASE = '/v3/marketing/busifavor'
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
      ...emptyStock()
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

/** A change under a number of the merchant: made once, and the same response again for the same number. */
function once(call: V3Call, number: string, make: (stock: MerchantCouponStock) => Json): Json {
  const { world, merchant, params, body } = call
  const stock = stockOf(world, merchant.mchId, params.stock_id ?? '')
  // Budgets and uploads count their numbers apart.
  const key = `${number} ${str(body, number)}`
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

/** Stocks of merchant coupons (商家券批次). */
export const MERCHANT_COUPON_STOCK_ROUTES: readonly V3Route[] = [
  post(`${BASE}/stocks`, { body: STOCK }, createStock),
  get(`${BASE}/stocks/:stock_id`, {}, getStock),
  patch(`${BASE}/stocks/:stock_id/budget`, { body: BUDGET }, changeBudget),
  post(`${BASE}/stocks/:stock_id/couponcodes`, { body: CODES }, uploadCodes)
]
