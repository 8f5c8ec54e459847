import { generateKeyPairSync, KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseBeijingTime, readCertificateInfo, WeChatPayV2 } from 'weixin-kit/pay/v2'
import { formatBeijingTime } from '../../../../src/pay/common/beijing-time.ts'
import { normaliseSerial } from '../../../../src/pay/common/certificate-info.ts'
import { type MerchantCertificates, merchantCertificates } from '../../../support/merchant-certificates.ts'
import { API_KEY, APP_ID, clientWith, codeOf, errorOf, MCH_ID, NOW, signFields } from '../../../support/pay-v2.ts'

const OPTIONS = { appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY }

let certificates: MerchantCertificates
beforeAll(() => {
  certificates = merchantCertificates(MCH_ID)
})

describe('the constructor', () => {
  it.each<[string, Record<string, unknown>]>([
    ['apiKey', { apiKey: 'short' }],
    ['apiKey', { apiKey: `${API_KEY}0` }],
    ['apiKey', { apiKey: ` ${API_KEY.slice(1)}` }],
    ['apiKey', { apiKey: undefined }],
    ['appId', { appId: '' }],
    ['appId', { appId: 'wx 1' }],
    ['mchId', { mchId: 1_900_000_109 }],
    ['mchId', { mchId: '19000x' }],
    ['signType', { signType: 'SHA256' }],
    ['notifyUrl', { notifyUrl: 'https://shop.example.com/?a=1' }],
    ['backupHost', { backupHost: 'https://api2' }],
    ['backupHost', { backupHost: true }],
    ['store', { store: {} }],
    ['sandbox', { sandbox: 'yes' }],
    ['signKey', { sandbox: { signKey: 'short' } }],
    ['ca', { ca: 'no pem' }],
    ['apikey', { apikey: API_KEY }],
    ['clientCertificate', { clientCertificate: {} }],
    ['rejectUnauthorized', { rejectUnauthorized: false }]
  ])('refuses %s: %j', async (option, changes) => {
    const error = await errorOf(() => new WeChatPayV2({ ...OPTIONS, ...changes } as never))
    expect([error.code, error.option]).toEqual(['ERR_CONFIG', option])
    expect(error.message).not.toContain(API_KEY)
  })

  it('shows no secret in inspect, JSON or anywhere on its surface', () => {
    const pay = new WeChatPayV2({ ...OPTIONS, clientCert: { cert: certificates.cert, key: certificates.key } })
    const shown = inspect(pay, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(pay)
    expect(shown).not.toContain(API_KEY)
    expect(shown).not.toContain('PRIVATE KEY')
    expect(shown).toContain(MCH_ID)
  })

  it('does not change the options it was given', () => {
    const options = Object.freeze({
      ...OPTIONS,
      clientCert: Object.freeze({ cert: certificates.cert, key: certificates.key })
    })
    expect(() => new WeChatPayV2(options)).not.toThrow()
  })
})

describe('the client certificate', () => {
  const make = (clientCert: unknown, more = {}) => new WeChatPayV2({ ...OPTIONS, clientCert, ...more } as never)

  it.each<[string, () => unknown]>([
    ['PEM text', () => ({ cert: certificates.cert, key: certificates.key })],
    ['PEM bytes', () => ({ cert: Buffer.from(certificates.cert), key: Buffer.from(certificates.key) })],
    ['a modern .p12, whose passphrase is the merchant id', () => ({ pfx: certificates.modernPfx })],
    ['a legacy .p12 with RC2-40', () => ({ pfx: certificates.legacyPfx })],
    ['a .p12 with a named passphrase', () => ({ pfx: certificates.modernPfx, passphrase: MCH_ID })]
  ])('is read from %s and reported', (_what, clientCert) => {
    const { certificate } = make(clientCert())
    expect(certificate).toMatchObject({ serial: 'A1B2C3D4E', commonName: MCH_ID, merchantId: MCH_ID })
    expect(certificate?.subject).toContain('O=微信商户系统')
    expect(certificate?.notAfter.getTime()).toBeGreaterThan(Date.now())
  })

  it('takes a KeyObject', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(KeyObject).toBeDefined()
    // A key of another pair is noticed.
    expect(() => make({ cert: certificates.cert, key: privateKey })).toThrowError(
      expect.objectContaining({ option: 'clientCert.key' })
    )
  })

  it.each<[string, () => unknown, string, string]>([
    [
      'a wrong passphrase',
      () => ({ pfx: certificates.modernPfx, passphrase: 'wrong' }),
      'ERR_PKCS12_PASSWORD',
      'clientCert.pfx'
    ],
    [
      'a .p12 read as text',
      () => ({ pfx: Buffer.from(certificates.modernPfx.toString('utf8')) }),
      'ERR_PKCS12_ENCODING',
      'clientCert.pfx'
    ],
    ['a path', () => ({ pfx: 'apiclient_cert.p12' }), 'ERR_CONFIG', 'pfx'],
    ['a path as cert', () => ({ cert: 'apiclient_cert.pem', key: certificates.key }), 'ERR_CONFIG', 'clientCert.cert'],
    [
      'key and certificate exchanged',
      () => ({ cert: certificates.key, key: certificates.cert }),
      'ERR_CONFIG',
      'clientCert.key'
    ],
    [
      'the key of another certificate',
      () => ({ cert: certificates.cert, key: certificates.strangerKey }),
      'ERR_CONFIG',
      'clientCert.key'
    ],
    [
      'a damaged key',
      () => ({ cert: certificates.cert, key: certificates.key.replace('A', '!') }),
      'ERR_CONFIG',
      'clientCert.key'
    ],
    [
      'a certificate of somebody else',
      () => ({ cert: certificates.serverCert, key: certificates.serverKey }),
      'ERR_CONFIG',
      'clientCert'
    ],
    ['no key', () => ({ cert: certificates.cert }), 'ERR_CONFIG', 'key'],
    [
      'an unknown name',
      () => ({ cert: certificates.cert, key: certificates.key, password: 'x' }),
      'ERR_CONFIG',
      'password'
    ],
    ['nothing', () => ({}), 'ERR_CONFIG', 'cert'],
    ['text', () => 'apiclient_cert.p12', 'ERR_CONFIG', 'clientCert']
  ])('refuses %s', async (_what, clientCert, code, option) => {
    const error = await errorOf(() => make(clientCert()))
    expect([error.code, String(error.option)]).toEqual([code, option])
    expect(error.stack + error.message + JSON.stringify(error)).not.toContain('PRIVATE KEY-----\n')
  })

  it('must be valid now', async () => {
    const clientCert = { cert: certificates.cert, key: certificates.key }
    const day = 86_400_000
    const { notBefore, notAfter } = readCertificateInfo(certificates.cert)
    const expired = await errorOf(() => make(clientCert, { clock: () => notAfter.getTime() + day }))
    expect(expired.message).toMatch(/A1B2C3D4E expired on \d{4}-/)
    const early = await errorOf(() => make(clientCert, { clock: () => notBefore.getTime() - day }))
    expect(early.message).toContain('valid from')
  })

  it('warns ahead of its end', () => {
    const clientCert = { cert: certificates.cert, key: certificates.key }
    const lines: string[] = []
    const end = readCertificateInfo(certificates.cert).notAfter.getTime()
    for (const days of [31, 29]) {
      const logger = { warn: (message: string) => void lines.push(message) }
      make(clientCert, { logger, clock: () => end - days * 86_400_000 })
    }
    expect(lines).toEqual([expect.stringContaining('A1B2C3D4E expires on')])
  })

  it('must be of this merchant', async () => {
    const other = merchantCertificates('1900000110')
    const error = await errorOf(() => make({ cert: other.cert, key: other.key }))
    expect(error.message).toContain('of merchant 1900000110; expected the one of mchId 1900000109')
    // The passphrase of another merchant's file is another one, too.
    expect(await codeOf(() => make({ pfx: other.modernPfx }))).toBe('ERR_PKCS12_PASSWORD')
  })
})

