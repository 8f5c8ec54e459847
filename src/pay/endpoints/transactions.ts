import { anything, type OptionRules, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { tableOf } from '../endpoint-table.ts'
import {
  chars,
  ipAddress,
  listOf,
  merchantId,
  notifyUrl,
  openid,
  outTradeNo,
  rfc3339,
  transactionId
} from '../field-rules.ts'

const GOODS_LIMIT = 6000

const ORDER_RULES: OptionRules = {
  description: required(chars(127)),
  out_trade_no: required(outTradeNo),
  time_expire: optional(rfc3339),
  attach: optional(chars(128)),
  notify_url: required(notifyUrl),
  goods_tag: optional(chars(32)),
  amount: required(anything),
  'amount.total': required(fen()),
  'amount.currency': optional(chars(16)),
  'detail.goods_detail': optional(listOf(GOODS_LIMIT)),
  'scene_info.payer_client_ip': optional(ipAddress),
  settle_info: optional(anything),
  limit_pay: optional(listOf(10)),
  support_fapiao: optional(anything)
}
const H5_RULES: OptionRules = {
  scene_info: required(anything),
  'scene_info.payer_client_ip': required(ipAddress),
  'scene_info.h5_info': required(anything),
  'scene_info.h5_info.type': required(chars(32))
}
const JSAPI_RULES: OptionRules = { payer: required(anything), 'payer.openid': required(openid) }
const CODE_RULES: OptionRules = {
  description: required(chars(127)),
  out_trade_no: required(outTradeNo),
  attach: optional(chars(128)),
  goods_tag: optional(chars(32)),
  payer: required(anything),
  'payer.auth_code': required(chars(32, /^\d{15,32}$/, 'the digits of a payment code (付款码)')),
  amount: required(anything),
  'amount.total': required(fen()),
  scene_info: required(anything),
  'scene_info.store_info': optional(anything)
}
const PARTNER_RULES: OptionRules = {
  sub_mchid: required(merchantId),
  sub_appid: optional(chars(32))
}

const DIRECT = { body: { appid: 'appId', mchid: 'mchId' } } as const
const PARTNER = { body: { sp_appid: 'appId', sp_mchid: 'mchId' } } as const
const place = { method: 'POST', answer: 'json', repeat: 'safe' } as const
const read = { method: 'GET', answer: 'json', repeat: 'safe' } as const

/** Orders of a merchant of its own. (直连商户: JSAPI 支付, APP 支付, H5 支付, Native 支付, 付款码支付) */
export const TRANSACTION_ENDPOINTS = tableOf({
  jsapi: {
    ...place,
    operation: 'transactions.jsapi',
    path: '/v3/pay/transactions/jsapi',
    fill: DIRECT,
    notifies: true,
    rules: { ...ORDER_RULES, ...JSAPI_RULES },
    expects: ['prepay_id']
  },
  app: {
    ...place,
    operation: 'transactions.app',
    path: '/v3/pay/transactions/app',
    fill: DIRECT,
    notifies: true,
    rules: ORDER_RULES,
    expects: ['prepay_id']
  },
  h5: {
    ...place,
    operation: 'transactions.h5',
    path: '/v3/pay/transactions/h5',
    fill: DIRECT,
    notifies: true,
    rules: { ...ORDER_RULES, ...H5_RULES },
    expects: ['h5_url']
  },
  native: {
    ...place,
    operation: 'transactions.native',
    path: '/v3/pay/transactions/native',
    fill: DIRECT,
    notifies: true,
    rules: ORDER_RULES,
    expects: ['code_url']
  },
  codepay: {
    ...place,
    operation: 'transactions.codepay',
    path: '/v3/pay/transactions/codepay',
    fill: DIRECT,
    rules: CODE_RULES,
    // The code of the customer is good for one time only.
    repeat: 'never',
    echo: ['out_trade_no', 'mchid', 'appid?', 'amount.total?'],
    money: { open: 'ambiguous', query: { method: 'transactions.query', by: ['out_trade_no'] } }
  },
  reverse: {
    ...place,
    operation: 'transactions.reverse',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse',
    fill: DIRECT,
    rules: { out_trade_no: required(outTradeNo) },
    echo: ['out_trade_no', 'mchid?'],
    money: { open: 'ambiguous', query: { method: 'transactions.query', by: ['out_trade_no'] } }
  },
  queryById: {
    ...read,
    operation: 'transactions.query',
    path: '/v3/pay/transactions/id/{transaction_id}',
    fill: { query: { mchid: 'mchId' } },
    rules: { transaction_id: required(transactionId) },
    expects: ['trade_state'],
    echo: ['transaction_id', 'mchid']
  },
  queryByNumber: {
    ...read,
    operation: 'transactions.query',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
    fill: { query: { mchid: 'mchId' } },
    rules: { out_trade_no: required(outTradeNo) },
    expects: ['trade_state'],
    echo: ['out_trade_no', 'mchid']
  },
  close: {
    ...place,
    operation: 'transactions.close',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
    fill: { body: { mchid: 'mchId' } },
    rules: { out_trade_no: required(outTradeNo) },
    answer: 'empty'
  }
})

/** Orders that a service provider (服务商) places for a sub-merchant. */
export const PARTNER_ENDPOINTS = tableOf({
  jsapi: {
    ...TRANSACTION_ENDPOINTS.jsapi,
    operation: 'partnerTransactions.jsapi',
    path: '/v3/pay/partner/transactions/jsapi',
    fill: PARTNER,
    rules: {
      ...ORDER_RULES,
      ...PARTNER_RULES,
      payer: required((value) => {
        const { sp_openid: sp, sub_openid: sub } = value as { sp_openid?: unknown; sub_openid?: unknown }
        return sp || sub ? undefined : 'needs sp_openid or sub_openid'
      })
    }
  },
  app: {
    ...TRANSACTION_ENDPOINTS.app,
    operation: 'partnerTransactions.app',
    path: '/v3/pay/partner/transactions/app',
    fill: PARTNER,
    rules: { ...ORDER_RULES, ...PARTNER_RULES }
  },
  h5: {
    ...TRANSACTION_ENDPOINTS.h5,
    operation: 'partnerTransactions.h5',
    path: '/v3/pay/partner/transactions/h5',
    fill: PARTNER,
    rules: { ...ORDER_RULES, ...H5_RULES, ...PARTNER_RULES }
  },
  native: {
    ...TRANSACTION_ENDPOINTS.native,
    operation: 'partnerTransactions.native',
    path: '/v3/pay/partner/transactions/native',
    fill: PARTNER,
    rules: { ...ORDER_RULES, ...PARTNER_RULES }
  },
  codepay: {
    ...TRANSACTION_ENDPOINTS.codepay,
    operation: 'partnerTransactions.codepay',
    path: '/v3/pay/partner/transactions/codepay',
    fill: PARTNER,
    rules: { ...CODE_RULES, ...PARTNER_RULES },
    echo: ['out_trade_no', 'sp_mchid', 'sub_mchid'],
    money: { open: 'ambiguous', query: { method: 'partnerTransactions.query', by: ['out_trade_no', 'sub_mchid'] } }
  },
  reverse: {
    ...TRANSACTION_ENDPOINTS.reverse,
    operation: 'partnerTransactions.reverse',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse',
    fill: PARTNER,
    rules: { out_trade_no: required(outTradeNo), ...PARTNER_RULES },
    echo: ['out_trade_no', 'sp_mchid?', 'sub_mchid?'],
    money: { open: 'ambiguous', query: { method: 'partnerTransactions.query', by: ['out_trade_no', 'sub_mchid'] } }
  },
  queryById: {
    ...TRANSACTION_ENDPOINTS.queryById,
    operation: 'partnerTransactions.query',
    path: '/v3/pay/partner/transactions/id/{transaction_id}',
    fill: { query: { sp_mchid: 'mchId' } },
    rules: { transaction_id: required(transactionId), sub_mchid: required(merchantId) },
    echo: ['transaction_id', 'sp_mchid', 'sub_mchid']
  },
  queryByNumber: {
    ...TRANSACTION_ENDPOINTS.queryByNumber,
    operation: 'partnerTransactions.query',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}',
    fill: { query: { sp_mchid: 'mchId' } },
    rules: { out_trade_no: required(outTradeNo), sub_mchid: required(merchantId) },
    echo: ['out_trade_no', 'sp_mchid', 'sub_mchid']
  },
  close: {
    ...TRANSACTION_ENDPOINTS.close,
    operation: 'partnerTransactions.close',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close',
    fill: { body: { sp_mchid: 'mchId' } },
    rules: { out_trade_no: required(outTradeNo), sub_mchid: required(merchantId) }
  }
})

