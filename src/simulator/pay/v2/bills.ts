import { gzipSync } from 'node:zlib'
import { type BillProblem, type BillType, billProblem, fundFlowBill, tradeBill } from '../bills.ts'
import { V2Failure } from '../failures.ts'
import { payEndpoint, type V2Call, type V2Endpoint } from './endpoint.ts'
import { type FieldRules, may, need, one, oneMay } from './fields.ts'

const DATE = /^\d{8}$/
const TRADE: FieldRules = { appid: need(32), bill_date: need(8), bill_type: may(32), tar_type: oneMay('GZIP') }
const FLOW: FieldRules = {
  appid: need(32),
  bill_date: need(8, DATE),
  account_type: one('Basic', 'Operation', 'Fees'),
  tar_type: oneMay('GZIP')
}

const BILL_TYPES: readonly BillType[] = ['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND']
const TRADE_PROBLEMS: Readonly<Record<BillProblem, readonly [code: string, text: string]>> = {
  date: ['20001', 'invalid bill_date'],
  none: ['20002', 'No Bill Exist'],
  creating: ['20003', 'Bill Creating']
}
const FLOW_PROBLEMS: Readonly<Record<BillProblem, readonly [code: string, text: string]>> = {
  date: ['PARAM_ERROR', 'bill_date参数错误'],
  none: ['NO_BILL_EXIST', '账单不存在'],
  creating: ['BILL_CREATING', '账单未生成']
}

// Real bills start with a byte order mark.
function file(call: V2Call, text: string): Response {
  const bytes = Buffer.from(`\ufeff${text}`)
  return call.fields.tar_type === 'GZIP'
    ? new Response(new Uint8Array(gzipSync(bytes)), { headers: { 'content-type': 'application/x-gzip' } })
    : new Response(new Uint8Array(bytes), { headers: { 'content-type': 'text/plain; charset=UTF-8' } })
}

function downloadBill(call: V2Call): Response {
  const { fields, world, book } = call
  const type = BILL_TYPES.find((one) => one === (fields.bill_type || 'ALL'))
  if (!type) throw new V2Failure('20001', 'invalid bill_type')
  const date = fields.bill_date ?? ''
  const problem = billProblem(world, date)
  const text = problem ? undefined : tradeBill(world, book, date, type)
  if (text === undefined) throw new V2Failure(...TRADE_PROBLEMS[problem ?? 'none'])
  return file(call, text)
}

function downloadFundFlow(call: V2Call): Response {
  const { fields, world, book } = call
  const date = fields.bill_date ?? ''
  const problem = billProblem(world, date)
  // All money of the simulator is in the basic account.
  const text = problem || fields.account_type !== 'Basic' ? undefined : fundFlowBill(world, book, date)
  if (text === undefined) throw new V2Failure(...FLOW_PROBLEMS[problem ?? 'none'])
  return file(call, text)
}

export const BILL_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/pay/downloadbill', TRADE, downloadBill, { signsAnswer: false, errors: 'bill' }),
  payEndpoint('/pay/downloadfundflow', FLOW, downloadFundFlow, {
    signsAnswer: false,
    errors: 'payout',
    needsCertificate: true,
    signTypes: ['HMAC-SHA256']
  })
]
