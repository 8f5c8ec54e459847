import { flag, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { checkReturn } from '../cross-checks.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, day, listOf, merchantId, transactionId } from '../field-rules.ts'

const outOrderNo = chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @')
const RECEIVER_TYPES = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'] as const
const SUB = { sub_mchid: optional(merchantId) }
const read = { method: 'GET', answer: 'json', repeat: 'safe' } as const
const write = { method: 'POST', answer: 'json', repeat: 'safe' } as const
const QUERY = { method: 'profitSharing.query', by: ['out_order_no', 'transaction_id', 'sub_mchid'] } as const

/** Sharing the money of an order with others. (分账) */
export const PROFIT_SHARING_ENDPOINTS = tableOf({
  create: {
    ...write,
    operation: 'profitSharing.create',
    path: '/v3/profitsharing/orders',
    fill: { body: { appid: 'appId' } },
    rules: {
      ...SUB,
      sub_appid: optional(chars(32)),
      transaction_id: required(transactionId),
      out_order_no: required(outOrderNo),
      receivers: optional(listOf(50)),
      'receivers[].type': required(oneOf(...RECEIVER_TYPES)),
      'receivers[].account': required(chars(64)),
      'receivers[].name': optional(chars(64)),
      'receivers[].amount': required(fen()),
      'receivers[].description': required(chars(80)),
      unfreeze_unsplit: required(flag)
    },
    encrypted: ['receivers[].name'],
    expects: ['order_id', 'state'],
    echo: ['out_order_no', 'transaction_id'],
    money: { open: 'throttled', query: QUERY }
  },
  query: {
    ...read,
    operation: 'profitSharing.query',
    path: '/v3/profitsharing/orders/{out_order_no}',
    rules: { ...SUB, out_order_no: required(outOrderNo), transaction_id: required(transactionId) },
    expects: ['state'],
    echo: ['out_order_no', 'transaction_id']
  },
  unfreeze: {
    ...write,
    operation: 'profitSharing.unfreeze',
    path: '/v3/profitsharing/orders/unfreeze',
    rules: {
      ...SUB,
      transaction_id: required(transactionId),
      out_order_no: required(outOrderNo),
      description: required(chars(80))
    },
    expects: ['state'],
    echo: ['out_order_no', 'transaction_id'],
    money: { open: 'throttled', query: QUERY }
  },
  remainingAmount: {
    ...read,
    operation: 'profitSharing.remainingAmount',
    path: '/v3/profitsharing/transactions/{transaction_id}/amounts',
    rules: { transaction_id: required(transactionId) },
    echo: ['transaction_id']
  },
  createReturn: {
    ...write,
    operation: 'profitSharing.createReturn',
    path: '/v3/profitsharing/return-orders',
    rules: {
      ...SUB,
      order_id: optional(chars(64)),
      out_order_no: optional(outOrderNo),
      out_return_no: required(outOrderNo),
      return_mchid: required(merchantId),
      amount: required(fen()),
      description: required(chars(80))
    },
    check: checkReturn,
    expects: ['result'],
    echo: ['out_return_no', 'amount'],
    money: {
      open: 'throttled',
      query: { method: 'profitSharing.queryReturn', by: ['out_return_no', 'out_order_no', 'sub_mchid'] }
    }
  },
  queryReturn: {
    ...read,
    operation: 'profitSharing.queryReturn',
    path: '/v3/profitsharing/return-orders/{out_return_no}',
    rules: { ...SUB, out_return_no: required(outOrderNo), out_order_no: required(outOrderNo) },
    expects: ['result'],
    echo: ['out_return_no', 'out_order_no']
  },
  addReceiver: {
    ...write,
    operation: 'profitSharing.addReceiver',
    path: '/v3/profitsharing/receivers/add',
    fill: { body: { appid: 'appId' } },
    rules: {
      ...SUB,
      sub_appid: optional(chars(32)),
      type: required(oneOf(...RECEIVER_TYPES)),
      account: required(chars(64)),
      name: optional(chars(64)),
      relation_type: required(chars(32)),
      custom_relation: optional(chars(10))
    },
    encrypted: ['name'],
    echo: ['type', 'account']
  },
  deleteReceiver: {
    ...write,
    operation: 'profitSharing.deleteReceiver',
    path: '/v3/profitsharing/receivers/delete',
    fill: { body: { appid: 'appId' } },
    rules: {
      ...SUB,
      sub_appid: optional(chars(32)),
      type: required(oneOf(...RECEIVER_TYPES)),
      account: required(chars(64))
    },
    echo: ['type', 'account']
  },
  bill: {
    ...read,
    operation: 'bills.profitSharing',
    path: '/v3/profitsharing/bills',
    rules: { ...SUB, bill_date: required(day), tar_type: optional(oneOf('GZIP')) },
    expects: ['hash_type', 'hash_value', 'download_url']
  }
})