const COMBINE_RULES: OptionRules = {
  combine_out_trade_no: required(outTradeNo),
  notify_url: required(notifyUrl),
  time_start: optional(rfc3339),
  time_expire: optional(rfc3339),
  scene_info: optional(anything),
  combine_payer_info: optional(anything),
  sub_orders: required(listOf(50)),
  'sub_orders[].mchid': required(merchantId),
  'sub_orders[].attach': required(chars(128)),
  'sub_orders[].out_trade_no': required(outTradeNo),
  'sub_orders[].description': required(chars(127)),
  'sub_orders[].amount': required(anything),
  'sub_orders[].amount.total_amount': required(fen()),
  'sub_orders[].amount.currency': required(chars(16))
}
const COMBINE = { body: { combine_appid: 'appId', combine_mchid: 'mchId' } } as const
const IDENTITY = ['combine_payer_info.identity.number', 'combine_payer_info.identity.name'] as const

/** Several orders paid at once. (合单支付) */
export const COMBINE_ENDPOINTS = tableOf({
  jsapi: {
    ...place,
    operation: 'combinedTransactions.jsapi',
    path: '/v3/combine-transactions/jsapi',
    fill: COMBINE,
    notifies: true,
    rules: {
      ...COMBINE_RULES,
      combine_payer_info: required(anything),
      'combine_payer_info.openid': optional(openid)
    },
    encrypted: IDENTITY,
    expects: ['prepay_id']
  },
  app: {
    ...place,
    operation: 'combinedTransactions.app',
    path: '/v3/combine-transactions/app',
    fill: COMBINE,
    notifies: true,
    rules: COMBINE_RULES,
    encrypted: IDENTITY,
    expects: ['prepay_id']
  },
  h5: {
    ...place,
    operation: 'combinedTransactions.h5',
    path: '/v3/combine-transactions/h5',
    fill: COMBINE,
    notifies: true,
    rules: { ...COMBINE_RULES, ...H5_RULES },
    encrypted: IDENTITY,
    expects: ['h5_url']
  },
  native: {
    ...place,
    operation: 'combinedTransactions.native',
    path: '/v3/combine-transactions/native',
    fill: COMBINE,
    notifies: true,
    rules: COMBINE_RULES,
    encrypted: IDENTITY,
    expects: ['code_url']
  },
  query: {
    ...read,
    operation: 'combinedTransactions.query',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}',
    rules: { combine_out_trade_no: required(outTradeNo) },
    echo: ['combine_out_trade_no']
  },
  close: {
    ...place,
    operation: 'combinedTransactions.close',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close',
    fill: { body: { combine_appid: 'appId' } },
    rules: {
      combine_out_trade_no: required(outTradeNo),
      sub_orders: required(listOf(50)),
      'sub_orders[].mchid': required(merchantId),
      'sub_orders[].out_trade_no': required(outTradeNo)
    },
    answer: 'empty'
  }
})
