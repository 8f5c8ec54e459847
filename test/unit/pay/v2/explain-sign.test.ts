import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { explainSign } from 'weixin-kit/pay/v2'
import {
  API_KEY,
  APP_ID,
  clientWith,
  codeOf,
  type Fields,
  MCH_ID,
  OTHER_KEY,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'

const FIELDS: Fields = {
  appid: APP_ID,
  mch_id: MCH_ID,
  nonce_str: 'ibuaiVcKdpRxkhJA',
  body: ' 咖啡 & <茶> ',
  sign_type: 'HMAC-SHA256',
  Zeta: '1',
  attach: '',
  device_info: undefined
}

const md5 = (text: string) => createHash('md5').update(`${text}&key=${API_KEY}`).digest('hex').toUpperCase()
const explain = (fields: Fields) => explainSign(fields, { apiKey: API_KEY })

describe('explainSign', () => {
  it('shows the sorted text with the key masked, and both signatures', () => {
    const { text, signatures, ignored, given, matches, causes } = explain(FIELDS)
    expect(text).toBe(
      `Zeta=1&appid=${APP_ID}&body= 咖啡 & <茶> &mch_id=${MCH_ID}&nonce_str=ibuaiVcKdpRxkhJA&sign_type=HMAC-SHA256&key=******`
    )
    expect(signatures).toEqual({ MD5: signFields(FIELDS, 'MD5'), 'HMAC-SHA256': signFields(FIELDS) })
    expect(ignored).toEqual(['attach', 'device_info'])
    expect([given, matches]).toEqual([undefined, undefined])
    expect(causes.map(({ isCertain }) => isCertain)).toEqual([false, false, false, false, false])
    expect(causes[0]?.zh).toContain('APIv2 密钥')
  })

  it('says when the signature is right', () => {
    const sign = signFields(FIELDS)
    expect(explain({ ...FIELDS, sign })).toMatchObject({ given: sign, matches: 'HMAC-SHA256', causes: [] })
    const { pay } = clientWith('')
    expect(pay.explainSign({ ...FIELDS, sign }).matches).toBe('HMAC-SHA256')
    expect(pay.explainSign(toXml({ ...FIELDS, sign })).matches).toBe('HMAC-SHA256')
  })

  it('says when the signature is right for another type than sign_type', () => {
    const { matches, causes } = explain({ ...FIELDS, sign: signFields(FIELDS, 'MD5') })
    expect(matches).toBe('MD5')
    expect(causes[0]).toMatchObject({ isCertain: true, en: expect.stringContaining('sign_type says HMAC-SHA256') })
  })

  const join = (entries: [string, unknown][]) => entries.map(([name, value]) => `${name}=${value}`).join('&')
  const sorted = (fields: Fields) =>
    Object.entries(fields)
      .filter(([, value]) => value !== '' && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))

  it.each<[string, string, string]>([
    ['lower case', signFields(FIELDS, 'MD5').toLowerCase(), 'lower case'],
    [
      'empty values',
      md5(join(Object.entries({ ...FIELDS, device_info: '' }).sort(([a], [b]) => (a < b ? -1 : 1)))),
      'Empty values'
    ],
    ['CDATA', md5(join(sorted(FIELDS).map(([name, value]) => [name, `<![CDATA[${value}]]>`]))), 'CDATA'],
    [
      'URL encoding',
      md5(join(sorted(FIELDS).map(([name, value]) => [name, encodeURIComponent(String(value))]))),
      'URL-encoded'
    ],
    ['XML escapes', md5(join(sorted({ ...FIELDS, body: ' 咖啡 &amp; &lt;茶&gt; ' }))), 'escaped for XML'],
    ['trimming', md5(join(sorted({ ...FIELDS, body: '咖啡 & <茶>' }))), 'trimmed'],
    [
      'no sorting',
      md5(join(Object.entries(FIELDS).filter(([, value]) => value !== '' && value !== undefined))),
      'not sorted'
    ],
    [
      'sorting without case',
      md5(join(sorted(FIELDS).sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))),
      'without regard to case'
    ],
    ['sign_type left out', md5(join(sorted({ ...FIELDS, sign_type: undefined }))), 'sign_type was sent but not signed']
  ])('recognises %s', (_what, sign, expected) => {
    const { matches, causes } = explain({ ...FIELDS, sign })
    expect(matches).toBeUndefined()
    expect(causes[0]?.en).toContain(expected)
    expect(causes[0]?.isCertain).toBe(true)
  })

  it('falls back to the usual causes for another key', () => {
    const { causes } = explain({ ...FIELDS, sign: signFields(FIELDS, 'MD5', OTHER_KEY) })
    expect(causes[0]).toMatchObject({ isCertain: false, en: expect.stringContaining('not the API v2 key') })
  })

  it('notices a key of another length', () => {
    expect(explainSign(FIELDS, { apiKey: 'short' }).causes[0]?.en).toContain('5 characters')
  })

  it('never shows the key', () => {
    const shown = JSON.stringify(explain({ ...FIELDS, sign: 'X' }))
    expect(shown).not.toContain(API_KEY)
  })

  it.each<[unknown, string]>([
    [null, 'ERR_INVALID_PARAM'],
    [[], 'ERR_INVALID_PARAM'],
    ['not xml', 'ERR_BODY_MALFORMED']
  ])('refuses %j', async (params, code) => {
    expect(await codeOf(() => explainSign(params as never, { apiKey: API_KEY }))).toBe(code)
    expect(await codeOf(() => explainSign({}, {} as never))).toBe('ERR_CONFIG')
  })
})
