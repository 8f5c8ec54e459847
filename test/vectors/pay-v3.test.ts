import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WeChatPay } from 'weixin-kit/pay'
import { describe, expect, it } from 'vitest'
import { BASE_OPTIONS, KEYS, payWith, platformHeaders, PUBLIC_KEY_ID, signedAnswer } from '../support/pay-v3.ts'

// Every file has some of these.
interface Vector {
  id: string
  input: {
    mchid: string
    serialNo: string
    timestamp: string
    nonceStr: string
    method: 'GET' | 'POST'
    url: string
    kind: string
    appId: string
    timeStamp: string
    prepayId: string
    headers: Record<string, string>
    body: string
    rawBody: string
    now: number
    apiV3Key: string
    resource: object
    ciphertext: string
  }
  expected: {
    message: string
    signature: string
    authorization: string
    valid: boolean
    plaintext: string
    eventType: string
    resource: { mchid: string; appid: string }
    certificates: { serialNo: string }[]
  }
}
const load = (name: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')).vectors

const attributes = (header: string) =>
  Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))

describe('Authorization', () => {
  for (const { id, input, expected } of load('pay-v3-authorization').slice(0, 3)) {
    it(id, async () => {
      const { mchid, serialNo, timestamp, nonceStr, body, method, url } = input
      const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }, 200, { timestamp: Number(timestamp) }), {
        mchId: mchid,
        certSerial: serialNo,
        nonce: () => nonceStr,
        clock: () => Number(timestamp) * 1000
      })
      const target = new URL(url)
      await pay.request({
        method,
        path: target.pathname,
        query: Object.fromEntries(target.searchParams),
        ...(body ? { body: JSON.parse(body) } : {})
      })
      const sent = fetch.seen[0]
      const header = sent?.headers.get('authorization') ?? ''
      expect(sent?.body).toBe(body)
      expect(header.startsWith('WECHATPAY2-SHA256-RSA2048 ')).toBe(true)
      expect(attributes(header)).toEqual(attributes(expected.authorization))
      expect(attributes(header).signature).toBe(expected.signature)
      expect(pay.explainSign({ method: method, url: url, body: body, authorization: header })).toMatchObject({
        message: expected.message,
        isValid: true,
        causes: []
      })
    })
  }
})

describe('client parameters', () => {
  for (const { id, input, expected } of load('pay-v3-authorization').slice(3)) {
    it(id, () => {
      const { kind, appId, timeStamp, nonceStr, prepayId } = input
      const { pay } = payWith(() => signedAnswer({}), {
        appId: appId,
        nonce: () => nonceStr,
        clock: () => Number(timeStamp) * 1000
      })
      if (kind === 'APP') {
        const params = pay.appParams(prepayId)
        expect(params).toEqual({
          appid: appId,
          partnerid: pay.mchId,
          prepayid: prepayId,
          package: 'Sign=WXPay',
          noncestr: nonceStr,
          timestamp: timeStamp,
          sign: expected.signature
        })
      } else {
        const common = {
          timeStamp,
          nonceStr,
          package: `prepay_id=${prepayId}`,
          signType: 'RSA',
          paySign: expected.signature
        }
        expect(pay.jsapiParams(prepayId)).toEqual({ appId, ...common })
        expect(pay.miniProgramParams(prepayId)).toEqual(common)
      }
    })
  }
})

describe('verification of responses', () => {
  for (const { id, input, expected } of load('pay-v3-response-verify')) {
    it(id, async () => {
      const { headers, body, now } = input
      const { pay } = payWith(
        () => new Response(body === '' ? null : body, { status: body === '' ? 204 : 200, headers }),
        {
          platformKeys: { [PUBLIC_KEY_ID]: KEYS.platformPublicKey, [KEYS.platformSerial]: KEYS.platformCertificate },
          clock: () => now * 1000
        }
      )
      const call = pay.request({ method: 'GET', path: '/v3/x' })
      if (expected.valid) await expect(call).resolves.toEqual(body === '' ? undefined : JSON.parse(body))
      else {
        const code = {
          'tampered-body': 'ERR_SIGNATURE_MISMATCH',
          'signtest-probe': 'ERR_SIGNATURE_PROBE',
          'unknown-serial': 'ERR_SIGNATURE_UNKNOWN_SERIAL',
          expired: 'ERR_SIGNATURE_EXPIRED'
        }[id]
        await expect(call).rejects.toMatchObject({ code })
      }
    })
  }
})

