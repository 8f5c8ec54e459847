import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { TransferBill } from '../ledger/transfer-bill.ts'
import { checkApp } from '../payer.ts'
import { DAY_MS, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  compact,
  int,
  type Json,
  LETTERS_AND_DIGITS,
  list,
  NOTIFY_URL,
  num,
  object,
  oneOf,
  opt,
  secret,
  str,
  text
} from './shape.ts'
import { checkScene } from './transfer-scenes.ts'

/** Fields of every transfer. */
export const BILL_FIELDS = {
  appid: APPID,
  out_bill_no: text(1, 32, LETTERS_AND_DIGITS),
  transfer_scene_id: text(1, 36),
  user_name: opt(secret()),
  transfer_amount: int(),
  transfer_remark: text(1, 32),
  notify_url: opt(NOTIFY_URL),
  user_recv_perception: opt(text(1, 32)),
  transfer_scene_report_infos: list(object({ info_type: text(1, 15), info_content: text(1, 32) }), 10)
}
/** Fields of a transfer that a user confirms. */
export const USER_FIELDS = {
  openid: text(1, 64),
  user_recv_style: opt(object({ type: oneOf('CONFIRM_PAGE', 'RED_PACKET') }))
}
const CREATE = object({ ...BILL_FIELDS, ...USER_FIELDS })

/** From this amount on the name is needed, below the other it is not allowed. */
const NAME_FROM = 200_000
const NAME_NOT_BELOW = 30
const QUERY_WINDOW_MS = 30 * DAY_MS

const notFound = (): V3Failure => new V3Failure(404, 'NOT_FOUND', '记录不存在')

function create(call: V3Call): Json {
  const { world, merchant, body } = call
  checkScene(body)
  const appId = str(body, 'appid')
  checkApp(world, merchant, appId)
  // Encryption is random: what it hides is compared.
  const print = fingerprint(body)
  const known = world.transferBills.table.get(`no ${merchant.mchId} ${str(body, 'out_bill_no')}`)
  if (known) {
    if (known.fingerprint !== print) throw new V3Failure(409, 'ALREADY_EXISTS', '商户单号已存在，但请求参数不一致')
    return created(known)
  }
  const amount = num(body, 'transfer_amount')
  const name = str(body, 'user_name')
  checkName(body)
  const openid = str(body, 'openid')
  const user = world.context.users.byOpenid(appId, openid)
  if (!user) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  const bill = world.transferBills.create({
    mchId: merchant.mchId,
    appId,
    outBillNo: str(body, 'out_bill_no'),
    openid,
    amount,
    remark: str(body, 'transfer_remark'),
    sceneId: str(body, 'transfer_scene_id'),
    fingerprint: print,
    ...compact({ userName: name }),
    ...compact({ notifyUrl: str(body, 'notify_url') })
  })
  if (name && name !== user.profile.realName) world.transferBills.fail(bill, 'NAME_NOT_CORRECT')
  return created(bill)
}

/** Whether the name of the receiver is needed, or not allowed. */
export function checkName(body: Json): void {
  const amount = num(body, 'transfer_amount')
  const name = str(body, 'user_name')
  if (amount >= NAME_FROM && !name)
    throw new V3Failure(400, 'PARAM_ERROR', '转账金额大于等于2000元时，收款用户姓名必填')
  if (amount < NAME_NOT_BELOW && name)
    throw new V3Failure(400, 'PARAM_ERROR', '转账金额小于0.3元时，不允许填写收款用户姓名')
}

export function created(bill: TransferBill): Json {
  return compact({
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.transferBillNo,
    create_time: rfc3339(bill.createdAt),
    state: bill.state,
    fail_reason: bill.failReason,
    package_info: bill.state === 'WAIT_USER_CONFIRM' ? bill.packageInfo : undefined
  })
}

export function transferResource(bill: TransferBill): Json {
  return compact({
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.transferBillNo,
    state: bill.state,
    mch_id: bill.mchId,
    transfer_amount: bill.amount,
    openid: bill.openid,
    fail_reason: bill.failReason,
    create_time: rfc3339(bill.createdAt),
    update_time: rfc3339(bill.updatedAt)
  })
}

