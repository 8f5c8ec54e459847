import { generateKeyPairSync, randomBytes } from 'node:crypto'
import forge from 'node-forge'
import { expect, it } from 'vitest'
import { paySignature, sessionSignature } from '../../src/miniapp/virtual-payment/virtual-payment-signature.ts'
import { additionalData, decryptEnvelope, encryptEnvelope, readEnvelope } from '../../src/wechat-api/api-security/envelope.ts'
import { signedText, signPss, verifyPss } from '../../src/wechat-api/api-security/signature.ts'

// Virtual payment and API security against node-forge, which shares no code with node:crypto.

const URL = 'https://api.weixin.qq.com/wxa/getuserriskrank'
const APP_ID = 'wx0123456789abcdef'
const TEXTS = ['{"a":1}', '{"remark":"茶 & 🍵"}', '']

const hmac = (key: string, text: string) => {
  const mac = forge.hmac.create()
  mac.start('sha256', forge.util.encodeUtf8(key))
  mac.update(forge.util.encodeUtf8(text))
  return mac.digest().toHex()
}
const bytes = (base64: string) => forge.util.decode64(base64)

it('signs virtual payments alike', () => {
  for (const text of TEXTS) {
    const key = randomBytes(16).toString('hex')
    expect(paySignature('/xpay/query_order', text, key)).toBe(hmac(key, `/xpay/query_order&${text}`))
    const sessionKey = randomBytes(16).toString('base64')
    expect(sessionSignature(text, sessionKey)).toBe(hmac(sessionKey, text))
  }
})

it('encrypts and decrypts API security mode alike', () => {
  for (const text of TEXTS.slice(0, 2)) {
    const key = randomBytes(32)
    const iv = randomBytes(12)
    const aad = additionalData(URL, APP_ID, 1_700_000_000, 'sn')
    const sealed = JSON.parse(encryptEnvelope(text, key, iv, aad)) as Record<'iv' | 'data' | 'authtag', string>
    const open = forge.cipher.createDecipher('AES-GCM', key.toString('binary'))
    open.start({
      iv: bytes(sealed.iv),
      additionalData: forge.util.encodeUtf8(aad),
      tag: forge.util.createBuffer(bytes(sealed.authtag))
    })
    open.update(forge.util.createBuffer(bytes(sealed.data)))
    expect(open.finish()).toBe(true)
    expect(forge.util.decodeUtf8(open.output.getBytes())).toBe(text)

    const seal = forge.cipher.createCipher('AES-GCM', key.toString('binary'))
    seal.start({ iv: iv.toString('binary'), additionalData: forge.util.encodeUtf8(aad) })
    seal.update(forge.util.createBuffer(forge.util.encodeUtf8(text)))
    seal.finish()
    const theirs = {
      iv: iv.toString('base64'),
      data: forge.util.encode64(seal.output.getBytes()),
      authtag: forge.util.encode64(seal.mode.tag.getBytes())
    }
    const envelope = readEnvelope(JSON.stringify(theirs)) ?? expect.fail('not an envelope')
    expect(decryptEnvelope(envelope, key, aad)).toBe(text)
  }
})

it('signs and verifies API security mode alike', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const own = forge.pki.privateKeyFromPem(String(privateKey.export({ type: 'pkcs1', format: 'pem' })))
  const pss = () =>
    forge.pss.create({ md: forge.md.sha256.create(), mgf: forge.mgf.mgf1.create(forge.md.sha256.create()), saltLength: 32 })
  for (const body of TEXTS) {
    const signed = signedText(URL, APP_ID, '1700000000', body)
    const text = String(signed)
    const digest = () => {
      const md = forge.md.sha256.create()
      md.update(forge.util.encodeUtf8(text))
      return md
    }
    const theirs = forge.util.encode64(own.sign(digest(), pss()))
    expect(verifyPss(signed, theirs, publicKey)).toBe(true)
    expect(verifyPss(Buffer.from(`${text} `), theirs, publicKey)).toBe(false)
    const key = forge.pki.setRsaPublicKey(own.n, own.e)
    expect(key.verify(digest().digest().getBytes(), bytes(signPss(signed, privateKey)), pss())).toBe(true)
  }
})
