import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import type { Order } from '../ledger/order.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  compact,
  flag,
  int,
  type Json,
  list,
  MCHID,
  num,
  object,
  oneOf,
  opt,
  secret,
  str,
  text
} from './shape.ts'
import { fingerprint } from './transactions.ts'

interface Share {
  readonly type: string
  readonly account: string
  readonly amount: number
  readonly description: string
  readonly detailId: string
}

/** 分账单 */
export interface SharingOrder {
  readonly mchId: string
  readonly subMchId?: string
  readonly transactionId: string
  readonly outOrderNo: string
  readonly orderId: string
  readonly shares: readonly Share[]
  readonly fingerprint: string
  readonly createdAt: number
  readonly dueAt: number
  returned: number
}

/** 分账回退单 */
export interface SharingReturn {
  readonly mchId: string
  readonly outOrderNo: string
  readonly orderId: string
  readonly outReturnNo: string
  readonly returnId: string
  readonly returnMchId: string
  readonly amount: number
  readonly description: string
  readonly createdAt: number
  readonly dueAt: number
}

const TYPE = oneOf('MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID')
const SUB = { sub_mchid: opt(MCHID) }
const NUMBER = text(1, 64, /^[0-9A-Za-z_\-|*@]+$/)

const CREATE = object({
  ...SUB,
  appid: APPID,
  sub_appid: opt(APPID),
  transaction_id: text(1, 32),
  out_order_no: NUMBER,
  receivers: list(
    object({ type: TYPE, account: text(1, 64), name: opt(secret()), amount: int(), description: text(1, 80) }),
    50,
    1
  ),
  unfreeze_unsplit: flag()
})

function paidOrder(call: V3Call, transactionId: string): Order {
  const order = call.world.orders.findPaid(call.merchant.mchId, transactionId)
  if (!order) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
  if (!order.profitSharing) throw new V3Failure(403, 'RULE_LIMIT', '非分账订单不支持分账')
  return order
}

