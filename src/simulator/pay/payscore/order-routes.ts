import { fingerprint } from '../fingerprint.ts'
import type { ServiceOrder } from '../ledger/service-order.ts'
import { checkApp } from '../payer.ts'
import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import { child, compact, type Json, str } from '../v3/shape.ts'
import { openCollection, scheduleCollection, settle } from './collection.ts'
import { CLOCK_LAG_MS, lists, moment, open } from './open-service.ts'
import { serviceShapes } from './order-shapes.ts'
import { findServiceOrder, serviceFailure, serviceOrderObject } from './service-order.ts'

const DEPOSITS = new Set(['DEPOSIT', 'ADVANCE', 'CASH_DEPOSIT'])

export function create(call: V3Call): Json {
  const { world, merchant, body } = call
  const appId = str(body, 'appid')
  checkApp(world, merchant, appId)
  const print = fingerprint(body)
  const known = findServiceOrder(world, `no ${merchant.mchId} ${str(body, 'out_order_no')}`)
  if (known && known.fingerprint !== print) {
    throw serviceFailure('INVALID_REQUEST', '订单重入参数校验失败', 271316598)
  }
  const order = known ?? open(call, appId, print)
  const needsPage = order.needsConfirmation && order.state === 'CREATED'
  return compact({
    ...serviceOrderObject(order),
    shopping_info: order.shoppingInfo,
    package: needsPage ? order.package : undefined
  })
}

/** The order that a call names, when the call knows its service and app. */
export function named({ world, merchant, params, query, body }: V3Call): ServiceOrder {
  const given = { ...query, ...body }
  const number = params.out_order_no ?? str(query, 'out_order_no')
  const key = number ? `no ${merchant.mchId} ${number}` : `query ${merchant.mchId} ${str(query, 'query_id')}`
  const order = findServiceOrder(world, key)
  if (!order) throw serviceFailure('ORDER_NOT_EXIST', '订单不存在', 271317510, 404)
  if (order.serviceId !== str(given, 'service_id')) {
    throw serviceFailure('NO_AUTH', '商户暂无权限使用此服务', 268503786, 403)
  }
  const sub = str(given, 'sub_mchid') || undefined
  if (order.subMchId !== sub) throw serviceFailure('ORDER_NOT_EXIST', '订单不存在', 271317510, 404)
  if (sub === undefined && order.appId !== str(given, 'appid')) {
    throw serviceFailure('PARAM_ERROR', 'appid与创单时不一致', 271302149)
  }
  return order
}

const changed = ({ appId, mchId, outOrderNo, serviceId, orderId }: ServiceOrder): Json => ({
  appid: appId,
  mchid: mchId,
  out_order_no: outOrderNo,
  service_id: serviceId,
  order_id: orderId
})

function query(call: V3Call): Json {
  const { out_order_no: number, query_id: id } = call.query
  if ((number === undefined) === (id === undefined)) {
    throw serviceFailure('PARAM_ERROR', 'out_order_no与query_id二选一', 268435464)
  }
  return serviceOrderObject(named(call))
}

function cancel(call: V3Call): Json {
  const order = named(call)
  const isOpen = order.state === 'CREATED' || order.description === 'USER_CONFIRM'
  if (order.state === 'REVOKED') throw serviceFailure('INVALID_REQUEST', '当前订单状态不合法', 271302333)
  if (!isOpen) throw serviceFailure('PARAM_ERROR', '当前订单状态不满足撤销条件', 271316592)
  order.state = 'REVOKED'
  delete order.description
  return changed(order)
}

export function checkTotal({ world, body }: V3Call, order: Pick<ServiceOrder, 'riskFund'>): void {
  const { payments, discounts } = lists(body)
  const sum = (list: readonly Json[]) => list.reduce((total, one) => total + Number(one.amount ?? 0), 0)
  const total = Number(body.total_amount)
  const names = payments.map((one) => str(one, 'name'))
  if (total !== sum(payments) - sum(discounts) || new Set(names).size !== names.length) {
    throw serviceFailure('PARAM_ERROR', '最终总金额计算非法', 268435464)
  }
  const deposit = DEPOSITS.has(str(order.riskFund, 'name')) ? Number(order.riskFund.amount) : Number.POSITIVE_INFINITY
  if (total > Math.min(deposit, world.settings.serviceLimit)) {
    throw serviceFailure('PARAM_ERROR', '订单总金额超过限额', 271316656)
  }
}

function complete(call: V3Call): Json {
  return completeOrder(call, named(call))
}

