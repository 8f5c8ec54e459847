import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import { checkApp } from '../payer.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { v3Event } from './notification.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  compact,
  flag,
  int,
  type Json,
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
import { fingerprint } from './transactions.ts'

interface Detail {
  readonly outDetailNo: string
  readonly detailId: string
  readonly amount: number
  readonly remark: string
  readonly openid: string
  readonly userName?: string
  /** What it ends with; `undefined` is success. */
  readonly failReason?: string
}

/** 批量转账 (older flow; only for merchants from before 2025). */
export interface TransferBatch {
  readonly mchId: string
  readonly appId: string
  readonly outBatchNo: string
  readonly batchId: string
  readonly name: string
  readonly remark: string
  readonly sceneId?: string
  readonly notifyUrl?: string
  readonly details: readonly Detail[]
  readonly totalAmount: number
  readonly fingerprint: string
  readonly createdAt: number
  readonly dueAt: number
}

const NUMBER = text(1, 32, /^[0-9A-Za-z]+$/)
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
  out_batch_no: text(5, 32, /^[0-9A-Za-z]+$/),
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

function detailOf(world: PayWorld, appId: string, row: Json): Detail {
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

/** Also called for what was under way when the simulator was stopped. */
export function scheduleBatch(world: PayWorld, batch: TransferBatch): void {
  const { clock } = world.context
  if (batch.dueAt < clock.now()) return
  clock.schedule(batch.dueAt - clock.now(), () => {
    const { failAmount } = totals(batch)
    if (failAmount > 0) {
      world.funds.move({
        book: batch.mchId,
        businessNo: batch.batchId,
        outNo: batch.outBatchNo,
        name: '商家转账到零钱',
        type: '转账失败退回',
        amount: failAmount
      })
    }
    if (batch.notifyUrl === undefined) return
    const event = v3Event(world, {
      eventType: 'MCHTRANSFER.BATCH.FINISHED',
      originalType: 'mch_payment',
      summary: '商家转账批次完成',
      resource: { ...summary(world, batch), total_num: batch.details.length, total_amount: batch.totalAmount }
    })
    world.notifier.json('transfer', batch.mchId, batch.notifyUrl, event)
  })
}

const isDone = (world: PayWorld, batch: TransferBatch): boolean => world.context.clock.now() >= batch.dueAt

function totals(batch: TransferBatch) {
  const failed = batch.details.filter(({ failReason }) => failReason !== undefined)
  const failAmount = failed.reduce((sum, { amount }) => sum + amount, 0)
  return { failNum: failed.length, failAmount }
}

function summary(world: PayWorld, batch: TransferBatch): Json {
  const { failNum, failAmount } = totals(batch)
  const done = isDone(world, batch)
  return {
    out_batch_no: batch.outBatchNo,
    batch_id: batch.batchId,
    batch_status: done ? 'FINISHED' : 'PROCESSING',
    success_amount: done ? batch.totalAmount - failAmount : 0,
    success_num: done ? batch.details.length - failNum : 0,
    fail_amount: done ? failAmount : 0,
    fail_num: done ? failNum : 0,
    update_time: rfc3339(done ? batch.dueAt : batch.createdAt)
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

function batchOf({ world, merchant, params }: V3Call): TransferBatch {
  const key = params.batch_id
    ? `id ${merchant.mchId} ${params.batch_id}`
    : `no ${merchant.mchId} ${params.out_batch_no}`
  const batch = world.batches.get(key)
  if (!batch) throw new V3Failure(404, 'NOT_FOUND', '批次单不存在')
  return batch
}

const statusOf = (world: PayWorld, batch: TransferBatch, detail: Detail): string =>
  isDone(world, batch) ? (detail.failReason === undefined ? 'SUCCESS' : 'FAIL') : 'PROCESSING'

function queryBatch(call: V3Call): Json {
  const { world, query } = call
  const batch = batchOf(call)
  const offset = num(query, 'offset')
  const limit = num(query, 'limit') || 20
  const wanted = str(query, 'detail_status') || 'ALL'
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

const QUERY = object({
  need_query_detail: flag(),
  offset: opt(int(0)),
  limit: opt(int(20, 100)),
  detail_status: opt(oneOf('ALL', 'SUCCESS', 'FAIL'))
})
const BASE = '/v3/transfer/batches'

export const TRANSFER_BATCH_ROUTES: readonly V3Route[] = [
  post(BASE, { body: CREATE }, create),
  get(`${BASE}/out-batch-no/:out_batch_no`, { query: QUERY }, queryBatch),
  get(`${BASE}/batch-id/:batch_id`, { query: QUERY }, queryBatch),
  get(`${BASE}/out-batch-no/:out_batch_no/details/out-detail-no/:out_detail_no`, {}, queryDetail),
  get(`${BASE}/batch-id/:batch_id/details/detail-id/:detail_id`, {}, queryDetail)
]
