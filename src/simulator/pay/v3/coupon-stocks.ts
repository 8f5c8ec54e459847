import { V3Failure } from '../failures.ts'
import type { CouponStock, StockState } from '../ledger/coupon.ts'
import { parseRfc3339, rfc3339 } from '../times.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { child, compact, flag, int, type Json, list, MCHID, num, object, opt, str, text, unread } from './shape.ts'

const RULE = object({
  max_coupons: int(),
  max_amount: int(),
  max_amount_by_day: opt(int()),
  max_coupons_per_user: int(1, 60),
  natural_person_limit: flag(),
  prevent_api_abuse: flag()
})
const USE_RULE = object({
  ...unread(
    'coupon_available_time',
    'discount_coupon',
    'exchange_coupon',
    'goods_tag',
    'limit_card',
    'limit_pay',
    'trade_type',
    'unavailable_items'
  ),
  fixed_normal_coupon: opt(object({ coupon_amount: int(), transaction_minimum: int() })),
  combine_use: opt(flag()),
  available_items: opt(list(text(1, 128), 100)),
  available_merchants: opt(list(text(1, 20), 50))
})
const CREATE = object({
  stock_name: text(1, 20),
  comment: opt(text(1, 20)),
  belong_merchant: MCHID,
  available_begin_time: text(1, 32),
  available_end_time: text(1, 32),
  stock_use_rule: RULE,
  coupon_use_rule: USE_RULE,
  no_cash: flag(),
  stock_type: text(1, 16),
  out_request_no: text(1, 128),
  ...unread('ext_info', 'pattern_info')
})

export const notFound = (): V3Failure => new V3Failure(404, 'RESOURCE_NOT_EXISTS', '批次或券不存在')

function createStock({ world, merchant, body }: V3Call): Json {
  const known = world.stocks.get(`out ${merchant.mchId} ${str(body, 'out_request_no')}`)
  if (known) return { stock_id: known.stockId, create_time: rfc3339(known.createdAt) }
  const begin = parseRfc3339(str(body, 'available_begin_time'))
  const end = parseRfc3339(str(body, 'available_end_time'))
  if (begin === undefined || end === undefined || end <= begin) {
    throw new V3Failure(400, 'PARAM_ERROR', '批次的可用时间不正确')
  }
  const coupon = child(child(body, 'coupon_use_rule'), 'fixed_normal_coupon')
  const rule = child(body, 'stock_use_rule')
  if (num(rule, 'max_amount') !== num(rule, 'max_coupons') * num(coupon, 'coupon_amount')) {
    throw new V3Failure(400, 'PARAM_ERROR', '总预算应等于发放总上限乘以面额')
  }
  const stock = world.stocks.add({
    mchId: merchant.mchId,
    stockId: world.context.random.digits(8),
    outRequestNo: str(body, 'out_request_no'),
    name: str(body, 'stock_name'),
    body,
    amount: num(coupon, 'coupon_amount'),
    minimum: num(coupon, 'transaction_minimum'),
    max: num(rule, 'max_coupons'),
    maxPerUser: num(rule, 'max_coupons_per_user'),
    createdAt: world.context.clock.now(),
    state: 'unactivated',
    sent: 0
  })
  return { stock_id: stock.stockId, create_time: rfc3339(stock.createdAt) }
}

export function stockOf({ world, merchant, params, body }: V3Call): CouponStock {
  const stock = world.stocks.get(`id ${merchant.mchId} ${params.stock_id ?? str(body, 'stock_id')}`)
  if (!stock) throw notFound()
  return stock
}

function turn(from: readonly StockState[], to: StockState, timeName: string): (call: V3Call) => Json {
  return (call) => {
    const stock = stockOf(call)
    if (!from.includes(stock.state)) throw new V3Failure(400, 'INVALID_REQUEST', `批次状态${stock.state}，不支持该操作`)
    stock.state = to
    const now = call.world.context.clock.now()
    stock.startedAt ??= now
    return { [timeName]: rfc3339(now), stock_id: stock.stockId }
  }
}

function stockObject(stock: CouponStock): Json {
  const body = stock.body
  return compact({
    stock_id: stock.stockId,
    stock_creator_mchid: stock.mchId,
    stock_name: stock.name,
    status: stock.state,
    create_time: rfc3339(stock.createdAt),
    description: str(body, 'comment') || stock.name,
    stock_use_rule: { ...child(body, 'stock_use_rule'), coupon_type: 'NORMAL' },
    available_begin_time: str(body, 'available_begin_time'),
    available_end_time: str(body, 'available_end_time'),
    distributed_coupons: stock.sent,
    no_cash: body.no_cash,
    start_time: stock.startedAt === undefined ? undefined : rfc3339(stock.startedAt),
    singleitem: false,
    stock_type: str(body, 'stock_type')
  })
}

/** A page of a list; `offset` is its number (分页页码), from 0. */
export function pageOf(all: readonly unknown[], query: Json): Json {
  const offset = num(query, 'offset')
  const limit = num(query, 'limit') || 20
  return { total_count: all.length, offset, limit, data: all.slice(offset * limit, (offset + 1) * limit) }
}

function listStocks({ world, merchant, query }: V3Call): Json {
  const all = world.stocks
    .filter((one) => one.mchId === merchant.mchId && (!query.status || one.state === query.status))
    .map(stockObject)
  return pageOf(all, query)
}

/** What a stock is limited to: merchants or items. */
function scopeOf(call: V3Call, name: 'available_merchants' | 'available_items'): Json {
  const stock = stockOf(call)
  if (str(stock.body, 'stock_type') !== 'NORMAL') throw new V3Failure(400, 'PARAM_ERROR', '仅支持代金券批次')
  const listed = child(stock.body, 'coupon_use_rule')[name]
  return { ...pageOf(Array.isArray(listed) ? listed : [], call.query), stock_id: stock.stockId }
}

const BASE = '/v3/marketing/favor'
const CREATOR = object({ stock_creator_mchid: MCHID })
const creator = { body: CREATOR, self: 'stock_creator_mchid' } as const
const STOCK_QUERY = object({
  stock_creator_mchid: MCHID,
  status: opt(text(1, 16)),
  offset: int(0),
  limit: int(1, 10),
  ...unread('create_start_time', 'create_end_time')
})
const scopeQuery = (lastPage: number, maxLimit: number) => ({
  query: object({ stock_creator_mchid: MCHID, offset: int(0, lastPage), limit: int(1, maxLimit) }),
  self: 'stock_creator_mchid' as const
})

export const COUPON_STOCK_ROUTES: readonly V3Route[] = [
  post(`${BASE}/coupon-stocks`, { body: CREATE }, createStock),
  get(`${BASE}/stocks`, { query: STOCK_QUERY, self: 'stock_creator_mchid' }, listStocks),
  get(`${BASE}/stocks/:stock_id`, { query: CREATOR, self: 'stock_creator_mchid' }, (call) =>
    stockObject(stockOf(call))
  ),
  get(`${BASE}/stocks/:stock_id/merchants`, scopeQuery(1000, 50), (call) => scopeOf(call, 'available_merchants')),
  get(`${BASE}/stocks/:stock_id/items`, scopeQuery(500, 100), (call) => scopeOf(call, 'available_items')),
  post(`${BASE}/stocks/:stock_id/start`, creator, turn(['unactivated'], 'running', 'start_time')),
  post(`${BASE}/stocks/:stock_id/pause`, creator, turn(['running'], 'paused', 'pause_time')),
  post(`${BASE}/stocks/:stock_id/restart`, creator, turn(['paused'], 'running', 'restart_time'))
]
