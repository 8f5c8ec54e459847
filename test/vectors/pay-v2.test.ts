import { readFileSync } from 'node:fs'
import { explainSign, WeChatPayV2 } from 'weixin-kit/pay/v2'
import { describe, expect, it } from 'vitest'
import { makeAppParams, makeJsapiParams } from '../../src/pay/v2/client-params.ts'
import { Signer } from '../../src/pay/v2/signer.ts'
import { HttpClient } from '../../src/core/http-client.ts'
import { API_KEY, APP_ID, MCH_ID, signFields, toXml } from '../support/pay-v2.ts'

interface Vector {
  id: string
  // biome-ignore lint/suspicious/noExplicitAny: each file has a shape of its own
  input: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  expected: any
}

function vectors(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')).vectors
}

describe('pay-v2-sign', () => {
  it.each(vectors('pay-v2-sign'))('$id', ({ input, expected }) => {
    const explained = explainSign(input.params, { apiKey: input.key })
    expect(explained.text).toBe(`${expected.stringA}&key=******`)
    expect(explained.signatures).toEqual({ MD5: expected.MD5, 'HMAC-SHA256': expected['HMAC-SHA256'] })
    for (const type of ['MD5', 'HMAC-SHA256'] as const) {
      expect(signFields(input.params, type, input.key)).toBe(expected[type])
      expect(explainSign({ ...input.params, sign: expected[type] }, { apiKey: input.key }).matches).toBe(type)
    }
  })
})

describe('pay-v2-client', () => {
  it.each(vectors('pay-v2-client'))('$id', ({ input, expected }) => {
    // The keys of some samples are shorter than the client accepts: those go to the functions behind it.
    const context = {
      appId: input.appId,
      mchId: input.mchId,
      signType: input.signType,
      signer: new Signer(input.key ?? 'none'),
      http: new HttpClient({ product: 'pay', clock: () => Number(input.timeStamp) * 1000, nonce: () => input.nonceStr })
    }
    if (input.kind === 'JSAPI') expect(makeJsapiParams(context, input.prepayId)).toEqual(expected)
    if (input.kind === 'APP') expect(makeAppParams(context, input.prepayId)).toEqual(expected)
    if (input.kind === 'MWEB') {
      const pay = new WeChatPayV2({ appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY })
      expect(pay.h5Url(input.mwebUrl, input.redirectUrl).href).toBe(expected.url)
    }
    if (input.kind === 'APP') {
      const { appId, mchId, key, signType, timeStamp, nonceStr } = input
      const clock = () => Number(timeStamp) * 1000
      const pay = new WeChatPayV2({ appId, mchId, apiKey: key, signType, clock, nonce: () => nonceStr })
      expect(pay.appParams(input.prepayId)).toEqual(expected)
    }
  })
})

describe('pay-v2-refund-notify', () => {
  it.each(vectors('pay-v2-refund-notify'))('$id', ({ input, expected }) => {
    const pay = new WeChatPayV2({ appId: APP_ID, mchId: MCH_ID, apiKey: input.key })
    expect(new Signer(input.key).refundKey().toString('ascii')).toBe(expected.aesKeyAscii)
    const outer = { return_code: 'SUCCESS', appid: APP_ID, mch_id: MCH_ID, nonce_str: 'n', req_info: input.reqInfo }
    const numbers = ['total_fee', 'settlement_total_fee', 'refund_fee', 'settlement_refund_fee']
    const fields = Object.entries<string>(expected.fields).map(([name, value]) => [
      name,
      numbers.includes(name) ? Number(value) : value
    ])
    expect(pay.parseRefundNotification(toXml(outer))).toEqual({ appid: APP_ID, mch_id: MCH_ID, ...Object.fromEntries(fields) })
  })
})
