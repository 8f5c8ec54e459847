import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type PayscoreSubject, WeChatPayV2 } from 'weixin-kit/pay/v2'
import { payV2SignString, signPayV2 } from '../../src/simulator/crypto/pay-v2.ts'

interface Vector {
  id: string
  input: { apiKey: string; params: Record<string, string> }
  expected: { stringSignTemp: string; sign: string; queryString?: string }
}

const { vectors } = JSON.parse(readFileSync(new URL('payscore-client.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}

describe('parameters of the payment score', () => {
  it.each(vectors.map((one) => [one.id, one] as const))('%s', (_id, { input, expected }) => {
    const { mch_id = '', timestamp, nonce_str = '', sign_type: _, ...subject } = input.params
    // Whatever type the client itself signs with.
    for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
      const pay = new WeChatPayV2({
        appId: 'wx426a3015555a46be',
        mchId: mch_id,
        apiKey: input.apiKey,
        signType,
        clock: () => Number(timestamp) * 1000,
        nonce: () => nonce_str
      })
      const { extraData, queryString } = pay.payscoreParams(subject as PayscoreSubject)
      expect(extraData).toEqual({ ...input.params, sign: expected.sign })
      if (expected.queryString) expect(queryString).toBe(expected.queryString)
    }
    expect(`${payV2SignString(input.params)}&key=<apiKey>`).toBe(expected.stringSignTemp)
    expect(signPayV2(input.params, input.apiKey, 'HMAC-SHA256')).toBe(expected.sign)
  })

  it('are about one thing', () => {
    const pay = new WeChatPayV2({ appId: 'wx426a3015555a46be', mchId: '1230000109', apiKey: 'a'.repeat(32) })
    const wrong = [{}, { package: '' }, { service_id: '1' }, { package: 'a', service_id: '1' }, { out_order_no: '1' }]
    for (const subject of wrong) {
      expect(() => pay.payscoreParams(subject as never)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_PARAM' })
      )
    }
  })
})
