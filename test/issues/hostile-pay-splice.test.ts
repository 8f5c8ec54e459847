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

  const PLAIN: Fields = {
    appid: APP_ID,
    bank_type: 'CFT',
    cash_fee: '9000',
    coupon_count: '1',
    coupon_fee: '1000',
    fee_type: 'CNY',
    is_subscribe: 'Y',
    mch_id: MCH_ID,
    nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
    openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
    out_trade_no: '1409811653',
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    settlement_total_fee: '9000',
    sub_mch_id: '1900000999',
    sub_openid: 'oSub',
    time_end: '20140903131540',
    total_fee: '10000',
    trade_type: 'JSAPI',
    transaction_id: '1004400740201409030005092168'
  }
  const swallowed = (fields: Fields) => {
    const names = Object.keys(fields).sort()
    return names.slice(1).map((name, index) => [names[index] ?? '', name] as const)
  }

  it.each(swallowed(PLAIN))('refuses a notification whose %s swallowed %s', async (name, next) => {
    const { pay } = clientWith('')
    const forged = { ...PLAIN, [name]: `${PLAIN[name]}&${next}=${PLAIN[next]}`, [next]: undefined }
    const sign = signFields(PLAIN)
    expect(signFields(forged)).toBe(sign)
    expect(pay.parseNotification(toXml({ ...PLAIN, sign })).total_fee).toBe(10_000)
    expect(await codeOf(async () => pay.parseNotification(toXml({ ...forged, sign })))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it('refuses attach that swallowed its neighbour, and forged amounts that attach carried in', async () => {
    const { pay } = clientWith('')
    const evil = 'x&bank_type=CFT&cash_fee=1&cash_fee_type=JPY&coupon_fee=9999&fee_type=JPY&mch_id=1&n='
    for (const attach of ['order 1', evil]) {
      const genuine = { ...PLAIN, attach }
      const sign = signFields(genuine)
      const forged = { ...genuine, attach: `${attach}&bank_type=CFT`, bank_type: undefined }
      expect(signFields(forged)).toBe(sign)
      expect(await codeOf(async () => pay.parseNotification(toXml({ ...forged, sign })))).toBe('ERR_SIGNATURE_MISMATCH')
    }
    expect(
      pay.parseNotification(
        toXml({ ...PLAIN, attach: 'a=1&order_id=2', sign: signFields({ ...PLAIN, attach: 'a=1&order_id=2' }) })
      ).attach
    ).toBe('a=1&order_id=2')
  })

  const QUERIED: Fields = { ...PLAIN, trade_state: 'SUCCESS', trade_state_desc: '支付成功', return_msg: 'OK' }
  it.each(swallowed(QUERIED))('refuses a response whose %s swallowed %s', async (name, next) => {
    const forged = { ...QUERIED, [name]: `${QUERIED[name]}&${next}=${QUERIED[next]}`, [next]: undefined }
    const { pay } = clientWith(toXml({ ...forged, sign: signFields(QUERIED) }), { maxRetries: 0 })
    expect(await codeOf(() => pay.orders.query({ out_trade_no: '1409811653' }))).toMatch(
      /^ERR_(?:SIGNATURE_MISMATCH|UNEXPECTED_RESPONSE)$/
    )
  })

  it('takes links and codes with parameters of their own', async () => {
    const answer = {
      trade_type: 'MWEB',
      prepay_id: 'wx1',
      mweb_url: 'https://wx.tenpay.com/x?prepay_id=wx1&package=2150917749'
    }
    const all = {
      ...answer,
      appid: APP_ID,
      mch_id: MCH_ID,
      nonce_str: 'x',
      return_code: 'SUCCESS',
      result_code: 'SUCCESS'
    }
    const { pay } = clientWith(toXml({ ...all, sign: signFields(all) }))
    const order = {
      trade_type: 'MWEB',
      scene_info: '{}',
      body: 'a',
      out_trade_no: '1409811653',
      total_fee: 1,
      spbill_create_ip: '::1'
    } as const
    expect((await pay.orders.unified(order)).mweb_url).toBe(answer.mweb_url)
  })
})
