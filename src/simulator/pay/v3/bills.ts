import { createCipheriv } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { type BillProblem, type BillType, billProblem, fundFlowBill, tradeBill } from '../bills.ts'
import { V3Failure } from '../failures.ts'
import type { ServiceOrder } from '../ledger/service-order.ts'
import { totalOf } from '../payscore/service-order.ts'
import { beijingDate } from '../times.ts'
import { get, type V3Call, type V3Route } from './route.ts'
import { MCHID, object, oneOf, opt, str, text, unread } from './shape.ts'

const DATE = text(10, 10, /^\d{4}-\d{2}-\d{2}$/)
const TAR = opt(oneOf('GZIP'))
const TRADE = object({
  bill_date: DATE,
  sub_mchid: opt(MCHID),
  bill_type: opt(oneOf('ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND')),
  tar_type: TAR
})
const FLOW = object({
  bill_date: DATE,
  account_type: opt(oneOf('BASIC', 'OPERATION', 'FEES')),
  tar_type: TAR,
  ...unread('sub_mchid')
})

const SUB_FLOW = object({ ...FLOW.fields, sub_mchid: MCHID, algorithm: oneOf('AEAD_AES_256_GCM') })

const PAYSCORE = object({
  bill_date: DATE,
  service_id: text(1, 32, /^\d+$/),
  encryption_algorithm: oneOf('AEAD_AES_256_GCM'),
  tar_type: TAR
})

/** Answers for a day without a bill. */
export const BILL_PROBLEMS: Readonly<Record<BillProblem, readonly [code: string, text: string]>> = {
  date: ['PARAM_ERROR', 'bill_date不是合法的日期'],
  none: ['NO_STATEMENT_EXIST', '账单文件不存在'],
  creating: ['STATEMENT_CREATING', '账单生成中，请稍后再试']
}

function billText(call: V3Call, make: (date: string) => string | undefined): string {
  const date = str(call.query, 'bill_date')
  const problem = billProblem(call.world, date)
  const content = problem ? undefined : make(date)
  if (content === undefined) throw new V3Failure(400, ...BILL_PROBLEMS[problem ?? 'none'])
  return content
}

function offer(call: V3Call, make: (date: string) => string | undefined): object {
  const content = billText(call, make)
  const options = { gzip: call.query.tar_type === 'GZIP', hash: 'sha1', type: 'text/plain;charset=utf-8' } as const
  return call.world.downloads.offer(call, Buffer.from(content), options)
}

function trade(call: V3Call): object {
  const type = (str(call.query, 'bill_type') || 'ALL') as BillType
  return offer(call, (date) => tradeBill(call.world, call.merchant.mchId, date, type))
}

function flow(call: V3Call): object {
  // All money of the simulator is in the basic account.
  const isBasic = (str(call.query, 'account_type') || 'BASIC') === 'BASIC'
  return offer(call, (date) => (isBasic ? fundFlowBill(call.world, call.merchant.mchId, date) : undefined))
}

/** The bill of a sub-merchant (特约商户). */
function subFlow(call: V3Call): object {
  const sub = `sub:${str(call.query, 'sub_mchid')}`
  return offerEncrypted(
    call,
    billText(call, (date) => fundFlowBill(call.world, sub, date))
  )
}

/** The service orders (微信支付分) of a day that are done. */
function payscore(call: V3Call): object {
  const { world, merchant, query } = call
  const of = (date: string) =>
    world.serviceOrders.filter(
      (one) =>
        one.mchId === merchant.mchId &&
        one.serviceId === query.service_id &&
        one.completedAt !== undefined &&
        beijingDate(one.completedAt) === date
    )
  const bill = billText(call, (date) => {
    const orders = of(date)
    return orders.length === 0 ? undefined : serviceBill(orders)
  })
  return offerEncrypted(call, bill)
}

function serviceBill(orders: readonly ServiceOrder[]): string {
  const cell = (value: string | number) => `\`${value}`
  const yuan = (fen: number) => (fen / 100).toFixed(2)
  const rows = orders.map((one) =>
    [one.serviceId, one.outOrderNo, one.orderId, one.state, yuan(totalOf(one))].map(cell).join(',')
  )
  const total = orders.reduce((sum, one) => sum + totalOf(one), 0)
  return [
    '服务ID,商户服务订单号,微信支付服务订单号,订单状态,总金额',
    ...rows,
    '总单数,总金额',
    [orders.length, yuan(total)].map(cell).join(',')
  ].join('\n')
}

/** A file that is encrypted with a key which only the merchant certificate opens. */
function offerEncrypted(call: V3Call, bill: string): object {
  const { world, merchant } = call
  const key = world.context.random.hex(32)
  const nonce = world.context.random.hex(12)
  const content = Buffer.from(bill)
  const plain = call.query.tar_type === 'GZIP' ? gzipSync(content) : content
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce))
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  const file = world.downloads.offer(call, encrypted, {
    gzip: false,
    hash: 'sha1',
    type: 'application/octet-stream',
    hashOf: content
  })
  const encryptKey = encryptSensitive(key, world.context.keys.merchant(merchant.mchId).publicKey)
  return {
    download_bill_count: 1,
    download_bill_list: [{ bill_sequence: 1, ...file, encrypt_key: encryptKey, nonce }]
  }
}

export const BILL_ROUTES: readonly V3Route[] = [
  get('/v3/bill/tradebill', { query: TRADE }, trade),
  get('/v3/bill/fundflowbill', { query: FLOW }, flow),
  get('/v3/bill/sub-merchant-fundflowbill', { query: SUB_FLOW }, subFlow),
  get('/v3/payscore/merchant-bill', { query: PAYSCORE }, payscore)
]