export function completeOrder(call: V3Call, order: ServiceOrder): Json {
  const { world, body } = call
  const print = fingerprint(body)
  if (order.description === 'MCH_COMPLETE') {
    if (order.completion !== print) throw serviceFailure('INVALID_REQUEST', '订单重入参数校验失败', 271316598)
    return serviceOrderObject(order)
  }
  if (order.state === 'CREATED') throw serviceFailure('INVALID_REQUEST', '当前订单状态不合法', 271302332)
  if (order.description !== 'USER_CONFIRM') throw serviceFailure('PARAM_ERROR', '完结订单状态不合法', 271302262)
  checkTotal(call, order)
  const given = child(body, 'time_range')
  const range = { ...order.timeRange, ...given }
  checkEnd(world.context.clock.now(), range, str(given, 'end_time'))
  Object.assign(order, lists(body), {
    timeRange: range,
    description: 'MCH_COMPLETE',
    completedAt: world.context.clock.now(),
    completion: print,
    profitSharing: body.profit_sharing === true
  })
  if (body.location) order.location = { ...order.location, ...child(body, 'location') }
  openCollection(order)
  scheduleCollection(world, order)
  return serviceOrderObject(order)
}

function checkEnd(now: number, range: Json, given: string): void {
  const end = str(range, 'end_time')
  if (!end) throw serviceFailure('PARAM_ERROR', '创建订单未填写服务结束时间,则结束时间必填', 268435464)
  const start = str(range, 'start_time')
  if (start !== 'OnAccept' && moment(end) < moment(start)) {
    throw serviceFailure('PARAM_ERROR', '实际结束时间应晚于服务开始时间', 271316637)
  }
  if (given && moment(given) > now + CLOCK_LAG_MS) {
    throw serviceFailure('PARAM_ERROR', '实际结束时间不能晚于使用完结接口的时间', 268435464)
  }
}

/** The money of an order that is being collected, and at which nobody pays just now. */
function collecting(call: V3Call): { order: ServiceOrder; collection: NonNullable<ServiceOrder['collection']> } {
  const order = named(call)
  const { collection } = order
  if (order.description !== 'MCH_COMPLETE' || !collection) {
    const text = order.description === 'USER_CONFIRM' ? '当前订单状态不合法,订单状态为确认状态' : '当前订单状态不合法'
    throw serviceFailure('INVALID_REQUEST', text, 271316657)
  }
  if ((order.payingUntil ?? 0) > call.world.context.clock.now()) {
    throw serviceFailure('INVALID_REQUEST', '订单正在支付中，请稍后重试', 271316754)
  }
  return { order, collection }
}

function modify(call: V3Call): Json {
  const { order, collection } = collecting(call)
  checkTotal(call, order)
  if (Number(call.body.total_amount) >= collection.total) {
    throw serviceFailure('PARAM_ERROR', '修改后的金额应小于当前订单金额', 271316656)
  }
  Object.assign(order, lists(call.body))
  openCollection(order)
  return serviceOrderObject(order)
}

function collectNow(call: V3Call): Json {
  const { order } = collecting(call)
  if (call.world.settings.serviceCollectionFailures > 0) {
    call.world.settings.serviceCollectionFailures--
    throw serviceFailure('INVALID_REQUEST', '扣款失败，用户账户余额不足', 271316574)
  }
  scheduleCollection(call.world, order, 0)
  return changed(order)
}

function sync(call: V3Call): Json {
  const { order, collection } = collecting(call)
  const paidTime = str(child(call.body, 'detail'), 'paid_time')
  const paidAt = moment(paidTime)
  const now = call.world.context.clock.now()
  if (!(paidAt >= Math.floor((order.completedAt ?? 0) / 1000) * 1000 && paidAt <= now + CLOCK_LAG_MS)) {
    throw serviceFailure('PARAM_ERROR', '收款时间应晚于完结时间且不晚于当前时间', 268435464)
  }
  settle(order, { amount: collection.total, paidType: 'MCH', paidTime, transactionId: '' })
  return serviceOrderObject(order)
}

/** Providers are answered without content. */
const silent = (isPartner: boolean, run: (call: V3Call) => Json) => (call: V3Call) => {
  const content = run(call)
  return isPartner ? undefined : content
}

function routesOf(isPartner: boolean): V3Route[] {
  const orders = `/v3/payscore${isPartner ? '/partner' : ''}/serviceorder`
  const one = `${orders}/:out_order_no`
  const shapes = serviceShapes(isPartner)
  return [
    post(orders, { body: shapes.create }, create),
    get(orders, { query: shapes.query }, query),
    post(`${one}/cancel`, { body: shapes.cancel }, silent(isPartner, cancel)),
    post(`${one}/modify`, { body: shapes.modify }, silent(isPartner, modify)),
    post(`${one}/complete`, { body: shapes.complete }, silent(isPartner, complete)),
    post(`${one}/pay`, { body: shapes.pay }, silent(isPartner, collectNow)),
    post(`${one}/sync`, { body: shapes.sync }, silent(isPartner, sync))
  ]
}

export const SERVICE_ORDER_ROUTES: readonly V3Route[] = [...routesOf(false), ...routesOf(true)]
