import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  additionalData,
  decryptEnvelope,
  encryptEnvelope,
  readEnvelope
} from '../../src/wechat-api/api-security/envelope.ts'
import { signedText, signPss, verifyPss } from '../../src/wechat-api/api-security/signature.ts'

interface Vector {
  id: string
  input: {
    kind: 'encrypt' | 'decrypt' | 'verifyRequest' | 'verifyResponse'
    url: string
    timestamp: number
    iv?: string
    plaintext?: string
    body?: string
    sn?: string
    signature?: string
    extraLine?: string
    suffix?: string
    headers?: Record<string, string>
  }
  expected: { aad?: string; body?: string; plaintext?: string; rejected?: boolean; valid?: boolean }
}

const { keys, vectors } = JSON.parse(
  readFileSync(new URL('./api-security.json', import.meta.url), 'utf8')
) as { keys: Record<string, string>; vectors: Vector[] }
const { appid = '', symmetricSn = '', symmetricKey = '', applicationPrivateKey = '', applicationPublicKey = '' } = keys
const key = Buffer.from(symmetricKey, 'base64')
const of = (kind: Vector['input']['kind']) =>
  vectors.filter(({ input }) => input.kind === kind).map((vector) => [vector.id, vector] as const)

describe('API security: official and derived vectors', () => {
  it.each(of('encrypt'))('%s', (_, { input, expected }) => {
    const aad = additionalData(input.url, appid, input.timestamp, symmetricSn)
    expect(aad).toBe(expected.aad)
    expect(encryptEnvelope(input.plaintext ?? '', key, Buffer.from(input.iv ?? '', 'base64'), aad)).toBe(expected.body)
  })

  it.each(of('decrypt'))('%s', (_, { input, expected }) => {
    const envelope = readEnvelope(input.body ?? '')
    if (!envelope) throw new Error('not an envelope')
    const aad = additionalData(input.url, appid, input.timestamp, input.sn ?? symmetricSn)
    expect(decryptEnvelope(envelope, key, aad)).toBe(expected.rejected ? undefined : expected.plaintext)
  })

  it.each(of('verifyRequest'))('%s', (_, { input, expected }) => {
    const { url, timestamp, body = '', signature = '', extraLine, suffix = '' } = input
    const text = signedText(url, appid, extraLine === undefined ? timestamp : `${timestamp}\n${extraLine}`, body + suffix)
    expect(verifyPss(text, signature, createPublicKey(applicationPublicKey))).toBe(expected.valid)
  })

  it.each(of('verifyResponse'))('%s', (_, { input, expected }) => {
    const headers = new Headers(input.headers)
    const text = signedText(input.url, appid, headers.get('wechatmp-timestamp') ?? '', input.body ?? '')
    const platformKey = new X509Certificate(keys.platformCertificate ?? '').publicKey
    expect(verifyPss(text, headers.get('wechatmp-signature') ?? '', platformKey)).toBe(expected.valid)
  })

  it('signs what the public key verifies, differently each time', () => {
    const text = signedText('https://api.weixin.qq.com/wxa/getuserriskrank', appid, 1635927954, '{}')
    const [first, second] = [1, 2].map(() => signPss(text, createPrivateKey(applicationPrivateKey)))
    expect(first).not.toBe(second)
    expect(verifyPss(text, first ?? '', createPublicKey(applicationPublicKey))).toBe(true)
  })
})
