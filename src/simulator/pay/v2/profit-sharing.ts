import { V2Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Order } from '../ledger/order.ts'
import type { Share, SharingOrder } from '../ledger/sharing-order.ts'
import { DAY_MS, MINUTE_MS } from '../times.ts'
import { scheduleReturnNotice, scheduleShareNotices } from '../v3/share-notices.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { amount, type FieldRules, may, need, OUT_REFUND_NO, one } from './fields.ts'
import { receiversAnswer, returnAnswer, sharesOf } from './sharing-fields.ts'

const NUMBERS: FieldRules = { transaction_id: need(32), out_order_no: need(64, OUT_REFUND_NO) }
const SHARE: FieldRules = { appid: need(32), sub_mch_id: may(32), ...NUMBERS, receivers: need(10_240) }
const SINGLE: FieldRules = { ...SHARE, brand_mch_id: may(32) }
const FINISH: FieldRules = { appid: need(32), sub_mch_id: may(32), ...NUMBERS, description: need(80) }
const RETURN: FieldRules = {
  appid: need(32),
  out_order_no: { max: 64, required: (fields) => !fields.order_id },
  order_id: may(64),
  out_return_no: need(64, OUT_REFUND_NO),
  return_account_type: one('MERCHANT_ID'),
  return_account: need(64),
  return_amount: amount(),
  description: need(80)
}

/** Frozen this long, then released to the paying merchant. */
const FROZEN_MS = 30 * DAY_MS

const refuse = (code: string, text: string): never => {
  throw new V2Failure(code, text)
}

/** The fee is taken before anything is shared: of 690 fen 686 are left. */
export const feeOf = (call: V2Call, order: Order): number =>
  Math.round((order.total * call.world.settings.feeRate) / 10_000)

/** What can still be shared, in fen. */
export function unsplitOf(call: V2Call, order: Order): number {
  const isOver = order.isUnfrozen || call.world.context.clock.now() - (order.payment?.paidAt ?? 0) > FROZEN_MS
  return isOver ? 0 : Math.max(0, order.total - feeOf(call, order) - order.refunded - order.shared)
}

export function sharedOrder(call: V2Call): Order {
  const { world, merchant, fields } = call
  const order = world.orders.findPaid(merchant.mchId, fields.transaction_id ?? '')
  if (!order) return refuse('INVALID_TRANSACTIONID', '无效的微信支付订单号')
  if (!order.profitSharing) return refuse('RULE_LIMIT', '非分账订单不支持分账')
  return order
}

function openOrder(call: V2Call): Order {
  const order = sharedOrder(call)
  const now = call.world.context.clock.now()
  const paidAt = order.payment?.paidAt ?? 0
  if (now - paidAt < MINUTE_MS) refuse('INVALID_REQUEST', '订单处理中,请稍后重试')
  if (order.isUnfrozen || now - paidAt > FROZEN_MS) refuse('RULE_LIMIT', '订单已完结分账,不支持分账')
  return order
}

/** The share of this number, made before: the same request again changes nothing. */
function repeated(call: V2Call, print: string): SharingOrder | undefined {
  const known = call.world.sharings.get(`no ${call.merchant.mchId} ${call.fields.out_order_no}`)
  // A finish under the number of a share answers success and does nothing.
  if (known && print !== 'finish' && known.fingerprint !== print) {
    refuse('INVALID_REQUEST', '分账接收方与原请求不一致')
  }
  return known
}

function share(call: V2Call, finishes: boolean): V2Answer {
  const { world, merchant, fields } = call
  const shares = sharesOf(call)
  const print = fingerprint({ transaction: fields.transaction_id, receivers: fields.receivers, finishes })
  const known = repeated(call, print)
  if (known) return shareAnswer(call, known)
  const order = openOrder(call)
  for (const { type, account } of shares) {
    if (type === 'PERSONAL_OPENID' && !world.context.users.byOpenid(fields.appid ?? '', account)) {
      refuse('OPENID_MISMATCH', 'appid与openid不匹配')
    }
    const isSelf = account === merchant.mchId
    if (isSelf && finishes) refuse('PARAM_ERROR', '分账方不能作为分账接收方')
    if (!isSelf && !world.receivers.get(`${merchant.mchId} ${type} ${account}`)) {
      refuse('INVALID_REQUEST', '分账接收方关系不存在')
    }
  }
  const others = shares.filter(({ account }) => account !== merchant.mchId)
  const sum = (list: readonly Share[]) => list.reduce((total, one) => total + one.amount, 0)
  if (sum(shares) > unsplitOf(call, order)) refuse('NOTENOUGH', '分账金额不足')
  if (order.shared + sum(others) > Math.floor((order.total * world.settings.sharingRatio) / 10_000)) {
    refuse('RULE_LIMIT', '分账金额超出最大分账比例')
  }
  order.shared += sum(shares)
  if (finishes) order.isUnfrozen = true
  return shareAnswer(call, record(call, order, shares, print, sum(others)))
}

