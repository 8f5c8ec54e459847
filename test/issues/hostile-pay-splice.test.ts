import { describe, expect, it } from 'vitest'
import { API_KEY, APP_ID, clientWith, codeOf, type Fields, MCH_ID, signFields, toXml } from '../support/pay-v2.ts'

const REST = { trade_type: 'JSAPI', transaction_id: '4200001004202603010000000001' }
const GENUINE: Fields = {
  appid: APP_ID,
  // Free text that a buyer may have a say in: it is signed as it is, without any escape.
  attach: `x&mch_id=${MCH_ID}&out_trade_no=EXPENSIVE1&result_code=SUCCESS&return_code=SUCCESS&total_fee=999&transaction_id=42&zz=`,
  bank_type: 'OTHERS',
  cash_fee: '1',
  mch_id: MCH_ID,
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  out_trade_no: 'CHEAP1',
  result_code: 'SUCCESS',
  return_code: 'SUCCESS',
  total_fee: '1',
  ...REST
}
const SIGN = signFields(GENUINE, 'HMAC-SHA256', API_KEY)

describe('a signature of API v2 does not say where a field ends', () => {
  it('refuses a notification that was cut into other fields under the same signature', async () => {
    const text = Object.keys(GENUINE)
      .sort()
      .map((name) => `${name}=${GENUINE[name]}`)
      .join('&')
    const tail = text.slice(text.indexOf('&zz=') + 4)
    const forged: Fields = {
      appid: APP_ID,
      attach: 'x',
      mch_id: MCH_ID,
      out_trade_no: 'EXPENSIVE1',
      result_code: 'SUCCESS',
      return_code: 'SUCCESS',
      total_fee: '999',
      transaction_id: '42',
      zz: tail
    }
    expect(signFields(forged, 'HMAC-SHA256', API_KEY)).toBe(SIGN)
    const { pay } = clientWith('')
    expect(await codeOf(async () => pay.parseNotification(toXml({ ...forged, sign: SIGN })))).toBe(
      'ERR_SIGNATURE_MISMATCH'
    )
    // The genuine one reads like it: not to be told apart, it is refused too, and an order with such text already.
    expect(await codeOf(async () => pay.parseNotification(toXml({ ...GENUINE, sign: SIGN })))).toBe(
      'ERR_SIGNATURE_MISMATCH'
    )
    const order = {
      trade_type: 'APP',
      body: 'a',
      out_trade_no: 'CHEAP1',
      total_fee: 1,
      spbill_create_ip: '::1'
    } as const
    expect(await codeOf(() => pay.orders.unified({ ...order, attach: String(GENUINE.attach) }))).toBe(
      'ERR_INVALID_PARAM'
    )
  })
})
