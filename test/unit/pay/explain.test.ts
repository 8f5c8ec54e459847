import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describePayError, knownPayErrorCodes } from 'weixin-kit/pay'
import { KEYS, MCH_ID, NOW, payWith, signedAnswer } from '../../support/pay-v3.ts'

const { pay } = payWith(() => signedAnswer({}))
const nonce = '593BEC0C930BF1AFEB40B4A08C8FB242'
const merchantKey = createPrivateKey(KEYS.merchantPrivateKey)
const path = '/v3/pay/transactions/out-trade-no/a%7Cb?mchid=1900009191'
const body = '{"attach":"茶","url":"https://a/b" }'

function authorization(message: string, changes: Record<string, string> = {}, key = merchantKey): string {
  const parts = {
    mchid: MCH_ID,
    nonce_str: nonce,
    signature: sign('sha256', Buffer.from(message), key).toString('base64'),
    timestamp: String(NOW),
    serial_no: KEYS.merchantSerial,
    ...changes
  }
  return `WECHATPAY2-SHA256-RSA2048 ${Object.entries(parts)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}`
}
const right = `POST\n${path}\n${NOW}\n${nonce}\n${body}\n`

describe('explainSign', () => {
  it('shows what is signed', () => {
    const explained = pay.explainSign({ method: 'get', url: 'https://api.mch.weixin.qq.com/v3/certificates' })
    expect(explained.message).toBe('GET\n/v3/certificates\n<timestamp>\n<nonce_str>\n\n')
    expect(explained.isValid).toBeUndefined()
    expect(explained.causes.length).toBeGreaterThan(2)
  })

  it('says that a signature is right, and does not repeat it', () => {
    const given = authorization(right)
    const explained = pay.explainSign({ method: 'POST', url: path, body, authorization: given })
    expect(explained).toMatchObject({ isValid: true, causes: [], message: right })
    expect(explained.parts).not.toHaveProperty('signature')
  })

  it.each<[string, string, RegExp]>([
    ['the query left out', right.replace('?mchid=1900009191', ''), /query/],
    ['the host signed', right.replace(path, `https://api.mch.weixin.qq.com${path}`), /host/],
    ['the path decoded', right.replace('%7C', '|'), /decoded/],
    ['a method in lower case', right.replace('POST', 'post'), /lower case/],
    ['the last line break missing', right.slice(0, -1), /line break/],
    ['the body left out', right.replace(body, ''), /body was left out/],
    ['the body serialised again', right.replace(body, JSON.stringify(JSON.parse(body))), /serialised again/],
    ['escaped characters', right.replace('茶', '\\u8336'), /escaped/],
    ['escaped slashes', right.replace(body, body.replaceAll('/', '\\/')), /slashes/]
  ])('finds %s', (_, message, cause) => {
    const { isValid, causes } = pay.explainSign({
      method: 'POST',
      url: path,
      body,
      authorization: authorization(message)
    })
    expect(isValid).toBe(false)
    expect(causes).toMatchObject([{ isCertain: true, en: expect.stringMatching(cause), zh: expect.any(String) }])
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['another serial', { serial_no: KEYS.platformSerial }, /serial_no/],
    ['another merchant', { mchid: '1900000109' }, /mchid/],
    ['milliseconds', { timestamp: `${NOW}000` }, /timestamp/]
  ])('finds %s', (_, changes, cause) => {
    const { causes } = pay.explainSign({
      method: 'POST',
      url: path,
      body,
      authorization: authorization(right, changes)
    })
    expect(causes[0]).toMatchObject({ isCertain: true, en: expect.stringMatching(cause) })
  })

  it('another key gives the usual causes', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const given = authorization(right, {}, privateKey)
    const { isValid, causes } = pay.explainSign({ method: 'POST', url: path, body, authorization: given })
    expect(isValid).toBe(false)
    expect(causes[0]).toMatchObject({ isCertain: false, en: expect.stringContaining('private key') })
  })
})

describe('error codes', () => {
  it('all have kind, hint in both languages, and a decision', () => {
    expect(knownPayErrorCodes().length).toBeGreaterThan(50)
    for (const code of knownPayErrorCodes()) {
      const { kind, retryable, hint } = describePayError(code, 400)
      expect(kind).not.toBe('unknown')
      expect(retryable).toBeTypeOf('boolean')
      expect(hint.en).toMatch(/^\S.{20,}\.$/)
      expect(hint.zh).toMatch(/[\u4e00-\u9fff].*。$/)
    }
  })

  it.each<[string, number, string, boolean]>([
    ['PARAM_ERROR', 400, 'request', false],
    ['SIGN_ERROR', 401, 'config', false],
    ['NO_AUTH', 403, 'config', false],
    ['NOT_ENOUGH', 403, 'quota', false],
    ['ORDER_NOT_EXIST', 404, 'state', false],
    ['FREQUENCY_LIMITED', 429, 'rate_limit', true],
    ['SYSTEM_ERROR', 500, 'busy', true],
    ['BANK_ERROR', 500, 'busy', false],
    ['BRAND_NEW', 429, 'rate_limit', true],
    ['BRAND_NEW', 500, 'busy', true],
    ['BRAND_NEW', 403, 'config', false],
    ['constructor', 400, 'unknown', false]
  ])('%s with %i is %s', (code, status, kind, retryable) => {
    expect(describePayError(code, status)).toMatchObject({ kind, retryable })
  })

  it('NO_AUTH names the product that replaced the old ones', () => {
    expect(describePayError('NO_AUTH', 403).hint.en).toContain('pay.transfers')
  })
})
