import { V2Failure } from '../failures.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { type FieldRules, may, need, OUT_REFUND_NO } from './fields.ts'
import { sharedOrder, unsplitOf } from './profit-sharing.ts'
import { readJson, receiversAnswer, returnAnswer } from './sharing-fields.ts'

const RECEIVER: FieldRules = { appid: need(32), sub_mch_id: may(32), receiver: need(2048) }
const RETURN: FieldRules = {
  appid: need(32),
  sub_mch_id: may(32),
  order_id: may(64),
  out_order_no: { max: 64, required: (fields) => !fields.order_id },
  out_return_no: need(64)
}

function query(call: V2Call): V2Answer {
  const { world, merchant, fields } = call
  const sharing = world.sharings.get(`no ${merchant.mchId} ${fields.out_order_no}`)
  if (!sharing || sharing.transactionId !== fields.transaction_id) {
    throw new V2Failure('ORDERNOTEXIST', '分账单不存在')
  }
  const isDone = world.context.clock.now() >= sharing.dueAt
  const isFinish = sharing.fingerprint === 'finish'
  return {
    transaction_id: sharing.transactionId,
    out_order_no: sharing.outOrderNo,
    order_id: sharing.orderId,
    status: isDone ? 'FINISHED' : 'PROCESSING',
    receivers: receiversAnswer(call, sharing),
    ...(isFinish ? { amount: sharing.shares[0]?.amount ?? 0, description: sharing.shares[0]?.description ?? '' } : {})
  }
}

function queryReturn(call: V2Call): V2Answer {
  const { world, merchant, fields } = call
  const done = world.sharingReturns.get(`${merchant.mchId} ${fields.out_return_no}`)
  if (!done || (fields.order_id ? done.orderId !== fields.order_id : done.outOrderNo !== fields.out_order_no)) {
    throw new V2Failure('ORDERNOTEXIST', '回退单不存在')
  }
  return returnAnswer(call, done)
}

function readReceiver(call: V2Call): { key: string; receiver: Readonly<Record<string, unknown>> } {
  const receiver = readJson(call.fields.receiver) as Readonly<Record<string, unknown>>
  const { type, account, name, ...rest } = receiver
  if (typeof type !== 'string' || typeof account !== 'string') throw new V2Failure('PARAM_ERROR', '分账接收方格式错误')
  return { key: `${call.merchant.mchId} ${type} ${account}`, receiver: { type, account, ...rest } }
}

function addReceiver(call: V2Call): V2Answer {
  const { key, receiver } = readReceiver(call)
  const { name, relation_type } = readJson(call.fields.receiver) as Readonly<Record<string, unknown>>
  if (receiver.type === 'MERCHANT_ID' && !name) throw new V2Failure('PARAM_ERROR', '分账接收方为商户时，name必填')
  if (!relation_type) throw new V2Failure('PARAM_ERROR', 'relation_type必填')
  if (!call.world.receivers.get(key)) call.world.receivers.add({ key })
  return { receiver: JSON.stringify(receiver) }
}

function removeReceiver(call: V2Call): V2Answer {
  const { key, receiver } = readReceiver(call)
  const known = call.world.receivers.get(key)
  if (known) call.world.receivers.remove(known)
  return { receiver: JSON.stringify({ type: receiver.type, account: receiver.account }) }
}

/** Of an `appid` or `sub_appid` too many they say that the sign is wrong. */
const QUERIES = { signTypes: ['HMAC-SHA256'], signsKnownFields: true } as const

const { app: _, ...AMOUNT } = payEndpoint(
  '/pay/profitsharingorderamountquery',
  { transaction_id: need(32) },
  (call) => ({ transaction_id: call.fields.transaction_id ?? '', unsplit_amount: unsplitOf(call, sharedOrder(call)) }),
  { ...QUERIES, hasResultCode: false }
)
const { app: _ratio, ...RATIO } = payEndpoint(
  '/pay/profitsharingmerchantratioquery',
  { sub_mch_id: { max: 32, required: (fields) => !fields.brand_mch_id }, brand_mch_id: may(32) },
  ({ world, fields: { sub_mch_id, brand_mch_id } }) => ({
    ...(sub_mch_id ? { sub_mch_id } : {}),
    ...(brand_mch_id ? { brand_mch_id } : {}),
    max_ratio: world.settings.sharingRatio
  }),
  { ...QUERIES, hasResultCode: false }
)
const { app: _query, ...QUERY } = payEndpoint(
  '/pay/profitsharingquery',
  { sub_mch_id: may(32), transaction_id: need(32), out_order_no: need(64, OUT_REFUND_NO) },
  query,
  QUERIES
)

export const SHARING_QUERY_ENDPOINTS: readonly V2Endpoint[] = [
  QUERY,
  AMOUNT,
  RATIO,
  payEndpoint('/pay/profitsharingreturnquery', RETURN, queryReturn, { ...QUERIES, errors: 'return' }),
  payEndpoint('/pay/profitsharingaddreceiver', RECEIVER, addReceiver, { signTypes: ['HMAC-SHA256'] }),
  payEndpoint('/pay/profitsharingremovereceiver', RECEIVER, removeReceiver, { signTypes: ['HMAC-SHA256'] })
]
