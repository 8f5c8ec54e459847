import type { ServiceOrder } from '../ledger/service-order.ts'
import { beijingDate, parseCompactTime, parseDate } from '../times.ts'
import type { V3Call } from '../v3/route.ts'
import { child, compact, type Json, str } from '../v3/shape.ts'
import { grantOf, serviceFailure } from './service-order.ts'

/** The clocks of both sides differ; WeChat's is a few seconds behind. */
export const CLOCK_LAG_MS = 3_000
/** So many services of a user may run or wait for their payment, and one more. (进行中的订单过多) */
const MOST_RUNNING = 3

export const lists = (body: Json) => ({
  payments: (body.post_payments ?? []) as Json[],
  discounts: (body.post_discounts ?? []) as Json[]
})

/** A moment in Beijing, or the beginning of a day. */
export const moment = (time: string): number => parseCompactTime(time) ?? parseDate(time) ?? Number.NaN

/** @param isOver the service has ended already */
export function open(call: V3Call, appId: string, print: string, isOver = false): ServiceOrder {
  const { world, merchant, body } = call
  const { clock, random } = world.context
  const needsConfirmation = body.need_user_confirm !== false
  const openid = str(body, 'openid') || str(body, 'sub_openid')
  const serviceId = str(body, 'service_id')
  checkSubMerchant(call)
  if (!isOver) checkStart(clock.now(), child(body, 'time_range'))
  if (needsConfirmation && openid) throw serviceFailure('PARAM_ERROR', '需确认模式无需填写openid', 268435464)
  if (!needsConfirmation && !call.isGranted) checkGrant(call, appId, openid)
  return world.serviceOrders.add({
    mchId: merchant.mchId,
    appId,
    serviceId,
    outOrderNo: str(body, 'out_order_no'),
    orderId: `1000${random.digits(28)}`,
    queryId: random.text(32),
    needsConfirmation,
    riskFund: child(body, 'risk_fund'),
    introduction: str(body, 'service_introduction'),
    notifyUrl: str(body, 'notify_url'),
    attach: str(body, 'attach') || undefined,
    fingerprint: print,
    createdAt: clock.now(),
    package: `AAQ${random.text(180)}`,
    ...lists(body),
    timeRange: child(body, 'time_range'),
    ...(body.location ? { location: child(body, 'location') } : {}),
    ...(body.shopping_info ? { shoppingInfo: child(body, 'shopping_info') } : {}),
    ...compact({ subMchId: str(body, 'sub_mchid'), subAppId: str(body, 'sub_appid') }),
    ...(needsConfirmation
      ? { state: 'CREATED' }
      : { state: 'DOING', description: 'USER_CONFIRM', ...compact(payerOf(body)) })
  })
}

const payerOf = (body: Json) => ({ openid: str(body, 'openid'), subOpenid: str(body, 'sub_openid') })

/** A provider acts for others. */
function checkSubMerchant({ merchant, body, query }: V3Call): void {
  const sub = str(body, 'sub_mchid') || str(query, 'sub_mchid')
  if (sub === merchant.mchId) throw serviceFailure('PARAM_ERROR', '商户号不存在', 271302144)
}

/** Without confirmation: a user of the app who has granted the service, and whom WeChat trusts. */
function checkGrant({ world, merchant, body }: V3Call, appId: string, openid: string): void {
  const isSub = str(body, 'openid') === ''
  if (!openid) throw serviceFailure('PARAM_ERROR', '免确认模式openid必填', 268435464)
  if (!world.context.users.byOpenid(isSub ? str(body, 'sub_appid') : appId, openid)) {
    throw serviceFailure('PARAM_ERROR', 'appid与openid不匹配', 271302149)
  }
  if (!grantOf(world, merchant.mchId, str(body, 'service_id'), openid)) {
    throw serviceFailure('NO_AUTH', '用户未授权该服务', 268503786, 403)
  }
  const running = world.serviceOrders.filter(
    (one) => one.state === 'DOING' && (one.openid || one.subOpenid) === openid && one.serviceId === body.service_id
  )
  const tooMany = running.length > MOST_RUNNING ? 271299627 : undefined
  const reason = world.settings.serviceRefusals.shift() ?? tooMany
  if (reason !== undefined) throw serviceFailure('INVALID_REQUEST', '用户暂无法使用该服务', reason)
}

function checkStart(now: number, range: Json): void {
  const start = str(range, 'start_time')
  const end = str(range, 'end_time')
  const refuse = (text: string) => serviceFailure('PARAM_ERROR', text, 268435464)
  if (start !== 'OnAccept') {
    const isEarly = start.length === 8 ? start < today(now) : moment(start) <= now - CLOCK_LAG_MS
    if (isEarly || Number.isNaN(moment(start)))
      throw refuse('服务开始时间不能早于调用接口时间，或传入固定值OnAccept表示用户确认订单成功时间')
  }
  if (!end) return
  const isEarly = end.length === 8 ? end < today(now) : moment(end) <= now + 60_000
  if (isEarly || (start !== 'OnAccept' && moment(end) < moment(start))) {
    throw refuse('预计服务结束时间应晚于开始时间')
  }
}

const today = (now: number): string => beijingDate(now).replaceAll('-', '')