export function queried(world: PayWorld, bill: TransferBill): Json {
  const key = world.context.keys.merchant(bill.mchId).publicKey
  return compact({
    ...transferResource(bill),
    appid: bill.appId,
    transfer_remark: bill.remark,
    user_name: bill.userName === undefined ? undefined : encryptSensitive(bill.userName, key)
  })
}

/** The bill of a path or body, within the window of the query. */
function billOf({ world, merchant, params, body }: V3Call): TransferBill {
  const outBillNo = params.out_bill_no ?? str(body, 'out_bill_no')
  const id = params.transfer_bill_no ?? str(body, 'transfer_bill_no')
  const bill = world.transferBills.table.get(
    outBillNo ? `no ${merchant.mchId} ${outBillNo}` : `id ${merchant.mchId} ${id}`
  )
  if (!bill || world.context.clock.now() - bill.createdAt > QUERY_WINDOW_MS) throw notFound()
  return bill
}

function cancel(call: V3Call): Json {
  const bill = billOf(call)
  if (bill.state === 'WAIT_USER_CONFIRM' || bill.state === 'ACCEPTED') call.world.transferBills.cancel(bill)
  else if (bill.state !== 'CANCELING' && bill.state !== 'CANCELLED') {
    throw new V3Failure(400, 'INVALID_REQUEST', `当前单据状态${bill.state}，不支持撤销`)
  }
  return {
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.transferBillNo,
    state: bill.state,
    update_time: rfc3339(bill.updatedAt)
  }
}

function applyReceipt(call: V3Call): Json {
  const bill = billOf(call)
  if (bill.state !== 'SUCCESS') throw new V3Failure(400, 'INVALID_REQUEST', '转账单据未成功，不能申请电子回单')
  const now = call.world.context.clock.now()
  bill.receipt ??= { createdAt: now, dueAt: now + call.world.settings.payoutDelayMs }
  return { state: 'GENERATING', create_time: rfc3339(bill.receipt.createdAt) }
}

function queryReceipt(call: V3Call): Json {
  const bill = billOf(call)
  const { receipt } = bill
  if (!receipt) throw notFound()
  const times = { create_time: rfc3339(receipt.createdAt), update_time: rfc3339(receipt.dueAt) }
  if (call.world.context.clock.now() < receipt.dueAt) return { state: 'GENERATING', ...times }
  const page = Buffer.from(`%PDF-1.4\n% 模拟电子回单 ${bill.transferBillNo} ${bill.amount}\n%%EOF\n`)
  const file = call.world.downloads.offer(call, page, { gzip: false, hash: 'sha256', type: 'application/pdf' })
  return { state: 'FINISHED', ...times, ...file }
}

const BASE = '/v3/fund-app/mch-transfer'
const BILLS = `${BASE}/transfer-bills`
const RECEIPTS = `${BASE}/elecsign`

export const TRANSFER_BILL_ROUTES: readonly V3Route[] = [
  post(BILLS, { body: CREATE }, create),
  get(`${BILLS}/out-bill-no/:out_bill_no`, {}, (call) => queried(call.world, billOf(call))),
  get(`${BILLS}/transfer-bill-no/:transfer_bill_no`, {}, (call) => queried(call.world, billOf(call))),
  post(`${BILLS}/out-bill-no/:out_bill_no/cancel`, {}, cancel),
  post(`${RECEIPTS}/out-bill-no`, { body: object({ out_bill_no: text(1, 32) }) }, applyReceipt),
  get(`${RECEIPTS}/out-bill-no/:out_bill_no`, {}, queryReceipt),
  post(`${RECEIPTS}/transfer-bill-no`, { body: object({ transfer_bill_no: text(1, 64) }) }, applyReceipt),
  get(`${RECEIPTS}/transfer-bill-no/:transfer_bill_no`, {}, queryReceipt)
]
