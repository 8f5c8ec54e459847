import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { BatchDetail, TransferBatch } from '../ledger/transfer-batch.ts'
import { checkApp } from '../payer.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  compact,
  flag,
  int,
  type Json,
  LETTERS_AND_DIGITS,
  list,
  NOTIFY_URL,
  num,
  object,
  opt,
  secret,
  str,
  text
} from './shape.ts'
import { batchOf, isDone, scheduleBatch, statusOf, summary } from './transfer-batch.ts'

const NUMBER = text(1, 32, LETTERS_AND_DIGITS)
const DETAIL = object({
  out_detail_no: NUMBER,
  transfer_amount: int(),
  transfer_remark: text(1, 32),
  openid: text(1, 64),
  user_name: opt(secret()),
  user_id_card: opt(secret())
})
const CREATE = object({
  appid: APPID,
  out_batch_no: text(5, 32, LETTERS_AND_DIGITS),
  batch_name: text(1, 32),
  batch_remark: text(1, 32),
  total_amount: int(),
  total_num: int(1, 1000),
  transfer_detail_list: list(DETAIL, 1000, 1),
  transfer_scene_id: opt(text(1, 36)),
  notify_url: opt(NOTIFY_URL)
})

function create(call: V3Call): Json {
  const { world, merchant, body } = call
  const appId = str(body, 'appid')
  checkApp(world, merchant, appId)
  const print = fingerprint(body)
  const known = world.batches.get(`no ${merchant.mchId} ${str(body, 'out_batch_no')}`)
  if (known) {
    if (known.fingerprint !== print) throw new V3Failure(400, 'ALREADY_EXISTS', '商家批次单号已存在，但请求参数不一致')
    return accepted(known)
  }
  const rows = body.transfer_detail_list as Json[]
  const sum = rows.reduce((total, row) => total + num(row, 'transfer_amount'), 0)
  if (rows.length !== num(body, 'total_num')) throw new V3Failure(400, 'PARAM_ERROR', '转账总笔数与明细笔数不一致')
  if (sum !== num(body, 'total_amount')) throw new V3Failure(400, 'PARAM_ERROR', '转账总金额与明细金额之和不一致')
  const numbers = new Set(rows.map((row) => str(row, 'out_detail_no')))
  if (numbers.size !== rows.length) throw new V3Failure(400, 'PARAM_ERROR', '商家明细单号重复')
  const { clock, random } = world.context
  const now = clock.now()
  const batchId = `1030${random.digits(30)}`
  world.funds.move({
    book: merchant.mchId,
    businessNo: batchId,
    outNo: str(body, 'out_batch_no'),
    name: '商家转账到零钱',
    type: '批量转账',
    amount: -sum
  })
  const batch: TransferBatch = {
    mchId: merchant.mchId,
    appId,
    outBatchNo: str(body, 'out_batch_no'),
    batchId,
    name: str(body, 'batch_name'),
    remark: str(body, 'batch_remark'),
    ...compact({ sceneId: str(body, 'transfer_scene_id') }),
    ...compact({ notifyUrl: str(body, 'notify_url') }),
    details: rows.map((row) => detailOf(world, appId, row)),
    totalAmount: sum,
    fingerprint: print,
    createdAt: now,
    dueAt: now + world.settings.payoutDelayMs
  }
  world.batches.add(batch)
  scheduleBatch(world, batch)
  return accepted(batch)
}

function detailOf(world: PayWorld, appId: string, row: Json): BatchDetail {
  const openid = str(row, 'openid')
  const name = str(row, 'user_name')
  const user = world.context.users.byOpenid(appId, openid)
  const failReason = user ? (name && name !== user.profile.realName ? 'NAME_NOT_CORRECT' : '') : 'OPENID_INVALID'
  return {
    outDetailNo: str(row, 'out_detail_no'),
    detailId: `1040${world.context.random.digits(30)}`,
    amount: num(row, 'transfer_amount'),
    remark: str(row, 'transfer_remark'),
    openid,
    ...compact({ userName: name }),
    ...compact({ failReason })
  }
}

function accepted(batch: TransferBatch): Json {
  return {
    out_batch_no: batch.outBatchNo,
    batch_id: batch.batchId,
    create_time: rfc3339(batch.createdAt),
    batch_status: 'ACCEPTED'
  }
}

const DETAIL_STATUSES = ['ALL', 'SUCCESS', 'FAIL', 'WAIT_PAY']

