import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainSign } from 'weixin-kit/pay/v2'
import { buildXml } from '../../../../src/internal/xml/index.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'
import {
  API_KEY,
  APP_ID,
  clientWith,
  MCH_ID,
  NOW,
  type SignType,
  signedAnswer,
  toXml
} from '../../../support/pay-v2.ts'

// Two libraries written by others, each with its own idea of signing and XML.
const load = createRequire(import.meta.url)
const { Hash, Transformer } = load('wechatpay-axios-plugin') as {
  Hash: { sign(type: string, data: Record<string, unknown>, key: string): string }
  Transformer: { toXml(data: Record<string, string>): string; toObject(xml: string): Record<string, string> }
}
const Tenpay = load('tenpay') as new (
  config: Record<string, string>
) => {
  _getSign(params: Record<string, unknown>, type: string): string
  getPayParamsByPrepay(params: Record<string, string>, type: string): Record<string, string>
  getAppParamsByPrepay(params: Record<string, string>, type: string): Record<string, string>
  _parse(xml: string, type: string, signType: string): Promise<Record<string, string>>
}
const tenpay = new Tenpay({ appid: APP_ID, mchid: MCH_ID, partnerKey: API_KEY })

// `_` is where the XML parser of tenpay keeps text.
const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
  .filter((text) => !['_', '__proto__', 'constructor', 'prototype'].includes(text))
/** What may be in a value: no control characters, which XML cannot carry. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const fields = fc.dictionary(name, fc.oneof(text, fc.constantFrom('', '0', ' a ', 'a&b<c>]]>d', '{"x":"中文"}')), {
  noNullPrototype: true
})
const types = fc.constantFrom<SignType>('MD5', 'HMAC-SHA256')

describe('differential tests', () => {
  it('signs like wechatpay-axios-plugin and tenpay', () => {
    fc.assert(
      fc.property(fields, types, (params, type) => {
        const ours = explainSign(params, { apiKey: API_KEY }).signatures[type]
        expect(ours).toBe(tenpay._getSign(params, type))
        // This peer does not drop empty values by itself.
        expect(ours).toBe(
          Hash.sign(type, Object.fromEntries(Object.entries(params).filter(([, value]) => value !== '')), API_KEY)
        )
      }),
      fcParameters(300)
    )
  })

  it('writes XML that the peer reads back, and reads what the peer writes', () => {
    const plain = fc.dictionary(
      name,
      text.filter((value) => value.trim() === value && value !== ''),
      { noNullPrototype: true, minKeys: 1 }
    )
    const { pay } = clientWith('')
    fc.assert(
      fc.property(plain, (params) => {
        expect({ ...Transformer.toObject(buildXml(params)) }).toEqual(params)
        const sign = pay.explainSign(params).signatures['HMAC-SHA256']
        const written = Transformer.toXml({ ...params, sign })
        if (Object.values(params).some((value) => value.includes(']]>'))) return
        expect(pay.explainSign(written).matches).toBe('HMAC-SHA256')
      }),
      fcParameters(300)
    )
  })

  it('verifies notifications like tenpay', async () => {
    const { pay } = clientWith('', { signType: 'MD5' })
    await fc.assert(
      fc.asyncProperty(fields, fc.boolean(), async (extra, isForged) => {
        const params: Record<string, string> = {
          ...extra,
          return_code: 'SUCCESS',
          result_code: 'SUCCESS',
          appid: APP_ID,
          mch_id: MCH_ID,
          transaction_id: '42',
          out_trade_no: '20260301000001',
          total_fee: '1980'
        }
        delete params.sign
        delete params.sign_type
        delete params.trade_state
        // The peer trims values before it verifies.
        for (const key of Object.keys(params)) params[key] = (params[key] ?? '').trim().replaceAll(']]>', '')
        const sign = tenpay._getSign(params, 'MD5')
        const xml = toXml({
          ...params,
          sign: isForged ? sign.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : sign
        })
        const theirs = await tenpay._parse(xml, 'middleware_pay', 'MD5').then(
          () => true,
          () => false
        )
        let ours = true
        try {
          pay.parseNotification(xml)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
          ours = false
        }
        expect([ours, theirs]).toEqual([!isForged, !isForged])
      }),
      fcParameters(100)
    )
  })

  it('makes client parameters that the peer signs the same', () => {
    const prepay = fc.stringMatching(/^[A-Za-z0-9]{1,64}$/).filter((id) => !id.startsWith('prepay'))
    fc.assert(
      fc.property(
        prepay,
        types,
        fc.stringMatching(/^[A-Za-z0-9]{1,32}$/),
        fc.integer({ min: 0, max: NOW * 2 }),
        (id, signType, nonce, now) => {
          const { pay } = clientWith('', { signType, nonce: () => nonce, clock: () => now })
          const { paySign, ...jsapi } = pay.jsapiParams(id)
          const { sign, ...app } = pay.appParams(id)
          expect(paySign).toBe(tenpay._getSign(jsapi, signType))
          expect(sign).toBe(tenpay._getSign(app, signType))
          expect(Object.keys(tenpay.getPayParamsByPrepay({ prepay_id: id }, signType)).sort()).toEqual(
            [...Object.keys(jsapi), 'paySign', 'timestamp'].sort()
          )
          expect(Object.keys(tenpay.getAppParamsByPrepay({ prepay_id: id }, signType)).sort()).toEqual(
            [...Object.keys(app), 'sign'].sort()
          )
          expect(jsapi.timeStamp).toBe(String(Math.floor(now / 1000)))
        }
      ),
      fcParameters(100)
    )
  })

  it('sends an order that the peer would accept as its own response', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 1_000_000_000 }), types, async (attach, total_fee, signType) => {
        const { pay, seen } = clientWith(signedAnswer({ trade_type: 'APP', prepay_id: 'wx1' }, signType), { signType })
        const order = {
          trade_type: 'APP',
          body: 'x',
          out_trade_no: '20260301000001',
          total_fee,
          spbill_create_ip: '::1'
        } as const
        const isSendable = attach.trim() !== '' || attach === ''
        if (!isSendable || attach.length > 127) return
        await pay.orders.unified({ ...order, attach })
        const xml = seen[0]?.body ?? ''
        const read = Transformer.toObject(xml)
        expect(read.sign).toBe(Hash.sign(signType, read, API_KEY))
        expect(read.total_fee).toBe(String(total_fee))
        expect(pay.explainSign(xml).matches).toBe(signType)
      }),
      fcParameters(100)
    )
  })
})
