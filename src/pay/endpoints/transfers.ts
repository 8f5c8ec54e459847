import { anything, flag, integer, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { checkBatch, checkTransfer } from '../cross-checks.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, listOf, notifyUrl, openid, outBillNo } from '../field-rules.ts'

const BILLS = '/v3/fund-app/mch-transfer/transfer-bills'
const RECEIPTS = '/v3/fund-app/mch-transfer/elecsign'
const QUERY = { method: 'transfers.query', by: ['out_bill_no'] } as const
const transferBillNo = chars(64, /^[0-9A-Za-z]{1,64}$/, 'the transfer_bill_no of WeChat Pay')

const read = { method: 'GET', answer: 'json', repeat: 'safe' } as const

/** Transfers that the user confirms. (商家转账: 用户确认模式) */
export const TRANSFER_ENDPOINTS = tableOf({
  create: {
    operation: 'transfers.create',
    method: 'POST',
    path: BILLS,
    answer: 'json',
    // In doubt the bill is queried first, so the client never sends it again by itself. (发起转账: 注意)
    repeat: 'never',
    fill: { body: { appid: 'appId' } },
    rules: {
      out_bill_no: required(outBillNo),
      transfer_scene_id: required(chars(36)),
      openid: required(openid),
      user_name: optional(chars(64)),
      transfer_amount: required(fen()),
      transfer_remark: required(chars(32)),
      notify_url: optional(notifyUrl),
      user_recv_perception: optional(chars(32)),
      transfer_scene_report_infos: required(listOf(10)),
      'transfer_scene_report_infos[].info_type': required(chars(15)),
      'transfer_scene_report_infos[].info_content': required(chars(32)),
      user_recv_style: optional(anything)
    },
    check: checkTransfer,
    encrypted: ['user_name'],
    expects: ['transfer_bill_no', 'state'],
    echo: ['out_bill_no'],
    money: { open: 'any', query: QUERY }
  },
  queryByNumber: {
    ...read,
    operation: 'transfers.query',
    path: `${BILLS}/out-bill-no/{out_bill_no}`,
    rules: { out_bill_no: required(outBillNo) },
    decrypted: ['user_name'],
    expects: ['state'],
    echo: ['out_bill_no']
  },
  queryById: {
    ...read,
    operation: 'transfers.query',
    path: `${BILLS}/transfer-bill-no/{transfer_bill_no}`,
    rules: { transfer_bill_no: required(transferBillNo) },
    decrypted: ['user_name'],
    expects: ['state'],
    echo: ['transfer_bill_no']
  },
  cancel: {
    operation: 'transfers.cancel',
    method: 'POST',
    path: `${BILLS}/out-bill-no/{out_bill_no}/cancel`,
    answer: 'json',
    repeat: 'safe',
    rules: { out_bill_no: required(outBillNo) },
    expects: ['state'],
    echo: ['out_bill_no'],
    money: { open: 'any', query: QUERY }
  },
  createReceiptByNumber: {
    operation: 'transfers.createReceipt',
    method: 'POST',
    path: `${RECEIPTS}/out-bill-no`,
    answer: 'json',
    repeat: 'safe',
    rules: { out_bill_no: required(outBillNo) },
    expects: ['state']
  },
  createReceiptById: {
    operation: 'transfers.createReceipt',
    method: 'POST',
    path: `${RECEIPTS}/transfer-bill-no`,
    answer: 'json',
    repeat: 'safe',
    rules: { transfer_bill_no: required(transferBillNo) },
    expects: ['state']
  },
  queryReceiptByNumber: {
    ...read,
    operation: 'transfers.queryReceipt',
    path: `${RECEIPTS}/out-bill-no/{out_bill_no}`,
    rules: { out_bill_no: required(outBillNo) },
    expects: ['state']
  },
  queryReceiptById: {
    ...read,
    operation: 'transfers.queryReceipt',
    path: `${RECEIPTS}/transfer-bill-no/{transfer_bill_no}`,
    rules: { transfer_bill_no: required(transferBillNo) },
    expects: ['state']
  }
})

const outBatchNo = chars(32, /^[0-9A-Za-z]{5,32}$/, '5 to 32 letters and digits')
const batchId = chars(64, /^[0-9A-Za-z]{1,64}$/, 'the batch_id of WeChat Pay')
const detailId = chars(64, /^[0-9A-Za-z]{1,64}$/, 'the detail_id of WeChat Pay')
const PAGE = {
  need_query_detail: required(flag),
  offset: optional(integer(0)),
  limit: optional(integer(20, 100)),
  detail_status: optional(oneOf('ALL', 'SUCCESS', 'FAIL', 'WAIT_PAY'))
}

/** Batches, for merchants that had them before 2025. (商家转账: 升级前功能) */
export const TRANSFER_BATCH_ENDPOINTS = tableOf({
  create: {
    operation: 'transferBatches.create',
    method: 'POST',
    path: '/v3/transfer/batches',
    answer: 'json',
    repeat: 'never',
    fill: { body: { appid: 'appId' } },
    rules: {
      out_batch_no: required(outBatchNo),
      batch_name: required(chars(32)),
      batch_remark: required(chars(32)),
      total_amount: required(fen()),
      total_num: required(integer(1, 1000)),
      transfer_detail_list: required(listOf(1000)),
      'transfer_detail_list[].out_detail_no': required(outBatchNo),
      'transfer_detail_list[].transfer_amount': required(fen()),
      'transfer_detail_list[].transfer_remark': required(chars(32)),
      'transfer_detail_list[].openid': required(openid),
      'transfer_detail_list[].user_name': optional(chars(64)),
      transfer_scene_id: optional(chars(36)),
      notify_url: optional(notifyUrl)
    },
    check: checkBatch,
    encrypted: ['transfer_detail_list[].user_name'],
    expects: ['batch_id'],
    echo: ['out_batch_no'],
    money: { open: 'any', query: { method: 'transferBatches.query', by: ['out_batch_no'] } }
  },
  queryByNumber: {
    ...read,
    operation: 'transferBatches.query',
    path: '/v3/transfer/batches/out-batch-no/{out_batch_no}',
    rules: { out_batch_no: required(outBatchNo), ...PAGE }
  },
  queryById: {
    ...read,
    operation: 'transferBatches.query',
    path: '/v3/transfer/batches/batch-id/{batch_id}',
    rules: { batch_id: required(batchId), ...PAGE }
  },
  queryDetailByNumber: {
    ...read,
    operation: 'transferBatches.queryDetail',
    path: '/v3/transfer/batches/out-batch-no/{out_batch_no}/details/out-detail-no/{out_detail_no}',
    rules: { out_batch_no: required(outBatchNo), out_detail_no: required(outBatchNo) },
    decrypted: ['user_name'],
    expects: ['detail_status'],
    echo: ['out_batch_no', 'out_detail_no']
  },
  queryDetailById: {
    ...read,
    operation: 'transferBatches.queryDetail',
    path: '/v3/transfer/batches/batch-id/{batch_id}/details/detail-id/{detail_id}',
    rules: { batch_id: required(batchId), detail_id: required(detailId) },
    decrypted: ['user_name'],
    expects: ['detail_status'],
    echo: ['batch_id', 'detail_id']
  },
  createReceipt: {
    operation: 'transferBatches.createReceipt',
    method: 'POST',
    path: '/v3/transfer/bill-receipt',
    answer: 'json',
    repeat: 'safe',
    rules: { out_batch_no: required(outBatchNo) },
    echo: ['out_batch_no']
  },
  queryReceipt: {
    ...read,
    operation: 'transferBatches.queryReceipt',
    path: '/v3/transfer/bill-receipt/{out_batch_no}',
    rules: { out_batch_no: required(outBatchNo) },
    echo: ['out_batch_no']
  }
})
