import { V3Failure } from '../failures.ts'
import type { SharingReturn } from '../ledger/sharing-order.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { int, type Json, MCHID, num, object, opt, str, text } from './shape.ts'
import { scheduleReturnNotice } from './share-notices.ts'
import { NUMBER, SUB, sharingOf } from './sharing-order.ts'

const RETURN = object({
  ...SUB,
  order_id: opt(text(1, 64)),
  out_order_no: opt(NUMBER),
  out_return_no: NUMBER,
  return_mchid: MCHID,
  amount: int(),
  description: text(1, 80)
})

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
  if (world.settings.sharingReturnsRefusedBy.includes(str(body, 'return_mchid'))) {
    throw new V3Failure(403, 'NO_AUTH', '回退方没有开通分账回退功能')
  }
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
  scheduleReturnNotice(world, done, sharing)
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

const BASE = '/v3/profitsharing/return-orders'

export const SHARING_RETURN_ROUTES: readonly V3Route[] = [
  post(BASE, { body: RETURN }, giveBack),
  get(`${BASE}/:out_return_no`, { query: object({ ...SUB, out_order_no: NUMBER }) }, (call) => {
    const done = call.world.sharingReturns.get(`${call.merchant.mchId} ${call.params.out_return_no}`)
    if (!done || done.outOrderNo !== call.query.out_order_no) {
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '回退单不存在')
    }
    return returnObject(call.world, done)
  })
]
