import { describe, expect, it } from 'vitest'
import { merchantCertificates } from '../../../support/merchant-certificates.ts'
import { clientWith, errorOf, type Fields, fromXml, MCH_ID } from '../../../support/pay-v2.ts'
import { answerOf, CALLS } from './calls.ts'

/** Accounts, numbers and amounts by their names. */
const NAMED = /(?:appid|mchid|openid|_no|_id|billno|fee|amount|_amt|num|listid)(?:_\d+)*$/

/** What nobody can know before the response says it. */
const NEW: Readonly<Record<string, readonly string[]>> = {
  'orders.unified': ['prepay_id'],
  'orders.query': ['openid', 'total_fee', 'cash_fee', 'transaction_id'],
  'orders.micropay': ['openid', 'cash_fee', 'transaction_id'],
  'orders.authCodeToOpenid': ['openid'],
  'refunds.create': ['refund_id', 'cash_fee', 'transaction_id'],
  'refunds.query': ['transaction_id', 'out_trade_no', 'total_fee', 'cash_fee', 'refund_id_0', 'refund_fee_0'],
  'refunds.queryWithGoods': ['transaction_id', 'out_trade_no', 'total_fee', 'cash_fee', 'refund_id_0', 'refund_fee_0'],
  'transfers.create': ['payment_no'],
  'transfers.query': ['detail_id', 'openid', 'payment_amount'],
  'redPacks.send': ['send_listid'],
  'redPacks.sendGroup': ['send_listid'],
  'redPacks.sendMiniProgram': ['send_listid'],
  'redPacks.query': ['detail_id', 'total_num', 'total_amount'],
  'profitSharing.create': ['order_id'],
  'profitSharing.createMulti': ['order_id'],
  'profitSharing.finish': ['order_id'],
  'profitSharing.query': ['order_id'],
  'profitSharing.createReturn': ['order_id', 'return_no'],
  'profitSharing.queryReturn': ['order_id', 'return_amount', 'return_no'],
  'profitSharing.remainingAmount': ['unsplit_amount'],
  'papay.order': ['prepay_id'],
  'papay.preSign': ['pre_entrustweb_id'],
  'papay.query': ['plan_id'],
  'papay.queryDeduction': ['openid', 'total_fee', 'cash_fee', 'transaction_id'],
  'bankTransfers.query': ['payment_no', 'amount', 'cmms_amt']
}

const certificates = merchantCertificates(MCH_ID)

/** Another value of the same form, which a genuine signature covers. */
const another = (value: string) => value.replace(/.$/, (last) => (last === '7' ? '8' : '7'))

describe.each(CALLS)('$name', (call) => {
  const genuine = fromXml(answerOf(call))
  const names = Object.keys(genuine).filter((name) => NAMED.test(name))
  const swap = async (changes: Fields) => {
    const { pay } = clientWith(answerOf(call, changes), {
      clientCert: { cert: certificates.cert, key: certificates.key },
      clock: Date.now,
      maxRetries: 0
    })
    return errorOf(async () => {
      await call.invoke(pay)
      throw Object.assign(new Error('accepted'), { code: 'accepted' })
    })
  }

  it('refuses the signed response of another account, number or amount', async () => {
    const accepted: string[] = []
    for (const name of names) {
      const error = await swap({ [name]: another(genuine[name] ?? '') })
      const cause = error.code === 'ERR_UNKNOWN_RESULT' ? error.cause : error
      if (error.code === 'accepted') accepted.push(name)
      else expect([name, cause.code]).toEqual([name, 'ERR_UNEXPECTED_RESPONSE'])
    }
    expect(accepted.sort()).toEqual([...(NEW[call.name] ?? [])].sort())
  })
})
