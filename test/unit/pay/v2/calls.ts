import type { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { APP_ID, type Fields, MCH_ID, OPENID, signedAnswer, toXml } from '../../../support/pay-v2.ts'

/** One call of the client with the response that WeChat Pay would give. */
export interface CallCase {
  name: string
  path: string
  invoke(pay: WeChatPayV2): Promise<unknown>
  /** Fields of the response beside the envelope. */
  answer: Fields
  isSigned: boolean
  needsCertificate: boolean
  /** For calls that move money: what settles an unknown result. */
  query?: { method: string; params: Record<string, string> }
  repeat: 'safe' | 'never'
  /** Its request carries no nonce_str. */
  hasNoNonce?: true
  /** Its document has no result_code. */
  hasNoResultCode?: true
  /** Answer fields that repeat what was sent. */
  echo: string[]
}

const PAID = {
  openid: OPENID,
  is_subscribe: 'N',
  trade_type: 'MICROPAY',
  bank_type: 'OTHERS',
  total_fee: '1980',
  cash_fee: '1980',
  transaction_id: '4200001004202603010000000001',
  out_trade_no: '20260301000001',
  time_end: '20260301131540'
}

const REFUND = {
  transaction_id: '4200001004202603010000000001',
  out_trade_no: '20260301000001',
  out_refund_no: 'R20260301000001',
  refund_id: '50000000002026030100000000001',
  refund_fee: '500',
  total_fee: '1980',
  cash_fee: '1980'
}

const TRANSFER = { partner_trade_no: 'T20260301000001' }
const BILL_NO = '1900000109202603010000000001'
const RED_PACK = {
  mch_billno: BILL_NO,
  send_name: '示例',
  re_openid: OPENID,
  total_amount: 100,
  wishing: '恭喜发财',
  act_name: '新年',
  remark: '谢谢'
}
const RED_PACK_ANSWER = {
  mch_billno: BILL_NO,
  mch_id: MCH_ID,
  wxappid: APP_ID,
  re_openid: OPENID,
  total_amount: '100',
  send_listid: '1000041701202603010000000001'
}
const ACCOUNT_ECHO = ['appid', 'mch_id']

const PAY_CALLS: readonly CallCase[] = [
  {
    name: 'orders.unified',
    path: '/pay/unifiedorder',
    invoke: (pay) =>
      pay.orders.unified({
        trade_type: 'NATIVE',
        product_id: '1',
        body: '示例',
        out_trade_no: '20260301000001',
        total_fee: 1980,
        spbill_create_ip: '203.0.113.7'
      }),
    answer: { trade_type: 'NATIVE', prepay_id: 'wx2026', code_url: 'weixin://wxpay/bizpayurl?pr=1' },
    isSigned: true,
    needsCertificate: false,
    repeat: 'safe',
    echo: [...ACCOUNT_ECHO, 'trade_type']
  },
  {
    name: 'orders.query',
    path: '/pay/orderquery',
    invoke: (pay) => pay.orders.query({ out_trade_no: '20260301000001' }),
    answer: { ...PAID, trade_state: 'SUCCESS' },
    isSigned: true,
    needsCertificate: false,
    repeat: 'safe',
    echo: [...ACCOUNT_ECHO, 'out_trade_no']
  },
  {
    name: 'orders.close',
    path: '/pay/closeorder',
    invoke: (pay) => pay.orders.close({ out_trade_no: '20260301000001' }),
    answer: { result_msg: 'OK' },
    isSigned: true,
    needsCertificate: false,
    repeat: 'safe',
    echo: ACCOUNT_ECHO
  },
  {
    name: 'orders.micropay',
    path: '/pay/micropay',
    invoke: (pay) =>
      pay.orders.micropay({
        body: '示例',
        out_trade_no: '20260301000001',
        total_fee: 1980,
        spbill_create_ip: '203.0.113.7',
        auth_code: '134650000000000000'
      }),
    answer: PAID,
    isSigned: true,
    needsCertificate: false,
    query: { method: 'orders.query', params: { out_trade_no: '20260301000001' } },
    repeat: 'never',
    echo: [...ACCOUNT_ECHO, 'out_trade_no', 'total_fee']
  },
  {
    name: 'orders.reverse',
    path: '/secapi/pay/reverse',
    invoke: (pay) => pay.orders.reverse({ out_trade_no: '20260301000001' }),
    answer: { recall: 'N' },
    isSigned: true,
    needsCertificate: true,
    query: { method: 'orders.query', params: { out_trade_no: '20260301000001' } },
    repeat: 'safe',
    echo: ACCOUNT_ECHO
  },
  {
    name: 'orders.authCodeToOpenid',
    path: '/tools/authcodetoopenid',
    invoke: (pay) => pay.orders.authCodeToOpenid({ auth_code: '134650000000000000' }),
    answer: { openid: OPENID },
    isSigned: true,
    needsCertificate: false,
    repeat: 'safe',
    echo: ACCOUNT_ECHO
  },
  {
    name: 'refunds.create',
    path: '/secapi/pay/refund',
    invoke: (pay) =>
      pay.refunds.create({
        out_trade_no: '20260301000001',
        out_refund_no: 'R20260301000001',
        total_fee: 1980,
        refund_fee: 500
      }),
    answer: REFUND,
    isSigned: true,
    needsCertificate: true,
    query: { method: 'refunds.query', params: { out_refund_no: 'R20260301000001' } },
    repeat: 'safe',
    echo: [...ACCOUNT_ECHO, 'out_trade_no', 'out_refund_no', 'refund_fee', 'total_fee']
  },
  ...(['query', 'queryWithGoods'] as const).map(
    (name): CallCase => ({
      name: `refunds.${name}`,
      path: name === 'query' ? '/pay/refundquery' : '/pay/refundqueryv2',
      invoke: (pay) => pay.refunds[name]({ out_refund_no: 'R20260301000001' }),
      answer: {
        transaction_id: REFUND.transaction_id,
        out_trade_no: REFUND.out_trade_no,
        total_fee: '1980',
        cash_fee: '1980',
        refund_count: '1',
        out_refund_no_0: REFUND.out_refund_no,
        refund_id_0: REFUND.refund_id,
        refund_fee_0: '500',
        refund_status_0: 'SUCCESS'
      },
      isSigned: true,
      needsCertificate: false,
      repeat: 'safe',
      echo: [...ACCOUNT_ECHO, 'out_refund_no_0']
    })
  ),
  {
    name: 'transfers.create',
    path: '/mmpaymkttransfers/promotion/transfers',
    invoke: (pay) =>
      pay.transfers.create({ ...TRANSFER, openid: OPENID, check_name: 'NO_CHECK', amount: 500, desc: '退押金' }),
    answer: {
      mch_appid: APP_ID,
      mchid: MCH_ID,
      ...TRANSFER,
      payment_no: '1000018301202603010000000001',
      payment_time: '2026-03-01 13:15:40'
    },
    isSigned: false,
    needsCertificate: true,
    query: { method: 'transfers.query', params: TRANSFER },
    repeat: 'safe',
    echo: ['mch_appid', 'mchid', 'partner_trade_no']
  },
  {
    name: 'transfers.query',
    path: '/mmpaymkttransfers/gettransferinfo',
    invoke: (pay) => pay.transfers.query(TRANSFER),
    answer: {
      appid: APP_ID,
      mch_id: MCH_ID,
      ...TRANSFER,
      detail_id: '1000000000202603010000000001',
      status: 'SUCCESS',
      openid: OPENID,
      payment_amount: '500',
      transfer_time: '2026-03-01 13:15:40',
      payment_time: '2026-03-01 13:15:41',
      desc: '退押金'
    },
    isSigned: false,
    needsCertificate: true,
    repeat: 'safe',
    echo: [...ACCOUNT_ECHO, 'partner_trade_no']
  },
  {
    name: 'redPacks.send',
    path: '/mmpaymkttransfers/sendredpack',
    invoke: (pay) => pay.redPacks.send({ ...RED_PACK, client_ip: '203.0.113.7' }),
    answer: RED_PACK_ANSWER,
    isSigned: false,
    needsCertificate: true,
    query: { method: 'redPacks.query', params: { mch_billno: BILL_NO } },
    repeat: 'safe',
    echo: ['mch_id', 'wxappid', 'mch_billno', 're_openid', 'total_amount']
  },
  {
    name: 'redPacks.sendGroup',
    path: '/mmpaymkttransfers/sendgroupredpack',
    invoke: (pay) => pay.redPacks.sendGroup({ ...RED_PACK, total_num: 3, total_amount: 300 }),
    answer: { ...RED_PACK_ANSWER, total_amount: '300' },
    isSigned: false,
    needsCertificate: true,
    query: { method: 'redPacks.query', params: { mch_billno: BILL_NO } },
    repeat: 'safe',
    echo: ['mch_id', 'wxappid', 'mch_billno', 're_openid', 'total_amount']
  },
  {
    name: 'redPacks.sendMiniProgram',
    path: '/mmpaymkttransfers/sendminiprogramhb',
    invoke: (pay) => pay.redPacks.sendMiniProgram(RED_PACK),
    answer: { ...RED_PACK_ANSWER, package: 'sendid=242e8abd&ver=8' },
    isSigned: false,
    needsCertificate: true,
    query: { method: 'redPacks.query', params: { mch_billno: BILL_NO } },
    repeat: 'safe',
    echo: ['mch_id', 'wxappid', 'mch_billno', 're_openid', 'total_amount']
  },
  {
    name: 'redPacks.query',
    path: '/mmpaymkttransfers/gethbinfo',
    invoke: (pay) => pay.redPacks.query({ mch_billno: BILL_NO }),
    answer: {
      mch_id: MCH_ID,
      mch_billno: BILL_NO,
      detail_id: '1000041701202603010000000001',
      status: 'RECEIVED',
      send_type: 'API',
      hb_type: 'NORMAL',
      total_num: '1',
      total_amount: '100',
      send_time: '2026-03-01 13:15:40'
    },
    isSigned: false,
    needsCertificate: true,
    repeat: 'safe',
    echo: ['mch_id', 'mch_billno']
  },
  {
    name: 'bankTransfers.query',
    path: '/mmpaysptrans/query_bank',
    invoke: (pay) => pay.bankTransfers.query({ partner_trade_no: 'B20260301000001' }),
    answer: {
      mch_id: MCH_ID,
      partner_trade_no: 'B20260301000001',
      payment_no: '1',
      amount: '500',
      status: 'SUCCESS',
      cmms_amt: '100',
      create_time: '2026-03-01 13:15:40'
    },
    isSigned: false,
    needsCertificate: true,
    repeat: 'safe',
    echo: ['mch_id', 'partner_trade_no']
  }
]

const SHARE = { transaction_id: '4200001004202603010000000001', out_order_no: 'S20260301000001' }
const SHARES = [
  { type: 'MERCHANT_ID', account: '1900000110', amount: 300, description: '佣金' },
  { type: 'PERSONAL_OPENID', account: OPENID, amount: 100, description: '分享' }
] as const
const RETURN = { out_order_no: SHARE.out_order_no, out_return_no: 'B20260301000001' }
const RETURNED = {
  ...RETURN,
  order_id: '3008450740201411110007820472',
  return_no: '3701',
  return_account_type: 'MERCHANT_ID',
  return_account: '1900000110',
  return_amount: '300',
  description: '退回',
  result: 'SUCCESS',
  finish_time: '20260301131540'
}
const RECEIVER = { type: 'MERCHANT_ID', account: '1900000110', relation_type: 'SUPPLIER' } as const
const signedCall = { isSigned: true, repeat: 'safe' } as const
const settled = (method: string, params: Record<string, string>) => ({
  needsCertificate: true,
  query: { method, params }
})

const SHARING_CALLS: readonly CallCase[] = [
  ...(['create', 'createMulti'] as const).map((name) => ({
    ...signedCall,
    ...settled('profitSharing.query', SHARE),
    name: `profitSharing.${name}`,
    path: name === 'create' ? '/secapi/pay/profitsharing' : '/secapi/pay/multiprofitsharing',
    invoke: (pay: WeChatPayV2) => pay.profitSharing[name]({ ...SHARE, receivers: SHARES }),
    answer: { ...SHARE, order_id: '3008450740201411110007820472', receivers: JSON.stringify(SHARES) },
    echo: [...ACCOUNT_ECHO, 'transaction_id', 'out_order_no']
  })),
  {
    ...signedCall,
    ...settled('profitSharing.query', SHARE),
    name: 'profitSharing.finish',
    path: '/secapi/pay/profitsharingfinish',
    invoke: (pay) => pay.profitSharing.finish({ ...SHARE, description: '完结' }),
    answer: { ...SHARE, order_id: '3008450740201411110007820472' },
    echo: [...ACCOUNT_ECHO, 'transaction_id', 'out_order_no']
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.query',
    path: '/pay/profitsharingquery',
    invoke: (pay) => pay.profitSharing.query(SHARE),
    answer: { ...SHARE, order_id: '3008', status: 'FINISHED', receivers: JSON.stringify(SHARES) },
    echo: ['mch_id', 'transaction_id', 'out_order_no']
  },
  {
    ...signedCall,
    ...settled('profitSharing.queryReturn', RETURN),
    name: 'profitSharing.createReturn',
    path: '/secapi/pay/profitsharingreturn',
    invoke: (pay) =>
      pay.profitSharing.createReturn({
        ...RETURN,
        return_account: '1900000110',
        return_amount: 300,
        description: '退回'
      }),
    answer: RETURNED,
    echo: ['mch_id', 'out_return_no', 'return_account', 'return_amount']
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.queryReturn',
    path: '/pay/profitsharingreturnquery',
    invoke: (pay) => pay.profitSharing.queryReturn(RETURN),
    answer: RETURNED,
    echo: ['mch_id', 'out_return_no']
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.addReceiver',
    path: '/pay/profitsharingaddreceiver',
    invoke: (pay) => pay.profitSharing.addReceiver({ receiver: { ...RECEIVER, name: '示例商户' } }),
    answer: { receiver: JSON.stringify(RECEIVER) },
    echo: ACCOUNT_ECHO
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.deleteReceiver',
    path: '/pay/profitsharingremovereceiver',
    invoke: (pay) => pay.profitSharing.deleteReceiver({ receiver: { type: 'MERCHANT_ID', account: '1900000110' } }),
    answer: { receiver: '{"type":"MERCHANT_ID","account":"1900000110"}' },
    echo: ACCOUNT_ECHO
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.remainingAmount',
    path: '/pay/profitsharingorderamountquery',
    invoke: (pay) => pay.profitSharing.remainingAmount({ transaction_id: SHARE.transaction_id }),
    hasNoResultCode: true,
    answer: { transaction_id: SHARE.transaction_id, unsplit_amount: '1686' },
    echo: ['mch_id', 'transaction_id']
  },
  {
    ...signedCall,
    needsCertificate: false,
    name: 'profitSharing.maxRatio',
    path: '/pay/profitsharingmerchantratioquery',
    invoke: (pay) => pay.profitSharing.maxRatio({ sub_mch_id: '1900000999' }),
    hasNoResultCode: true,
    answer: { sub_mch_id: '1900000999', max_ratio: '2000' },
    echo: ['mch_id']
  }
]

const CONTRACT_ID = 'Wx15463511252015071056489715'
const CONTRACT = {
  plan_id: '12535',
  contract_code: 'C1',
  request_serial: '1',
  contract_display_account: '张三'
}
const plainCall = { ...signedCall, needsCertificate: false }

const PAPAY_CALLS: readonly CallCase[] = [
  {
    ...plainCall,
    name: 'papay.order',
    path: '/pay/contractorder',
    invoke: (pay) =>
      pay.papay.order({
        ...CONTRACT,
        trade_type: 'APP',
        body: '示例',
        out_trade_no: '20260301000001',
        total_fee: 1980,
        spbill_create_ip: '203.0.113.7',
        contract_notify_url: 'https://shop.example.com/contract'
      }),
    answer: { trade_type: 'APP', prepay_id: 'wx2026', contract_result_code: 'SUCCESS', ...CONTRACT },
    echo: [...ACCOUNT_ECHO, 'trade_type']
  },
  {
    ...plainCall,
    hasNoNonce: true,
    name: 'papay.preSign',
    path: '/papay/preentrustweb',
    invoke: (pay) => pay.papay.preSign({ ...CONTRACT, notify_url: 'https://shop.example.com/contract' }),
    answer: { pre_entrustweb_id: 'p1' },
    echo: ['mch_id']
  },
  {
    ...plainCall,
    hasNoNonce: true,
    name: 'papay.query',
    path: '/papay/querycontract',
    invoke: (pay) => pay.papay.query({ contract_id: CONTRACT_ID }),
    answer: { contract_id: CONTRACT_ID, ...CONTRACT, contract_state: '0' },
    echo: ['mch_id']
  },
  {
    ...plainCall,
    hasNoNonce: true,
    name: 'papay.terminate',
    path: '/papay/deletecontract',
    invoke: (pay) => pay.papay.terminate({ contract_id: CONTRACT_ID, contract_termination_remark: 'x' }),
    answer: { contract_id: CONTRACT_ID },
    query: { method: 'papay.query', params: { contract_id: CONTRACT_ID } },
    repeat: 'never',
    echo: ['mch_id']
  },
  {
    ...plainCall,
    name: 'papay.deduct',
    path: '/pay/pappayapply',
    invoke: (pay) =>
      pay.papay.deduct({
        contract_id: CONTRACT_ID,
        body: '示例',
        out_trade_no: '20260301000001',
        total_fee: 1980,
        spbill_create_ip: '203.0.113.7'
      }),
    answer: {},
    query: { method: 'papay.queryDeduction', params: { out_trade_no: '20260301000001' } },
    echo: ACCOUNT_ECHO
  },
  {
    ...plainCall,
    name: 'papay.queryDeduction',
    path: '/pay/paporderquery',
    invoke: (pay) => pay.papay.queryDeduction({ out_trade_no: '20260301000001' }),
    answer: { ...PAID, trade_type: 'PAP', trade_state: 'SUCCESS' },
    echo: [...ACCOUNT_ECHO, 'out_trade_no']
  }
]

/** Every call of the client, once. */
export const CALLS: readonly CallCase[] = [...PAY_CALLS, ...SHARING_CALLS, ...PAPAY_CALLS]

/** The genuine response of a call, with changes. */
export function answerOf(call: CallCase, changes: Fields = {}): string {
  const envelope = { return_code: 'SUCCESS', return_msg: '', result_code: 'SUCCESS' }
  return call.isSigned
    ? signedAnswer({ ...call.answer, ...changes })
    : toXml({ ...envelope, nonce_str: 'x', ...call.answer, ...changes })
}
