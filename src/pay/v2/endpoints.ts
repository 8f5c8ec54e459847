import type { Endpoint } from './endpoint.ts'

const SIGNED = {
  certificate: false,
  answerSign: 'required',
  nonceField: 'nonce_str',
  signType: 'configured',
  sendsSignType: true,
  identity: 'account',
  repeat: 'safe',
  mayEcho: ['sub_appid', 'sub_mch_id']
} as const

/** Paying out: with certificate, MD5 without `sign_type`, and answers that carry no signature. */
const PAYOUT = {
  certificate: true,
  answerSign: 'absent',
  nonceField: 'nonce_str',
  signType: 'MD5',
  sendsSignType: false,
  repeat: 'paced'
} as const

const RED_PACK = {
  ...PAYOUT,
  identity: 'redPack',
  echo: ['mch_billno', 'mch_id', 'wxappid', 're_openid', 'total_amount'],
  query: { method: 'redPacks.query', by: ['mch_billno'] },
  // Unlike transfers, where SEND_FAILED leaves it open. (现金红包: 错误码)
  outcomes: { SEND_FAILED: 'refused', PROCESSING: 'open' }
} as const

const ACCOUNT_ECHO = ['appid', 'mch_id'] as const

/** Every endpoint of API v2 that this library knows. (微信支付 V2 文档: API 列表) */
export const ENDPOINTS = {
  unified: {
    ...SIGNED,
    operation: 'orders.unified',
    path: '/pay/unifiedorder',
    echo: [...ACCOUNT_ECHO, 'trade_type']
  },
  orderQuery: {
    ...SIGNED,
    operation: 'orders.query',
    path: '/pay/orderquery',
    echo: [...ACCOUNT_ECHO, 'out_trade_no', 'transaction_id']
  },
  close: { ...SIGNED, operation: 'orders.close', path: '/pay/closeorder', echo: ACCOUNT_ECHO },
  micropay: {
    ...SIGNED,
    operation: 'orders.micropay',
    path: '/pay/micropay',
    // The code of the customer is good for one time only.
    repeat: 'never',
    echo: [...ACCOUNT_ECHO, 'out_trade_no', 'total_fee'],
    query: { method: 'orders.query', by: ['out_trade_no'] }
  },
  reverse: {
    ...SIGNED,
    operation: 'orders.reverse',
    path: '/secapi/pay/reverse',
    certificate: true,
    echo: ACCOUNT_ECHO,
    query: { method: 'orders.query', by: ['out_trade_no', 'transaction_id'] }
  },
  authCodeToOpenid: {
    ...SIGNED,
    operation: 'orders.authCodeToOpenid',
    path: '/tools/authcodetoopenid',
    echo: ACCOUNT_ECHO
  },
  refund: {
    ...SIGNED,
    operation: 'refunds.create',
    path: '/secapi/pay/refund',
    certificate: true,
    echo: [...ACCOUNT_ECHO, 'out_refund_no', 'out_trade_no', 'transaction_id', 'refund_fee', 'total_fee'],
    query: { method: 'refunds.query', by: ['out_refund_no'] }
  },
  refundWithGoods: {
    ...SIGNED,
    operation: 'refunds.create',
    path: '/secapi/pay/refundv2',
    certificate: true,
    echo: [...ACCOUNT_ECHO, 'out_refund_no', 'out_trade_no', 'transaction_id', 'refund_fee', 'total_fee'],
    query: { method: 'refunds.query', by: ['out_refund_no'] }
  },
  refundQuery: {
    ...SIGNED,
    operation: 'refunds.query',
    path: '/pay/refundquery',
    echo: [...ACCOUNT_ECHO, 'out_trade_no', 'transaction_id']
  },
  tradeBill: { ...SIGNED, operation: 'bills.trade', path: '/pay/downloadbill', answerSign: 'absent', echo: [] },
  fundFlowBill: {
    ...SIGNED,
    operation: 'bills.fundFlow',
    path: '/pay/downloadfundflow',
    certificate: true,
    answerSign: 'absent',
    signType: 'HMAC-SHA256',
    echo: []
  },
  shortUrl: { ...SIGNED, operation: 'request', path: '/tools/shorturl', echo: ACCOUNT_ECHO },
  report: { ...SIGNED, operation: 'request', path: '/payitil/report', answerSign: 'absent', echo: [] },
  transfer: {
    ...PAYOUT,
    operation: 'transfers.create',
    path: '/mmpaymkttransfers/promotion/transfers',
    identity: 'transfer',
    echo: ['mch_appid', 'mchid', 'partner_trade_no'],
    query: { method: 'transfers.query', by: ['partner_trade_no'] }
  },
  transferQuery: {
    ...PAYOUT,
    operation: 'transfers.query',
    path: '/mmpaymkttransfers/gettransferinfo',
    identity: 'plain',
    repeat: 'safe',
    echo: ['appid', 'mch_id', 'partner_trade_no']
  },
  redPack: { ...RED_PACK, operation: 'redPacks.send', path: '/mmpaymkttransfers/sendredpack' },
  groupRedPack: { ...RED_PACK, operation: 'redPacks.sendGroup', path: '/mmpaymkttransfers/sendgroupredpack' },
  miniProgramRedPack: {
    ...RED_PACK,
    operation: 'redPacks.sendMiniProgram',
    path: '/mmpaymkttransfers/sendminiprogramhb'
  },
  redPackQuery: {
    ...PAYOUT,
    operation: 'redPacks.query',
    path: '/mmpaymkttransfers/gethbinfo',
    identity: 'plain',
    repeat: 'safe',
    lists: ['hbinfo'],
    echo: ['mch_id', 'mch_billno'],
    mayEcho: ['appid']
  },
  payBank: {
    ...PAYOUT,
    operation: 'bankTransfers.create',
    path: '/mmpaysptrans/pay_bank',
    identity: 'merchant',
    echo: ['mch_id', 'partner_trade_no'],
    mayEcho: ['amount'],
    query: { method: 'bankTransfers.query', by: ['partner_trade_no'] }
  },
  queryBank: {
    ...PAYOUT,
    operation: 'bankTransfers.query',
    path: '/mmpaysptrans/query_bank',
    identity: 'merchant',
    repeat: 'safe',
    echo: ['mch_id', 'partner_trade_no']
  },
  publicKey: {
    ...PAYOUT,
    operation: 'bankTransfers.publicKey',
    path: '/risk/getpublickey',
    host: 'fraud.mch.weixin.qq.com',
    identity: 'merchant',
    repeat: 'safe',
    signType: 'configured',
    sendsSignType: true,
    echo: ['mch_id']
  },
  platformCertificates: {
    ...SIGNED,
    operation: 'request',
    // The upstream's own spelling.
    path: '/risk/getcertficates',
    signType: 'HMAC-SHA256',
    identity: 'merchant',
    echo: [],
    mayEcho: ['mch_id']
  },
  sandboxKey: {
    ...SIGNED,
    operation: 'sandboxSignKey',
    path: '/xdc/apiv2getsignkey/sign/getsignkey',
    answerSign: 'absent',
    signType: 'MD5',
    sendsSignType: false,
    identity: 'merchant',
    hasResultCode: false,
    echo: [],
    mayEcho: ['mch_id']
  }
} as const satisfies Readonly<Record<string, Endpoint>>
