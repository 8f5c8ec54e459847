import { buildXml, parseXml } from '../../../internal/xml/index.ts'
import { encryptReqInfo, signPayV2 } from '../../crypto/pay-v2.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Verdict } from '../../framework/delivery.ts'
import type { Order } from '../ledger/order.ts'
import type { Refund } from '../ledger/refund.ts'
import { plainTime } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { paidFields, V2_REFUND_STATUS } from './order-fields.ts'
import { sandboxKey } from './sandbox.ts'

const keyOf = (merchant: MerchantAccount, book: string): string =>
  book.startsWith('sandbox:') ? sandboxKey(merchant) : merchant.apiKey

/** 支付结果通知 */
export function paidXml(world: PayWorld, merchant: MerchantAccount, order: Order, wrongKey: boolean): string {
  const type = order.signType ?? 'MD5'
  const fields = {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    appid: order.appId,
    mch_id: order.mchId,
    ...(order.subAppId === undefined ? {} : { sub_appid: order.subAppId }),
    ...(order.subMchId === undefined ? {} : { sub_mch_id: order.subMchId }),
    nonce_str: world.context.random.text(16),
    ...(type === 'MD5' ? {} : { sign_type: type }),
    ...paidFields(order),
    ...(order.contractId === undefined ? {} : { contract_id: order.contractId, trade_state: order.state })
  }
  const key = wrongKey ? 'f'.repeat(32) : keyOf(merchant, order.book)
  return buildXml({ ...fields, sign: signPayV2(fields, key, type) })
}

/** 扣款结果通知 of a deduction that failed: signed all the same, with result_code FAIL. */
export function failedDeductionXml(
  world: PayWorld,
  merchant: MerchantAccount,
  order: Order,
  wrongKey: boolean
): string {
  const type = order.signType ?? 'MD5'
  const fields = {
    return_code: 'SUCCESS',
    result_code: 'FAIL',
    err_code: order.failure ?? 'SYSTEMERROR',
    err_code_des: FAILURE_TEXT[order.failure ?? ''] ?? '扣款失败',
    appid: order.appId,
    mch_id: order.mchId,
    ...(order.subAppId === undefined ? {} : { sub_appid: order.subAppId }),
    ...(order.subMchId === undefined ? {} : { sub_mch_id: order.subMchId }),
    nonce_str: world.context.random.text(16),
    ...(type === 'MD5' ? {} : { sign_type: type }),
    openid: order.openid ?? '',
    total_fee: order.total,
    trade_state: order.state,
    out_trade_no: order.outTradeNo,
    contract_id: order.contractId ?? ''
  }
  const key = wrongKey ? 'f'.repeat(32) : keyOf(merchant, order.book)
  return buildXml({ ...fields, sign: signPayV2(fields, key, type) })
}

const FAILURE_TEXT: Readonly<Record<string, string>> = { NOTENOUGH: '余额不足', CONTRACTERROR: '签约协议已解约' }

/** 退款结果通知: no sign; the encryption of `req_info` stands for it. */
export function refundedXml(
  world: PayWorld,
  merchant: MerchantAccount,
  refund: Refund,
  order: Order,
  wrongKey: boolean
) {
  const info = buildXml(
    {
      transaction_id: refund.transactionId,
      out_trade_no: refund.outTradeNo,
      refund_id: refund.refundId,
      out_refund_no: refund.outRefundNo,
      total_fee: refund.total,
      settlement_total_fee: order.total - (order.payment?.coupon?.amount ?? 0),
      refund_fee: refund.refund,
      settlement_refund_fee: refund.cash,
      refund_status: refund.status === 'PROCESSING' ? 'SUCCESS' : V2_REFUND_STATUS[refund.status],
      ...(refund.successAt === undefined ? {} : { success_time: plainTime(refund.successAt) }),
      refund_recv_accout: refund.receivedAccount,
      refund_account: refund.account ?? 'REFUND_SOURCE_UNSETTLED_FUNDS',
      refund_request_source: refund.byStaff ? 'VENDOR_PLATFORM' : 'API',
      cash_refund_fee: refund.cash
    },
    { root: 'root' }
  )
  const key = wrongKey ? 'f'.repeat(32) : keyOf(merchant, order.book)
  return buildXml({
    return_code: 'SUCCESS',
    appid: order.appId,
    mch_id: order.mchId,
    ...(order.subMchId === undefined ? {} : { sub_mch_id: order.subMchId }),
    nonce_str: world.context.random.text(16),
    req_info: encryptReqInfo(info, key)
  })
}

/** Only 200 with return_code SUCCESS ends the retries. */
export function judgeV2(response: Response, body: string): Verdict {
  if (response.status !== 200) return { delivered: false, note: `answered ${response.status}, expected 200` }
  try {
    const { return_code: code, return_msg: text } = parseXml(body)
    if (code === 'SUCCESS') return { delivered: true, note: 'return_code SUCCESS' }
    return {
      delivered: false,
      note: `the body says it was not processed: return_code ${String(code)} ${String(text ?? '')}`.trim()
    }
  } catch {
    return {
      delivered: false,
      note: 'the body says it was not processed: expected <xml><return_code>SUCCESS</return_code></xml>'
    }
  }
}
