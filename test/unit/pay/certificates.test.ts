import { X509Certificate } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { WeixinKitError } from 'weixin-kit'
import type { WeChatPayOptions } from 'weixin-kit/pay'
import { makeCertificate, type TestCertificate } from '../../support/certificates.ts'
import {
  API_V3_KEY,
  KEYS,
  NOW,
  notification,
  PUBLIC_KEY_ID,
  payWith,
  seal,
  signedAnswer
} from '../../support/pay-v3.ts'

const [first, second, third] = [1, 2, 3].map((index) => makeCertificate(`Tenpay.com sign ${index}`)) as [
  TestCertificate,
  TestCertificate,
  TestCertificate
]
const DAY_S = 24 * 3600

function listOf(certificates: readonly TestCertificate[], key = API_V3_KEY) {
  return {
    data: certificates.map(({ pem, serial }) => ({
      serial_no: serial,
      effective_time: '2018-06-08T10:34:56+08:00',
      expire_time: '2028-12-08T10:34:56+08:00',
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce: '0123456789ab',
        associated_data: 'certificate',
        ciphertext: seal(pem, '0123456789ab', 'certificate', key)
      }
    }))
  }
}

/** A platform that signs with one certificate and lists some. */
class Platform {
  listed: TestCertificate[] = [first]
  signer = first
  downloads = 0
  now = NOW
  fail: (() => Response) | undefined

  signed(content: unknown, by = this.signer): Response {
    return signedAnswer(content, 200, { serial: by.serial, key: by.privateKey, timestamp: this.now })
  }

  client(options: Partial<WeChatPayOptions> = {}) {
    return payWith(
      ({ url }) => {
        if (url.pathname !== '/v3/certificates') return this.signed({ ok: 1 })
        this.downloads++
        return this.fail?.() ?? this.signed(listOf(this.listed))
      },
      { platformKeys: 'certificates', clock: () => this.now * 1000, ...options }
    ).pay
  }
}

const call = (pay: { request: (request: { method: 'GET'; path: string }) => Promise<unknown> }) =>
  pay.request({ method: 'GET', path: '/v3/x' })
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof WeixinKitError ? error.code : String(error))
  )