describe('readCertificateInfo', () => {
  it('writes serial numbers without leading zeros', () => {
    expect(readCertificateInfo(certificates.cert).serial).toBe('A1B2C3D4E')
    expect(normaliseSerial('00ab')).toBe('AB')
    expect(normaliseSerial('00')).toBe('0')
  })

  it.each(['', 'x', Buffer.alloc(0), Buffer.from('x')])('refuses %j', async (input) => {
    expect(await codeOf(() => readCertificateInfo(input))).toBe('ERR_CONFIG')
  })
})

describe('times', () => {
  it('writes and reads Beijing time', async () => {
    expect(formatBeijingTime(new Date(NOW))).toBe('20260301131540')
    expect(formatBeijingTime(new Date(Date.UTC(2025, 11, 31, 16)))).toBe('20260101000000')
    expect(parseBeijingTime('20260301131540').getTime()).toBe(NOW)
    expect(parseBeijingTime('2026-03-01 13:15:40').getTime()).toBe(NOW)
    for (const text of [
      '',
      '20260230131540',
      '20260301251540',
      '2026-03-01T13:15:40',
      '2026030113154',
      'x'.repeat(14)
    ]) {
      expect(await codeOf(() => parseBeijingTime(text))).toBe('ERR_INVALID_PARAM')
    }
  })
})

