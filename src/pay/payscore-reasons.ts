import type { Hint } from '../errors/index.ts'

/** State errors of the payment score have several codes; the number at the end of `Request-ID` gives the reason. */
const REASONS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  '271317510': [
    'There is no such service order: it belongs to another merchant, or was never created.',
    '服务订单不存在：商户号不符，或创建未成功。'
  ],
  '271316574': [
    'The money could not be collected from the user; WeChat keeps trying.',
    '扣款失败（用户原因），微信支付会持续自动重试。'
  ],
  '271302262': ['Not in this state: query the order.', '订单状态不允许该操作，请先查询订单。'],
  '271302333': ['The order is already cancelled.', '订单已取消。'],
  '271302332': ['The user still has to confirm the order.', '订单待用户确认。'],
  '271316592': [
    'A completed order cannot be cancelled: modify it, or refund it once it is paid.',
    '完结后的订单不能取消：可修改金额，或支付后退款。'
  ],
  '271316657': ['This is possible only while the payment is pending.', '仅待支付状态可操作。'],
  '271316598': [
    'The call was already made with other parameters: retry it with the same ones, including end_time.',
    '重入参数与首次请求不一致：请使用首次的参数（含 end_time）。'
  ],
  '271316754': [
    'The money is currently being collected: wait a few seconds (for sync, three minutes) and query.',
    '订单正在扣款中：请等待数秒（同步订单等待 3 分钟）后查询。'
  ],
  '271316656': ['The total is above the limit of the service_id.', '总金额超过该 service_id 的限额。'],
  '271316637': ['The end of the service is before its start.', '实际结束时间早于约定开始时间。'],
  '271300099': ['WeChat refuses this user (risk).', '用户未通过风险评估。'],
  '271299627': [
    'The user has overdue unpaid orders, or too many running orders.',
    '用户有逾期未支付的订单，或进行中的订单过多。'
  ],
  '268560785': ['The user is in youth mode.', '用户处于青少年模式。'],
  '268503786': [
    'service_id, merchant and appid are not bound together, the service has the other mode, or the user is not on the test list.',
    'service_id、商户号、appid 未绑定，或服务模式不符，或用户不在体验名单。'
  ],
  '271302144': ['The merchant is unknown to the service.', '商户号不存在。'],
  '271302149': ['The appid is not bound to the service.', 'appid 未与商户号绑定。']
}

/** Returns the meaning of the number at the end of a `Request-ID`; `undefined` if there is none. */
export function payscoreHint(requestId: string | undefined): Hint | undefined {
  const number = /-(\d{9})$/.exec(requestId ?? '')?.[1]
  const row = number === undefined || !Object.hasOwn(REASONS, number) ? undefined : REASONS[number]
  return row && { en: row[0], zh: row[1] }
}
