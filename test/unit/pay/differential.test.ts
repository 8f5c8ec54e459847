import { createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import peer from 'wechatpay-axios-plugin'
import { fcParameters } from '../../support/fc-parameters.ts'
import {
  API_V3_KEY,
  APP_ID,
  KEYS,
  MCH_ID,
  NOW,
  PUBLIC_KEY_ID,
  payWith,
  platformHeaders,
  signedAnswer
} from '../../support/pay-v3.ts'

/** The same work by wechatpay-axios-plugin, another implementation. */
interface Peer {
  Formatter: {
    request(method: string, uri: string, timestamp: string, nonce: string, body: string): string
    response(timestamp: string, nonce: string, body: string): string
    authorization(mchid: string, nonce: string, signature: string, timestamp: string, serial: string): string
    joinedByLineFeed(...parts: string[]): string
  }
  Rsa: {
    sign(message: string, key: unknown): string
    verify(message: string, signature: string, key: unknown): boolean
    encrypt(text: string, key: unknown): string
    decrypt(text: string, key: unknown): string
  }
  Aes: { AesGcm: { encrypt(text: string, key: string, iv: string, aad: string): string } }
}
const { Formatter, Rsa, Aes } = peer as unknown as Peer
const merchantPublicKey = createPublicKey(KEYS.merchantPrivateKey)

const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const parts = (header: string) =>
  Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))

describe('against wechatpay-axios-plugin', () => {
  it('Authorization is the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), text), text, async (query, attach) => {
        const { pay, fetch } = payWith(() => signedAnswer({ ok: 1 }))
        await pay.request({ method: 'POST', path: '/v3/x', query, body: { attach, 中: [attach] } })
        const [sent] = fetch.seen
        const ours = parts(sent?.headers.get('authorization') ?? '')
        const { nonce_str: nonce = '', timestamp = '' } = ours
        const target = `${sent?.url.pathname}${sent?.url.search}`
        const message = Formatter.request('POST', target, timestamp, nonce, sent?.body ?? '')
        const signature = Rsa.sign(message, KEYS.merchantPrivateKey)
        expect(parts(Formatter.authorization(MCH_ID, nonce, signature, timestamp, KEYS.merchantSerial))).toEqual(ours)
      }),
      fcParameters(50)
    )
  })

  it('paySign is the same, and verifies', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^wx[0-9a-z]{10,60}$/), (prepayId) => {
        const { pay } = payWith(() => signedAnswer({}))
        const { timeStamp, nonceStr, package: packed, paySign } = pay.jsapiParams(prepayId)
        const message = Formatter.joinedByLineFeed(APP_ID, timeStamp, nonceStr, packed)
        expect(Rsa.sign(message, KEYS.merchantPrivateKey)).toBe(paySign)
        expect(Rsa.verify(message, paySign, merchantPublicKey)).toBe(true)
      }),
      fcParameters(30)
    )
  })

  it('what the peer signs is verified, and what it refuses is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), text),
        fc.boolean(),
        async (content, isGenuine) => {
          const body = JSON.stringify(content)
          const nonce = 'c5ac7061fccab6bf3e254dcf98995b8c'
          const message = Formatter.response(String(NOW), nonce, body)
          const signature = Rsa.sign(message, KEYS.platformPrivateKey)
          const sent = isGenuine ? body : `${body} `
          const answer = () =>
            new Response(sent, {
              headers: {
                'wechatpay-timestamp': String(NOW),
                'wechatpay-nonce': nonce,
                'wechatpay-signature': signature,
                'wechatpay-serial': PUBLIC_KEY_ID
              }
            })
          const { pay } = payWith(answer)
          const ours = await pay.request({ method: 'GET', path: '/v3/x' }).then(
            () => true,
            (error: { code: string }) => (error.code === 'ERR_SIGNATURE_MISMATCH' ? false : error.code)
          )
          const theirs = Rsa.verify(
            Formatter.response(String(NOW), nonce, sent),
            signature,
            createPublicKey(KEYS.platformPublicKey)
          )
          expect(ours).toBe(theirs)
        }
      ),
      fcParameters(50)
    )
  })

  it('OAEP: each opens what the other encrypts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (name) => {
        const theirs = Rsa.encrypt(name, merchantPublicKey)
        const { pay, fetch } = payWith(() => signedAnswer({ complaint_id: '1', payer_phone: theirs }))
        expect((await pay.complaints.get({ complaint_id: '1' })).payer_phone).toBe(name)
        await pay.request({ method: 'POST', path: '/v3/x', body: { name }, encrypt: ['name'] })
        expect(Rsa.decrypt(JSON.parse(fetch.seen[1]?.body ?? '').name, KEYS.platformPrivateKey)).toBe(name)
      }),
      fcParameters(25)
    )
  })

  it('AES-GCM: what the peer seals is opened', async () => {
    const { pay } = payWith(() => signedAnswer({}))
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.stringMatching(/^[0-9A-Za-z]{12}$/),
        fc.constantFrom('', 'transaction', '交易'),
        async (attach, nonce, aad) => {
          const resource = { mchid: MCH_ID, appid: APP_ID, attach }
          const ciphertext = Aes.AesGcm.encrypt(JSON.stringify(resource), API_V3_KEY, nonce, aad)
          const body = JSON.stringify({
            id: 'EV-1',
            event_type: 'TRANSACTION.SUCCESS',
            resource: { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: aad, ciphertext }
          })
          expect((await pay.parseNotification({ headers: platformHeaders(body), body })).resource).toEqual(resource)
        }
      ),
      fcParameters(100)
    )
  })
})