describe('client parameters', () => {
  const { pay } = clientWith('')

  it('signs appId for a Mini Program, but does not pass it', () => {
    const { appId, ...rest } = pay.jsapiParams('wx1')
    expect(appId).toBe(APP_ID)
    expect(pay.miniProgramParams('wx1')).toEqual(rest)
    expect(rest.paySign).toBe(signFields({ ...rest, appId, paySign: undefined }))
  })

  it('writes timestamp in lower case for the JS-SDK, signed as timeStamp', () => {
    const { timeStamp, ...rest } = pay.miniProgramParams('wx1')
    expect(pay.chooseWxPayParams('wx1')).toEqual({ ...rest, timestamp: timeStamp })
  })

  it('signs red packets of a Mini Program with MD5 and without signType', () => {
    const params = pay.redPackParams('sendid=242e8abd&ver=8&sign=a+b')
    expect(params.package).toBe('sendid%3D242e8abd%26ver%3D8%26sign%3Da%2Bb')
    const { paySign, signType, ...signed } = params
    expect(signType).toBe('MD5')
    expect(paySign).toBe(signFields({ appId: APP_ID, ...signed }, 'MD5'))
  })

  it('uses the app and merchant of the sub merchant in service provider mode, or the app that is named', () => {
    const { pay: provider } = clientWith('', { subAppId: 'wxsub0000000000', subMchId: '1900000999' })
    expect(provider.jsapiParams('wx1').appId).toBe('wxsub0000000000')
    expect(provider.jsapiParams('wx1', { appId: APP_ID }).appId).toBe(APP_ID)
    expect(provider.appParams('wx1')).toMatchObject({ appid: 'wxsub0000000000', partnerid: '1900000999' })
  })

  it.each(['', 'prepay_id=wx1', 'wx 1', 'x'.repeat(65), undefined, 5])('refuses prepay_id %j', async (prepayId) => {
    for (const name of ['jsapiParams', 'miniProgramParams', 'chooseWxPayParams', 'appParams'] as const) {
      expect(await codeOf(() => pay[name](prepayId as never))).toBe('ERR_INVALID_PARAM')
    }
  })

  it('makes the address of an H5 payment', async () => {
    const mweb = 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2'
    expect(pay.h5Url(mweb).href).toBe(mweb)
    expect(pay.h5Url(mweb, new URL('https://shop.example.com/a?b=c&d')).href).toBe(
      `${mweb}&redirect_url=https%3A%2F%2Fshop.example.com%2Fa%3Fb%3Dc%26d`
    )
    for (const bad of ['', 'javascript:alert(1)', '/paid', undefined]) {
      expect(await codeOf(() => pay.h5Url(bad as never))).toBe('ERR_INVALID_PARAM')
      if (bad !== undefined) expect(await codeOf(() => pay.h5Url(mweb, bad))).toBe('ERR_INVALID_PARAM')
    }
    expect(await codeOf(() => pay.redPackParams(''))).toBe('ERR_INVALID_PARAM')
  })
})