function queryBatch(call: V3Call): Json {
  const { world, query } = call
  const batch = batchOf(call)
  const offset = num(query, 'offset')
  const limit = num(query, 'limit') || 20
  const asked = str(query, 'detail_status')
  const wanted = asked || 'ALL'
  // Without the details there is no status to choose by.
  const isValid = DETAIL_STATUSES.includes(wanted) && (asked === '' || query.need_query_detail === true)
  if (!isValid) throw new V3Failure(400, 'PARAM_ERROR', '传入的转账明细状态无效')
  const rows = batch.details.filter((detail) => wanted === 'ALL' || statusOf(world, batch, detail) === wanted)
  const page = rows.slice(offset, offset + limit).map((detail) => ({
    detail_id: detail.detailId,
    out_detail_no: detail.outDetailNo,
    detail_status: statusOf(world, batch, detail)
  }))
  return {
    transfer_batch: compact({
      mchid: batch.mchId,
      appid: batch.appId,
      batch_type: 'API',
      batch_name: batch.name,
      batch_remark: batch.remark,
      total_amount: batch.totalAmount,
      total_num: batch.details.length,
      create_time: rfc3339(batch.createdAt),
      transfer_scene_id: batch.sceneId,
      ...summary(world, batch)
    }),
    ...(query.need_query_detail === true ? { transfer_detail_list: page, offset, limit } : {})
  }
}

function queryDetail(call: V3Call): Json {
  const { world, params } = call
  const batch = batchOf(call)
  const detail = batch.details.find(
    (one) => one.outDetailNo === params.out_detail_no || one.detailId === params.detail_id
  )
  if (!detail) throw new V3Failure(404, 'NOT_FOUND', '明细单不存在')
  const key = world.context.keys.merchant(batch.mchId).publicKey
  return compact({
    mchid: batch.mchId,
    out_batch_no: batch.outBatchNo,
    batch_id: batch.batchId,
    appid: batch.appId,
    out_detail_no: detail.outDetailNo,
    detail_id: detail.detailId,
    detail_status: statusOf(world, batch, detail),
    transfer_amount: detail.amount,
    transfer_remark: detail.remark,
    fail_reason: isDone(world, batch) ? detail.failReason : undefined,
    openid: detail.openid,
    user_name: detail.userName === undefined ? undefined : encryptSensitive(detail.userName, key),
    initiate_time: rfc3339(batch.createdAt),
    update_time: rfc3339(isDone(world, batch) ? batch.dueAt : batch.createdAt)
  })
}

/** 转账账单电子回单: one signed file for the whole batch. */
function receipt(call: V3Call): Json {
  const batch = batchOf(call, str(call.body, 'out_batch_no') || call.params.out_batch_no)
  const times = { create_time: rfc3339(batch.createdAt), update_time: rfc3339(batch.dueAt) }
  const head = { out_batch_no: batch.outBatchNo, signature_no: `1050${batch.batchId.slice(4)}`, ...times }
  if (call.exchange.method === 'POST' || !isDone(call.world, batch)) return { ...head, signature_status: 'ACCEPTED' }
  const page = Buffer.from(`%PDF-1.4\n% 模拟电子回单 ${batch.batchId} ${batch.totalAmount}\n%%EOF\n`)
  const file = call.world.downloads.offer(call, page, { gzip: false, hash: 'sha256', type: 'application/pdf' })
  return { ...head, signature_status: 'FINISHED', ...file }
}

const QUERY = object({
  need_query_detail: flag(),
  offset: opt(int(0)),
  limit: opt(int(20, 100)),
  detail_status: opt(text(1, 32))
})
const BASE = '/v3/transfer/batches'

export const TRANSFER_BATCH_ROUTES: readonly V3Route[] = [
  post(BASE, { body: CREATE }, create),
  get(`${BASE}/out-batch-no/:out_batch_no`, { query: QUERY }, queryBatch),
  get(`${BASE}/batch-id/:batch_id`, { query: QUERY }, queryBatch),
  get(`${BASE}/out-batch-no/:out_batch_no/details/out-detail-no/:out_detail_no`, {}, queryDetail),
  get(`${BASE}/batch-id/:batch_id/details/detail-id/:detail_id`, {}, queryDetail),
  post('/v3/transfer/bill-receipt', { body: object({ out_batch_no: text(5, 32) }) }, receipt),
  get('/v3/transfer/bill-receipt/:out_batch_no', {}, receipt)
]
