import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decryptReqInfo, encryptReqInfo, payV2SignString, signPayV2 } from '../../src/simulator/crypto/pay-v2.ts'
import {
  decryptResource,
  decryptSensitive,
  encryptResource,
  encryptSensitive,
  payV3AnswerMessage,
  payV3RequestMessage,
  signPayV3,
  verifyPayV3
} from '../../src/simulator/crypto/pay-v3.ts'

// Every file has some of these.
interface Vector {
  id: string
  input: {
    params: Record<string, string>
    key: string
    reqInfo: string
    method: string
    url: string
    timestamp: string
    nonceStr: string
    body: string
    headers: Record<string, string>
    apiV3Key: string
    resource: { ciphertext: string; nonce: string; associated_data?: string }
    ciphertext: string
  }
  expected: {
    stringA: string
    MD5: string
    'HMAC-SHA256': string
    plaintext: string
    message: string
    signature: string
    valid: boolean
  }
}

interface VectorFile {
  keys: Record<string, string>
  vectors: Vector[]
}

const load = (name: string): VectorFile =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as VectorFile

// The simulator has its own crypto: what it accepts and sends is checked against the same vectors as the clients.
describe('v2', () => {
  it.each(load('pay-v2-sign').vectors)('sign: $id', ({ input, expected }) => {
    expect(payV2SignString(input.params)).toBe(expected.stringA)
    expect(signPayV2(input.params, input.key, 'MD5')).toBe(expected.MD5)
    expect(signPayV2(input.params, input.key, 'HMAC-SHA256')).toBe(expected['HMAC-SHA256'])
  })

  it.each(load('pay-v2-refund-notify').vectors)('req_info: $id', ({ input, expected }) => {
    expect(decryptReqInfo(input.reqInfo, input.key)).toBe(expected.plaintext)
    expect(encryptReqInfo(expected.plaintext, input.key)).toBe(input.reqInfo)
  })
})

describe('v3', () => {
  const { keys, vectors } = load('pay-v3-authorization')
  const key = createPrivateKey(keys.merchantPrivateKey ?? '')
  it.each(vectors.filter(({ input }) => input.method))('Authorization: $id', ({ input, expected }) => {
    const url = new URL(input.url)
    const { method, timestamp, nonceStr, body } = input
    const message = payV3RequestMessage(method, url.pathname + url.search, timestamp, nonceStr, body)
    expect(String(message)).toBe(expected.message)
    expect(signPayV3(message, key)).toBe(expected.signature)
    expect(verifyPayV3(message, expected.signature, createPublicKey(key))).toBe(true)
  })

  const answers = load('pay-v3-response-verify')
  const platform = new X509Certificate(answers.keys.platformCertificate ?? '').publicKey
  it.each(answers.vectors)('answer: $id', ({ id, input, expected }) => {
    const { headers, body } = input
    const message = payV3AnswerMessage(headers['Wechatpay-Timestamp'] ?? '', headers['Wechatpay-Nonce'] ?? '', body)
    const fits = verifyPayV3(message, headers['Wechatpay-Signature'] ?? '', platform)
    // Serial and time are the receiver's business; the signature itself is right in these.
    expect(fits).toBe(expected.valid || ['unknown-serial', 'expired'].includes(id))
  })

  it.each(load('pay-v3-resource').vectors.filter(({ input }) => input.resource))('resource: $id', ({ input, expected }) => {
    const { ciphertext, nonce, associated_data: aad } = input.resource
    expect(decryptResource(ciphertext, input.apiV3Key, nonce, aad ?? '')).toBe(expected.plaintext)
    expect(encryptResource(expected.plaintext, input.apiV3Key, nonce, aad ?? '')).toBe(ciphertext)
  })

  const sensitive = load('pay-v3-sensitive')
  it.each(sensitive.vectors)('sensitive: $id', ({ input, expected }) => {
    const privateKey = createPrivateKey(sensitive.keys.recipientPrivateKey ?? '')
    const publicKey = createPublicKey(sensitive.keys.recipientPublicKey ?? '')
    expect(decryptSensitive(input.ciphertext, privateKey)).toBe(expected.plaintext)
    expect(decryptSensitive(encryptSensitive(expected.plaintext, publicKey), privateKey)).toBe(expected.plaintext)
  })
})