describe('encrypted resources', () => {
  const find = (id: string): Vector => {
    const vector = load('pay-v3-resource').find((candidate) => candidate.id === id)
    if (!vector) throw new Error(`no vector ${id}`)
    return vector
  }

  it('transaction-success: a whole notification', async () => {
    const vector = find('transaction-success')
    const { headers, rawBody, now, apiV3Key } = vector.input
    const expected = vector.expected as { eventType: string; resource: { mchid: string; appid: string } }
    const pay = new WeChatPay({
      ...BASE_OPTIONS,
      apiV3Key,
      mchId: expected.resource.mchid,
      appId: expected.resource.appid,
      clock: () => now * 1000
    })
    const notification = await pay.parseNotification({ headers, body: rawBody })
    expect(notification.event_type).toBe(expected.eventType)
    expect(notification.resource).toEqual(expected.resource)
  })

  for (const id of ['peer-easywechat', 'empty-aad']) {
    it(id, async () => {
      const vector = find(id)
      const { apiV3Key, resource } = vector.input
      const plain = JSON.parse(vector.expected.plaintext ?? '')
      const body = JSON.stringify({ id: 'EV-1', event_type: 'COUPON.USE', resource })
      const pay = new WeChatPay({
        ...BASE_OPTIONS,
        apiV3Key,
        mchId: plain.mchid ?? BASE_OPTIONS.mchId,
        appId: plain.appid ?? 'wxd678efh567hg6787'
      })
      const notification = await pay.parseNotification({ headers: platformHeaders(body), body })
      expect(notification.resource).toEqual(plain)
    })
  }

  it('certificates-body: the list of certificates, which a signature by one of them makes genuine', async () => {
    const vector = find('certificates-body')
    const { apiV3Key, body } = vector.input
    const serial = vector.expected.certificates[0]?.serialNo ?? ''
    const { pay } = payWith(
      ({ url }) => signedAnswer(url.pathname === '/v3/certificates' ? body : { ok: 1 }, 200, { serial }),
      { platformKeys: 'certificates', apiV3Key }
    )
    await expect(pay.request({ method: 'GET', path: '/v3/x' })).resolves.toEqual({ ok: 1 })
    expect(pay.seenPlatformKeys()).toMatchObject([{ id: serial, kind: 'certificate', responses: 1 }])
  })
})

describe('sensitive fields', () => {
  const [merchant, platform] = [KEYS.merchantPrivateKey, KEYS.platformPrivateKey]

  for (const { id, input, expected } of load('pay-v3-sensitive')) {
    it(`${id}: is decrypted`, async () => {
      // The vectors are encrypted for the recipient's key, which is the merchant here.
      expect(createPrivateKey(platform).asymmetricKeyType).toBe('rsa')
      const { pay } = payWith(
        () =>
          signedAnswer({ data: [{ payer_phone: input.ciphertext }] }, 200, {
            key: createPrivateKey(merchant)
          }),
        {
          privateKey: platform,
          platformKeys: { [PUBLIC_KEY_ID]: merchantPublicKey() }
        }
      )
      const answer = await pay.complaints.list({ begin_date: '2026-03-01', end_date: '2026-03-02' })
      expect(answer.data?.[0]?.payer_phone).toBe(expected.plaintext)
    })
  }
})

function merchantPublicKey(): string {
  return String(createPublicKey(KEYS.merchantPrivateKey).export({ type: 'spki', format: 'pem' }))
}
