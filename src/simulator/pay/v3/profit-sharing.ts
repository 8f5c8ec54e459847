import { billLine, billProblem, yuan } from '../bills.ts'
import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Order } from '../ledger/order.ts'
import type { Share, SharingOrder } from '../ledger/sharing-order.ts'
import { DAY_MS, parseDate, plainTime, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { BILL_PROBLEMS } from './bills.ts'
import { receiverKey } from './profit-sharing-receivers.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { APPID, compact, flag, int, type Json, list, num, object, oneOf, opt, secret, str, text } from './shape.ts'
import { scheduleShareNotices } from './share-notices.ts'
import { NUMBER, paidOrder, RECEIVER_TYPE, SUB, sharingOf, unsplit } from './sharing-order.ts'

const CREATE = object({
  ...SUB,
  appid: APPID,
  sub_appid: opt(APPID),
  transaction_id: text(1, 32),
  out_order_no: NUMBER,
  receivers: list(
    object({ type: RECEIVER_TYPE, account: text(1, 64), name: opt(secret()), amount: int(), description: text(1, 80) }),
    50,
    1
  ),
  unfreeze_unsplit: flag()
})

function create(call: V3Call): Json {
  const { world, merchant, body } = call
  const print = fingerprint(body)
  const known = world.sharings.get(`no ${merchant.mchId} ${str(body, 'out_order_no')}`)
  if (known) {
    if (known.fingerprint !== print) throw new V3Failure(400, 'INVALID_REQUEST', '分账单号已存在，但请求参数不一致')
    return sharingObject(world, known)
  }
  const order = paidOrder(call, str(body, 'transaction_id'))
  if (order.isUnfrozen) throw new V3Failure(403, 'RULE_LIMIT', '订单剩余待分金额已解冻')
  const receivers = body.receivers as Json[]
  for (const receiver of receivers) {
    const key = receiverKey(merchant.mchId, receiver)
    if (!world.receivers.get(key)) throw new V3Failure(400, 'INVALID_REQUEST', '分账接收方关系不存在')
  }
  const sum = receivers.reduce((total, one) => total + num(one, 'amount'), 0)
  if (sum > unsplit(order)) throw new V3Failure(403, 'NOT_ENOUGH', '分账金额大于订单剩余待分金额')
  const others = receivers.filter((one) => str(one, 'account') !== merchant.mchId)
  const shared = others.reduce((total, one) => total + num(one, 'amount'), order.shared)
  if (shared > Math.floor((order.total * world.settings.sharingRatio) / 10_000)) {
    throw new V3Failure(403, 'RULE_LIMIT', '分账金额超出最大分账比例')
  }
  order.shared += sum
  order.isUnfrozen = body.unfreeze_unsplit === true
  return sharingObject(world, record(call, order, receivers, print))
}

function record(call: V3Call, order: Order, receivers: readonly Json[], print: string): SharingOrder {
  const { world, merchant, body } = call
  const { clock, random } = world.context
  const now = clock.now()
  const orderId = `3008${random.digits(26)}`
  const sum = receivers.reduce((total, one) => total + num(one, 'amount'), 0)
  if (sum > 0) {
    const entry = { book: world.fundsOf(order), businessNo: orderId, outNo: str(body, 'out_order_no') }
    world.funds.move({ ...entry, name: '分账', type: '分账支出', amount: -sum })
  }
  const sharing = world.sharings.add({
    mchId: merchant.mchId,
    ...compact({ subMchId: order.subMchId }),
    transactionId: str(body, 'transaction_id'),
    outOrderNo: str(body, 'out_order_no'),
    orderId,
    shares: receivers.map((one) => ({
      type: str(one, 'type'),
      account: str(one, 'account'),
      amount: num(one, 'amount'),
      description: str(one, 'description'),
      detailId: `3601${random.digits(28)}`
    })),
    fingerprint: print,
    createdAt: now,
    dueAt: now + world.settings.payoutDelayMs,
    returned: 0
  })
  scheduleShareNotices(world, sharing)
  return sharing
}

function unfreeze(call: V3Call): Json {
  const { world, merchant, body } = call
  const known = world.sharings.get(`no ${merchant.mchId} ${str(body, 'out_order_no')}`)
  if (known) return sharingObject(world, known)
  const order = paidOrder(call, str(body, 'transaction_id'))
  if (order.isUnfrozen) throw new V3Failure(403, 'RULE_LIMIT', '订单剩余待分金额已解冻')
  const rest = unsplit(order)
  order.isUnfrozen = true
  const sharing = record(call, order, [], fingerprint(body))
  const self = { type: 'MERCHANT_ID', account: order.subMchId ?? merchant.mchId, amount: rest }
  Object.assign(sharing, {
    shares: [{ ...self, description: str(body, 'description'), detailId: `3601${world.context.random.digits(28)}` }]
  })
  return sharingObject(world, sharing)
}

function sharingObject(world: PayWorld, sharing: SharingOrder): Json {
  const isDone = world.context.clock.now() >= sharing.dueAt
  return compact({
    sub_mchid: sharing.subMchId,
    transaction_id: sharing.transactionId,
    out_order_no: sharing.outOrderNo,
    order_id: sharing.orderId,
    state: isDone ? 'FINISHED' : 'PROCESSING',
    receivers: sharing.shares.map((share) => ({
      amount: share.amount,
      description: share.description,
      type: share.type,
      account: share.account,
      result: isDone ? 'SUCCESS' : 'PENDING',
      detail_id: share.detailId,
      create_time: rfc3339(sharing.createdAt),
      finish_time: rfc3339(sharing.dueAt)
    }))
  })
}

const BILL_TITLES =
  '分账时间,分账发起方,分账方,微信订单号,微信分账/回退单号,分账明细单号,商户分账单号,订单金额,分账接收方,分账金额,业务类型,处理状态,分账描述,备注'

function bill(call: V3Call): object {
  const { world, merchant, query } = call
  const date = str(query, 'bill_date')
  const problem = billProblem(world, date)
  const start = parseDate(date) ?? 0
  const orders = problem
    ? []
    : world.sharings.filter(
        (one) => one.mchId === merchant.mchId && one.createdAt >= start && one.createdAt < start + DAY_MS
      )
  if (orders.length === 0) throw new V3Failure(400, ...BILL_PROBLEMS[problem ?? 'none'])
  const rows = orders.flatMap((order) => order.shares.map((share) => sharingRow(world, order, share)))
  const total = orders.flatMap(({ shares }) => shares).reduce((sum, { amount }) => sum + amount, 0)
  const lines = [
    BILL_TITLES,
    ...rows.map(billLine),
    '总笔数,分账总金额',
    billLine([String(rows.length), yuan(total)]),
    ''
  ]
  const options = { gzip: query.tar_type === 'GZIP', hash: 'sha1', type: 'text/plain;charset=utf-8' } as const
  return world.downloads.offer(call, Buffer.from(lines.join('\r\n')), options)
}

function sharingRow(world: PayWorld, order: SharingOrder, share: Share): string[] {
  const paid = world.orders.findPaid(order.mchId, order.transactionId)
  return [
    plainTime(order.createdAt),
    order.mchId,
    order.subMchId ?? order.mchId,
    order.transactionId,
    order.orderId,
    share.detailId,
    order.outOrderNo,
    yuan(paid?.total ?? 0),
    share.account,
    yuan(share.amount),
    '分账',
    world.context.clock.now() >= order.dueAt ? '成功' : '处理中',
    share.description,
    ''
  ]
}

const BASE = '/v3/profitsharing'
const TRANSACTION = object({ ...SUB, transaction_id: text(1, 32) })
const UNFREEZE = object({ ...SUB, transaction_id: text(1, 32), out_order_no: NUMBER, description: text(1, 80) })
const BILL = object({ ...SUB, bill_date: text(10, 10), tar_type: opt(oneOf('GZIP')) })

export const PROFIT_SHARING_ROUTES: readonly V3Route[] = [
  post(`${BASE}/orders`, { body: CREATE }, create),
  post(`${BASE}/orders/unfreeze`, { body: UNFREEZE }, unfreeze),
  get(`${BASE}/orders/:out_order_no`, { query: TRANSACTION }, (call) => {
    const sharing = sharingOf(call, call.params.out_order_no ?? '')
    if (sharing.transactionId !== call.query.transaction_id) {
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账单不存在')
    }
    return sharingObject(call.world, sharing)
  }),
  get(`${BASE}/transactions/:transaction_id/amounts`, {}, (call) => {
    const order = paidOrder(call, call.params.transaction_id ?? '')
    return { transaction_id: call.params.transaction_id, unsplit_amount: order.isUnfrozen ? 0 : unsplit(order) }
  }),
  get(`${BASE}/merchant-configs/:sub_mchid`, {}, ({ world, params }) => ({
    sub_mchid: params.sub_mchid,
    max_ratio: world.settings.sharingRatio
  })),
  get(`${BASE}/bills`, { query: BILL }, bill)
]
