import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from 'weixin-kit'
import { WeChatPay, type WeChatPayOptions } from 'weixin-kit/pay'
import { API_V3_KEY, BASE_OPTIONS, KEYS, MCH_ID, PUBLIC_KEY_ID } from '../../support/pay-v3.ts'

function mistake(changes: object): ConfigError {
  try {
    new WeChatPay({ ...BASE_OPTIONS, ...changes } as WeChatPayOptions)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('accepted')
}

const spki = String(createPublicKey(KEYS.merchantPrivateKey).export({ type: 'spki', format: 'pem' }))
const decimal = BigInt(`0x${KEYS.merchantSerial}`).toString()
const encrypted = String(
  createPrivateKey(KEYS.merchantPrivateKey).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x'
  })
)
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

describe('mistakes are named at construction', () => {
  it.each<[string, object, string, RegExp]>([
    ['a key of 16 bytes', { apiV3Key: API_V3_KEY.slice(16) }, 'apiV3Key', /16 bytes/],
    ['a key of 31 bytes', { apiV3Key: API_V3_KEY.slice(1) }, 'apiV3Key', /31 bytes.*v2/],
    ['a key of 32 characters, but 34 bytes', { apiV3Key: `${API_V3_KEY.slice(1)}密` }, 'apiV3Key', /34 bytes/],
    ['a key in base64', { apiV3Key: Buffer.from(API_V3_KEY).toString('base64') }, 'apiV3Key', /encoded/],
    ['a key with a line break', { apiV3Key: `${API_V3_KEY}\n` }, 'apiV3Key', /line break/],
    ['no key', { apiV3Key: undefined }, 'apiV3Key', /required/],
    ['the option of API v2', { apiKey: API_V3_KEY }, 'apiKey', /API v2/],
    ['a decimal serial', { certSerial: decimal }, 'certSerial', new RegExp(`decimal.*${KEYS.merchantSerial}`)],
    ['a public key id as serial', { certSerial: PUBLIC_KEY_ID }, 'certSerial', /public key/],
    ['a serial that is none', { certSerial: 'apiclient_cert' }, 'certSerial', /hexadecimal/],
    ['no serial', { certSerial: undefined }, 'certSerial', /required/],
    ['a path for a key', { privateKey: './apiclient_key.pem' }, 'privateKey', /path/],
    ['a certificate for a key', { privateKey: KEYS.merchantCertificate }, 'privateKey', /is a certificate/],
    ['a public key for a key', { privateKey: spki }, 'privateKey', /is a public key/],
    ['an encrypted key', { privateKey: encrypted }, 'privateKey', /encrypted/],
    ['a key cut short', { privateKey: KEYS.merchantPrivateKey.slice(0, 900) }, 'privateKey', /damaged/],
    ['bare base64', { privateKey: 'MIIEvgIBADANBgkqhkiG9w0BAQ' }, 'privateKey', /BEGIN/],
    ['a .p12', { privateKey: readFileSync('test/fixtures/pkcs12/modern-aes-256.p12') }, 'privateKey', /\.p12/],
    ['an EC key', { privateKey: ec }, 'privateKey', /RSA/],
    ['a weak key', { privateKey: weak }, 'privateKey', /1024 bits/],
    ['a public KeyObject', { privateKey: createPublicKey(other) }, 'privateKey', /type public/],
    [
      'a key of another certificate',
      { privateKey: other, certificate: KEYS.merchantCertificate },
      'privateKey',
      /belong/
    ],
    [
      'a serial of another certificate',
      { certSerial: KEYS.platformSerial, certificate: KEYS.merchantCertificate },
      'certSerial',
      new RegExp(KEYS.merchantSerial)
    ],
    ['a key for a certificate', { certificate: KEYS.merchantPrivateKey }, 'certificate', /private key/],
    ['no platform keys', { platformKeys: {} }, 'platformKeys', /empty/],
    ['a list of platform keys', { platformKeys: [] }, 'platformKeys', /certificates/],
    [
      'a preferred key that is not there',
      { preferredKey: 'PUB_KEY_ID_0000000000' },
      'preferredKey',
      /does not name a key/
    ],
    ['an unknown option', { platformKey: {} }, 'platformKey', /platformKeys/],
    ['a merchant id that is none', { mchId: 'wx123' }, 'mchId', /digits/]
  ])('%s', (_, changes, option, message) => {
    const error = mistake(changes)
    expect(error.code).toBe('ERR_CONFIG')
    expect(error.option).toBe(option)
    expect(error.message).toMatch(message)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['the merchant certificate', { [KEYS.merchantSerial]: KEYS.merchantCertificate }, /merchant certificate/],
    ['the merchant public key', { [PUBLIC_KEY_ID]: spki }, /your own public key/],
    ['a private key', { [PUBLIC_KEY_ID]: KEYS.platformPrivateKey }, /private key/],
    ['a certificate under a public key id', { [PUBLIC_KEY_ID]: KEYS.platformCertificate }, /serial number/],
    ['a public key under a serial', { [KEYS.platformSerial]: KEYS.platformPublicKey }, /PUB_KEY_ID_/],
    ['another serial than its own', { [KEYS.merchantSerial.slice(0, 38)]: KEYS.platformCertificate }, /7132D72A/],
    ['a decimal serial', { [decimal]: KEYS.platformCertificate }, /decimal/],
    ['a damaged id', { 'PUB_KEY_ID_…': KEYS.platformPublicKey }, /damaged name/],
    ['a path', { [PUBLIC_KEY_ID]: '/etc/pub_key.pem' }, /path/]
  ])('%s as a platform key', (_, platformKeys, message) => {
    const error = mistake({ platformKeys })
    expect(error.option).toMatch(/^platformKeys\[/)
    expect(error.message).toMatch(message)
  })

  it('a merchant certificate is known by its key and by its name too', () => {
    // Under the serial of another certificate of the same merchant.
    expect(
      mistake({ certSerial: KEYS.platformSerial, platformKeys: { [KEYS.merchantSerial]: KEYS.merchantCertificate } })
        .message
    ).toMatch(/merchant certificate/)
  })

  it('an expired platform certificate is not used, and alone it is a mistake', () => {
    const clock = () => Date.UTC(2040, 0)
    const platformKeys = { [KEYS.platformSerial]: KEYS.platformCertificate }
    expect(mistake({ platformKeys, clock }).message).toMatch(/expired/)
    const warnings: string[] = []
    new WeChatPay({
      ...BASE_OPTIONS,
      platformKeys: { ...platformKeys, [PUBLIC_KEY_ID]: KEYS.platformPublicKey },
      clock,
      logger: { warn: (message) => void warnings.push(message) }
    })
    expect(warnings.join()).toMatch(/expired/)
  })
})

describe('what is accepted', () => {
  it.each<[string, Partial<WeChatPayOptions>]>([
    ['bytes', { privateKey: Buffer.from(KEYS.merchantPrivateKey) }],
    ['a KeyObject', { privateKey: createPrivateKey(KEYS.merchantPrivateKey) }],
    [
      'PKCS#1',
      { privateKey: String(createPrivateKey(KEYS.merchantPrivateKey).export({ type: 'pkcs1', format: 'pem' })) }
    ],
    ['Windows line breaks', { privateKey: KEYS.merchantPrivateKey.replaceAll('\n', '\r\n') }],
    [
      'a serial in lower case with colons',
      { certSerial: KEYS.merchantSerial.toLowerCase().replace(/(..)(?=.)/g, '$1:') }
    ],
    [
      'both kinds of key',
      { platformKeys: { [PUBLIC_KEY_ID]: KEYS.platformPublicKey, [KEYS.platformSerial]: KEYS.platformCertificate } }
    ],
    ['certificates', { platformKeys: 'certificates' }]
  ])('%s', (_, changes) => {
    expect(new WeChatPay({ ...BASE_OPTIONS, ...changes }).mchId).toBe(MCH_ID)
  })

  it('a certificate in place of the serial number', () => {
    const { certSerial: _, ...rest } = BASE_OPTIONS
    const pay = new WeChatPay({ ...rest, certificate: KEYS.merchantCertificate })
    expect(pay.certificate).toMatchObject({ serial: KEYS.merchantSerial, notAfter: expect.any(Date) })
    expect(new WeChatPay(BASE_OPTIONS).certificate).toBeUndefined()
  })
})

it('no secret shows in inspect, JSON or messages', () => {
  const pay = new WeChatPay(BASE_OPTIONS)
  const shown = inspect(pay, { depth: 10, showHidden: true }) + JSON.stringify(pay)
  const bare = KEYS.merchantPrivateKey.split('\n')[3] ?? ''
  for (const secret of [API_V3_KEY, bare]) expect(shown).not.toContain(secret)
  expect(mistake({ privateKey: KEYS.merchantPrivateKey.slice(0, 900) }).message).not.toContain(bare)
  expect(inspect(mistake({ privateKey: KEYS.merchantPrivateKey.slice(0, 900) }))).not.toContain(bare)
  expect(mistake({ apiV3Key: `${API_V3_KEY}x` }).message).not.toContain(API_V3_KEY)
})