describe('platform certificates', () => {
  it('are downloaded once for many calls at once', async () => {
    const platform = new Platform()
    const pay = platform.client()
    await Promise.all(Array.from({ length: 50 }, () => call(pay)))
    expect(platform.downloads).toBe(1)
    expect(pay.seenPlatformKeys()).toMatchObject([
      { id: first.serial, kind: 'certificate', responses: 50, notifications: 0 }
    ])
  })

  it('are fetched again for an unknown serial, once, and the old one stays good', async () => {
    const platform = new Platform()
    const pay = platform.client()
    await call(pay)
    platform.now += 3600
    platform.listed = [second]
    platform.signer = second
    await Promise.all(Array.from({ length: 20 }, () => call(pay)))
    expect(platform.downloads).toBe(2)
    platform.signer = first
    await call(pay)
    expect(platform.downloads).toBe(2)
    expect(pay.seenPlatformKeys().map(({ id }) => id)).toEqual([first.serial, second.serial])
  })

  it('are not fetched for every made-up serial', async () => {
    const platform = new Platform()
    const pay = platform.client()
    await call(pay)
    platform.now += 61
    for (let index = 0; index < 30; index++) {
      const serial = `7132D72A03E93CDDF8C03BBD1F37EEDF6A4E5D${String(index).padStart(2, '0')}`
      const forged = notification('TRANSACTION.SUCCESS', {}, { serial, timestamp: platform.now })
      expect(await codeOf(pay.parseNotification(forged))).toBe('ERR_SIGNATURE_UNKNOWN_SERIAL')
    }
    expect(platform.downloads).toBe(2)
    for (const serial of ['PUB_KEY_ID_0000000000', '../../x', 'x'.repeat(5000)]) {
      platform.now += 61
      const forged = notification('TRANSACTION.SUCCESS', {}, { serial, timestamp: platform.now })
      expect(await codeOf(pay.parseNotification(forged))).toBe('ERR_SIGNATURE_UNKNOWN_SERIAL')
    }
    expect(platform.downloads).toBe(2)
  })

  it('are refreshed in the background after half a day', async () => {
    const platform = new Platform()
    const pay = platform.client()
    await call(pay)
    platform.now += DAY_S / 2 + 1
    platform.listed = [first, third]
    await call(pay)
    await vi.waitFor(() => expect(platform.downloads).toBe(2))
    platform.signer = third
    for (let calls = 0; calls < 5; calls++) {
      platform.now += 3_600
      await call(pay)
    }
    expect(platform.downloads).toBe(2)
  })

  it('that cannot be refreshed leave the known ones in use', async () => {
    const platform = new Platform()
    const warnings: string[] = []
    const pay = platform.client({ logger: { warn: (message) => void warnings.push(message) } })
    await call(pay)
    platform.now += DAY_S
    platform.fail = () => new Response('', { status: 503 })
    await call(pay)
    await vi.waitFor(() => expect(warnings.join()).toContain('could not be refreshed'))
    expect(platform.downloads).toBe(2)
    await call(pay)
  })

  it('after a failed download are tried again, but not by each call of a flood', async () => {
    const platform = new Platform()
    platform.fail = () => new Response('', { status: 503 })
    const pay = platform.client()
    for (let index = 0; index < 10; index++) expect(await codeOf(call(pay))).toMatch(/^ERR_/)
    expect(platform.downloads).toBe(1)
    platform.fail = undefined
    platform.now += 6
    await call(pay)
    expect(platform.downloads).toBe(2)
  })

  it('are dropped when they expire', async () => {
    const platform = new Platform()
    const short = makeCertificate('Tenpay.com sign short', { days: 1 })
    platform.listed = [short]
    platform.signer = short
    const notAfter = Date.parse(new X509Certificate(short.pem).validTo) / 1000
    platform.now = notAfter - 10
    const pay = platform.client()
    await call(pay)
    platform.now = notAfter + 1
    expect(await codeOf(call(pay))).toMatch(/^ERR_SIGNATURE_UNKNOWN_SERIAL$/)
  })

  it('are downloaded on demand and at times also after the clock was set back', async () => {
    const platform = new Platform()
    const pay = platform.client()
    await call(pay)
    expect(platform.downloads).toBe(1)
    platform.now -= 3600
    platform.listed = [first, second]
    platform.signer = second
    await call(pay)
    expect(platform.downloads).toBe(2)
  })

  it('are not forgotten because the clock was wrong for a while', async () => {
    const platform = new Platform()
    const pay = platform.client({ platformKeys: { [third.serial]: third.pem }, downloadCertificates: true })
    await call(pay)
    platform.now += 20 * 365 * DAY_S
    await codeOf(pay.refreshCertificates())
    platform.now = NOW + 60
    platform.fail = () => new Response('', { status: 500 })
    platform.signer = third
    expect(await codeOf(call(pay))).toBe('accepted')
  })

  it('are chosen newest first for encrypted fields', async () => {
    const platform = new Platform()
    const older = makeCertificate('Tenpay.com sign old', { days: 300 })
    const newer = makeCertificate('Tenpay.com sign new', { days: 1000 })
    platform.listed = [newer, older]
    platform.signer = older
    const sent: (string | null)[] = []
    const { pay } = payWith(
      ({ url, headers }) => {
        sent.push(headers.get('wechatpay-serial'))
        return platform.signed(url.pathname === '/v3/certificates' ? listOf(platform.listed) : { ok: 1 })
      },
      { platformKeys: 'certificates' }
    )
    await call(pay)
    await pay.request({ method: 'POST', path: '/v3/x', body: { name: 'x' }, encrypt: ['name'] })
    // Named only where something is encrypted: in certificate mode the platform chooses.
    expect(sent).toEqual([null, null, newer.serial])
  })

  it.each<[string, (platform: Platform) => Response, string]>([
    [
      'not signed by one of them',
      (platform) => platform.signed(listOf([second]), first),
      'ERR_SIGNATURE_UNKNOWN_SERIAL'
    ],
    [
      'signed by a stranger under their serial',
      (platform) => platform.signed(listOf([first]), { ...second, serial: first.serial }),
      'ERR_SIGNATURE_MISMATCH'
    ],
    [
      'encrypted with another APIv3 key',
      (platform) => platform.signed(listOf([first], 'A'.repeat(32))),
      'ERR_DECRYPT_KEY'
    ],
    [
      'announced under another serial',
      (platform) => platform.signed({ data: [{ ...listOf([first]).data[0], serial_no: second.serial }] }),
      'ERR_UNEXPECTED_RESPONSE'
    ],
    ['empty', (platform) => platform.signed({ data: [] }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no list', (platform) => platform.signed('null'), 'ERR_UNEXPECTED_RESPONSE'],
    ['not signed at all', () => new Response(JSON.stringify(listOf([first]))), 'ERR_SIGNATURE_MISSING']
  ])('that are %s are refused', async (_, fail, code) => {
    const platform = new Platform()
    platform.fail = () => fail(platform)
    expect(await codeOf(platform.client().refreshCertificates())).toBe(code)
  })

  it('a probe for the list is asked for again', async () => {
    const platform = new Platform()
    let index = 0
    platform.fail = () =>
      signedAnswer(listOf([first]), 200, {
        serial: first.serial,
        key: first.privateKey,
        ...(index++ === 0 ? { prefix: 'WECHATPAY/SIGNTEST/' } : {})
      })
    await call(platform.client())
    expect(platform.downloads).toBe(2)
  })

  it.each<[string, () => Response]>([
    ['with a refusal', () => signedAnswer({ code: 'NO_AUTH', message: 'x' }, 403)],
    ['with 401', () => new Response('{"code":"SIGN_ERROR","message":"x"}', { status: 401 })],
    [
      'without a connection',
      () => {
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
      }
    ]
  ])('a download that fails %s never passes for the outcome of the call that needed it', async (_, fail) => {
    const platform = new Platform()
    const paths: string[] = []
    const { pay } = payWith(
      ({ url, method }) => {
        paths.push(`${method} ${url.pathname}`)
        return url.pathname === '/v3/certificates' ? fail() : platform.signed({ out_bill_no: 'W1' })
      },
      { platformKeys: 'certificates', maxRetries: 2 }
    )
    const transfer = {
      out_bill_no: 'W1',
      transfer_scene_id: '1009',
      openid: 'o',
      transfer_amount: 100,
      transfer_remark: 'x',
      transfer_scene_report_infos: [{ info_type: '采购商品名称', info_content: 'x' }]
    }
    // The transfer was answered, perhaps executed: neither repeated nor called refused.
    await expect(pay.transfers.create(transfer)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      cause: { code: 'ERR_SIGNATURE_UNKNOWN_SERIAL' }
    })
    expect(paths.filter((path) => path.includes('transfer-bills'))).toHaveLength(1)
  })

  it('404: the merchant has none, and the error says so', async () => {
    const platform = new Platform()
    platform.fail = () => signedAnswer({ code: 'RESOURCE_NOT_EXISTS', message: '无可用的平台证书' }, 404)
    await expect(platform.client().refreshCertificates()).rejects.toMatchObject({
      code: 'ERR_WECHAT_PAY',
      upstreamCode: 'RESOURCE_NOT_EXISTS',
      hint: { en: expect.stringContaining('PUB_KEY_ID_'), zh: expect.stringContaining('公钥') }
    })
  })
})

describe('both kinds in one ring', () => {
  const both = {
    [PUBLIC_KEY_ID]: KEYS.platformPublicKey,
    [`0${first.serial}`.slice(-40)]: first.pem
  }

  it('verify what comes, and seenPlatformKeys() tells which', async () => {
    const { pay } = payWith(() => signedAnswer({ ok: 1 }), { platformKeys: both, furtherAppIds: [] })
    await call(pay)
    const resource = { mchid: pay.mchId, appid: pay.appId }
    await pay.parseNotification(
      notification('TRANSACTION.SUCCESS', resource, { serial: first.serial, key: first.privateKey })
    )
    // Serial numbers are compared without leading zeros.
    await pay.parseNotification(
      notification('TRANSACTION.SUCCESS', resource, { serial: `00${first.serial}`, key: first.privateKey })
    )
    expect(pay.seenPlatformKeys()).toMatchObject([
      { id: PUBLIC_KEY_ID, kind: 'publicKey', responses: 1, notifications: 0, lastSeenAt: new Date(NOW * 1000) },
      { id: first.serial, kind: 'certificate', responses: 0, notifications: 2 }
    ])
  })

  it('what is refused is not seen', async () => {
    const { pay } = payWith(() => signedAnswer({ ok: 1 }, 200, { signed: 'x' }), { platformKeys: both })
    expect(await codeOf(call(pay))).toBe('ERR_SIGNATURE_MISMATCH')
    expect(pay.seenPlatformKeys()).toEqual([])
  })

  it('preferredKey chooses for encryption and for responses', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ ok: 1 }), { platformKeys: both, preferredKey: first.serial })
    await pay.request({ method: 'POST', path: '/v3/x', body: { name: 'x' }, encrypt: ['name'] })
    expect(fetch.seen[0]?.headers.get('wechatpay-serial')).toBe(first.serial)
  })

  it('an unknown key of either kind is named with the cure', async () => {
    const { pay } = payWith(() => signedAnswer({ ok: 1 }, 200, { serial: 'PUB_KEY_ID_0000000000' }))
    await expect(call(pay)).rejects.toThrow(/Add this WeChat Pay public key to platformKeys/)
    const other = payWith(() => signedAnswer({ ok: 1 }, 200, { serial: KEYS.platformSerial }))
    await expect(call(other.pay)).rejects.toThrow(/downloadCertificates: true/)
  })
})