const unsplit = (order: Order): number => order.total - order.refunded - order.shared

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
    if (!world.receivers.get(key)) throw new V3Failure(400, 'INVALID_REQUEST', '分账接收方未添加，请先添加分账接收方')
  }
  const sum = receivers.reduce((total, one) => total + num(one, 'amount'), 0)
  if (sum > unsplit(order)) throw new V3Failure(403, 'NOT_ENOUGH', '分账金额大于订单剩余待分金额')
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
  return world.sharings.add({
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

const RETURN = object({
  ...SUB,
  order_id: opt(text(1, 64)),
  out_order_no: opt(NUMBER),
  out_return_no: NUMBER,
  return_mchid: MCHID,
  amount: int(),
  description: text(1, 80)
})

function sharingOf(call: V3Call, outOrderNo: string, orderId = ''): SharingOrder {
  const { world, merchant } = call
  const key = outOrderNo ? `no ${merchant.mchId} ${outOrderNo}` : `id ${merchant.mchId} ${orderId}`
  const sharing = world.sharings.get(key)
  if (!sharing) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账单不存在')
  return sharing
}

function giveBack(call: V3Call): Json {
  const { world, merchant, body } = call
  const sharing = sharingOf(call, str(body, 'out_order_no'), str(body, 'order_id'))
  const amount = num(body, 'amount')
  const known = world.sharingReturns.get(`${merchant.mchId} ${str(body, 'out_return_no')}`)
  if (known) {
    const isSame = known.amount === amount && known.orderId === sharing.orderId
    if (!isSame) throw new V3Failure(400, 'INVALID_REQUEST', '回退单号已存在，但请求参数不一致')
    return returnObject(world, known)
  }
  const shared = sharing.shares.filter(({ account }) => account === str(body, 'return_mchid'))
  const limit = shared.reduce((sum, share) => sum + share.amount, 0)
  if (limit === 0) throw new V3Failure(400, 'INVALID_REQUEST', '回退方不是该分账单的接收方')
  if (sharing.returned + amount > limit) throw new V3Failure(403, 'NOT_ENOUGH', '回退金额大于可回退金额')
  const order = world.orders.findPaid(merchant.mchId, sharing.transactionId)
  sharing.returned += amount
  const { clock, random } = world.context
  const returnId = `3701${random.digits(28)}`
  const outReturnNo = str(body, 'out_return_no')
  if (order) {
    order.shared -= amount
    const entry = { book: world.fundsOf(order), businessNo: returnId, outNo: outReturnNo }
    world.funds.move({ ...entry, name: '分账', type: '分账回退', amount })
  }
  const done = world.sharingReturns.add({
    mchId: merchant.mchId,
    outOrderNo: sharing.outOrderNo,
    orderId: sharing.orderId,
    outReturnNo,
    returnId,
    returnMchId: str(body, 'return_mchid'),
    amount,
    description: str(body, 'description'),
    createdAt: clock.now(),
    dueAt: clock.now() + world.settings.payoutDelayMs
  })
  return returnObject(world, done)
}

function returnObject(world: PayWorld, done: SharingReturn): Json {
  return {
    order_id: done.orderId,
    out_order_no: done.outOrderNo,
    out_return_no: done.outReturnNo,
    return_id: done.returnId,
    return_mchid: done.returnMchId,
    amount: done.amount,
    description: done.description,
    result: world.context.clock.now() >= done.dueAt ? 'SUCCESS' : 'PROCESSING',
    create_time: rfc3339(done.createdAt),
    finish_time: rfc3339(done.dueAt)
  }
}

const RECEIVER = { ...SUB, appid: APPID, sub_appid: opt(APPID), type: TYPE, account: text(1, 64) }
const ADD = object({
  ...RECEIVER,
  name: opt(secret()),
  relation_type: text(1, 32),
  custom_relation: opt(text(1, 10))
})

const receiverKey = (mchId: string, receiver: Json): string =>
  `${mchId} ${str(receiver, 'type')} ${str(receiver, 'account')}`

function addReceiver({ world, merchant, body }: V3Call): Json {
  if (str(body, 'type') === 'MERCHANT_ID' && !str(body, 'name')) {
    throw new V3Failure(400, 'PARAM_ERROR', '分账接收方类型是MERCHANT_ID时，name必填')
  }
  const key = receiverKey(merchant.mchId, body)
  if (!world.receivers.get(key)) world.receivers.add({ key })
  const name = str(body, 'name')
  const publicKey = world.context.keys.merchant(merchant.mchId).publicKey
  return compact({
    sub_mchid: str(body, 'sub_mchid'),
    type: str(body, 'type'),
    account: str(body, 'account'),
    name: name && encryptSensitive(name, publicKey),
    relation_type: str(body, 'relation_type'),
    custom_relation: str(body, 'custom_relation')
  })
}

function deleteReceiver({ world, merchant, body }: V3Call): Json {
  const receiver = world.receivers.get(receiverKey(merchant.mchId, body))
  if (!receiver) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账接收方不存在')
  world.receivers.remove(receiver)
  return compact({ sub_mchid: str(body, 'sub_mchid'), type: str(body, 'type'), account: str(body, 'account') })
}

const BASE = '/v3/profitsharing'

export const PROFIT_SHARING_ROUTES: readonly V3Route[] = [
  post(`${BASE}/orders`, { body: CREATE }, create),
  post(
    `${BASE}/orders/unfreeze`,
    { body: object({ ...SUB, transaction_id: text(1, 32), out_order_no: NUMBER, description: text(1, 80) }) },
    unfreeze
  ),
  get(`${BASE}/orders/:out_order_no`, { query: object({ ...SUB, transaction_id: text(1, 32) }) }, (call) => {
    const sharing = sharingOf(call, call.params.out_order_no ?? '')
    if (sharing.transactionId !== call.query.transaction_id)
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账单不存在')
    return sharingObject(call.world, sharing)
  }),
  post(`${BASE}/return-orders`, { body: RETURN }, giveBack),
  get(`${BASE}/return-orders/:out_return_no`, { query: object({ ...SUB, out_order_no: NUMBER }) }, (call) => {
    const done = call.world.sharingReturns.get(`${call.merchant.mchId} ${call.params.out_return_no}`)
    if (!done || done.outOrderNo !== call.query.out_order_no) {
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '回退单不存在')
    }
    return returnObject(call.world, done)
  }),
  get(`${BASE}/transactions/:transaction_id/amounts`, {}, (call) => {
    const order = paidOrder(call, call.params.transaction_id ?? '')
    return { transaction_id: call.params.transaction_id, unsplit_amount: order.isUnfrozen ? 0 : unsplit(order) }
  }),
  post(`${BASE}/receivers/add`, { body: ADD }, addReceiver),
  post(`${BASE}/receivers/delete`, { body: object(RECEIVER) }, deleteReceiver)
]