function record(call: V2Call, order: Order, shares: readonly Share[], print: string, total: number): SharingOrder {
  const { world, merchant, fields } = call
  const { clock, random } = world.context
  const now = clock.now()
  const orderId = `3008${random.digits(26)}`
  if (total > 0) {
    const entry = { book: world.fundsOf(order), businessNo: orderId, outNo: fields.out_order_no ?? '' }
    world.funds.move({ ...entry, name: '分账', type: '分账支出', amount: -total })
  }
  const sharing = world.sharings.add({
    mchId: merchant.mchId,
    ...(order.subMchId === undefined ? {} : { subMchId: order.subMchId }),
    transactionId: fields.transaction_id ?? '',
    outOrderNo: fields.out_order_no ?? '',
    orderId,
    shares,
    fingerprint: print,
    createdAt: now,
    dueAt: now + world.settings.payoutDelayMs,
    returned: 0
  })
  scheduleShareNotices(world, sharing)
  return sharing
}

const sharingAnswer = (sharing: SharingOrder): V2Answer => ({
  transaction_id: sharing.transactionId,
  out_order_no: sharing.outOrderNo,
  order_id: sharing.orderId
})

/** Newer responses say what is known of the receivers. */
const shareAnswer = (call: V2Call, sharing: SharingOrder): V2Answer => ({
  ...sharingAnswer(sharing),
  status: call.world.context.clock.now() >= sharing.dueAt ? 'FINISHED' : 'PROCESSING',
  receivers: receiversAnswer(call, sharing, true),
  ...(call.fields.brand_mch_id ? { brand_mch_id: call.fields.brand_mch_id } : {})
})

function finish(call: V2Call): V2Answer {
  const known = repeated(call, 'finish')
  if (known) return sharingAnswer(known)
  const order = openOrder(call)
  const { world, merchant, fields } = call
  const now = world.context.clock.now()
  const isOpen = world.sharings.filter((one) => one.transactionId === fields.transaction_id && one.dueAt > now)
  if (isOpen.length > 0) refuse('INVALID_REQUEST', '订单处理中,请稍后重试')
  const rest = unsplitOf(call, order)
  order.isUnfrozen = true
  const self = { type: 'MERCHANT_ID', account: order.subMchId ?? merchant.mchId, amount: rest }
  const detailId = `3601${world.context.random.digits(28)}`
  const shares = [{ ...self, description: fields.description ?? '', detailId }]
  return sharingAnswer(record(call, order, shares, 'finish', 0))
}

function giveBack(call: V2Call): V2Answer {
  const { world, merchant, fields } = call
  const key = fields.out_order_no
    ? `no ${merchant.mchId} ${fields.out_order_no}`
    : `id ${merchant.mchId} ${fields.order_id}`
  const sharing = world.sharings.get(key)
  if (!sharing) return refuse('ORDERNOTEXIST', '分账单不存在')
  const fen = Number(fields.return_amount)
  const account = fields.return_account ?? ''
  const known = world.sharingReturns.get(`${merchant.mchId} ${fields.out_return_no}`)
  if (known) {
    const isSame = known.amount === fen && known.orderId === sharing.orderId && known.returnMchId === account
    if (!isSame) refuse('INVALID_REQUEST', '回退单号已存在，但请求参数不一致')
    return returnAnswer(call, known)
  }
  const got = sharing.shares.filter((one) => one.type === 'MERCHANT_ID' && one.account === account)
  const limit = got.reduce((sum, one) => sum + one.amount, 0)
  if (limit === 0) refuse('PARAM_ERROR', '分账并没有分给对应的回退方')
  if (world.settings.sharingReturnsRefusedBy.includes(account)) refuse('NOAUTH', '回退方没有开通分账回退功能')
  if (sharing.returned + fen > limit) refuse('NOTENOUGH', '回退金额大于可回退金额')
  const { clock, random } = world.context
  const returnId = `3701${random.digits(28)}`
  // To the available balance: what was shared once is not shared again.
  sharing.returned += fen
  const order = world.orders.findPaid(merchant.mchId, sharing.transactionId)
  if (order) {
    const entry = { book: world.fundsOf(order), businessNo: returnId, outNo: fields.out_return_no ?? '' }
    world.funds.move({ ...entry, name: '分账', type: '分账回退', amount: fen })
  }
  const done = world.sharingReturns.add({
    mchId: merchant.mchId,
    outOrderNo: sharing.outOrderNo,
    orderId: sharing.orderId,
    outReturnNo: fields.out_return_no ?? '',
    returnId,
    returnMchId: account,
    amount: fen,
    description: fields.description ?? '',
    createdAt: clock.now(),
    dueAt: clock.now() + world.settings.payoutDelayMs
  })
  scheduleReturnNotice(world, done, sharing)
  return returnAnswer(call, done)
}

const HMAC = { signTypes: ['HMAC-SHA256'], needsCertificate: true } as const

export const SHARING_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/secapi/pay/profitsharing', SINGLE, (call) => share(call, true), HMAC),
  payEndpoint('/secapi/pay/multiprofitsharing', SHARE, (call) => share(call, false), HMAC),
  payEndpoint('/secapi/pay/profitsharingfinish', FINISH, finish, { ...HMAC, signsKnownFields: true }),
  payEndpoint('/secapi/pay/profitsharingreturn', RETURN, giveBack, { ...HMAC, errors: 'return' })
]
