import { createPrivateKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore, WeixinKitError } from 'weixin-kit'
import { WeChatPay, type WeChatPayOptions } from 'weixin-kit/pay'
import { fcParameters } from '../../support/fc-parameters.ts'
import {
  APP_ID,
  BASE_OPTIONS,
  KEYS,
  MCH_ID,
  NOW,
  notification,
  PUBLIC_KEY_ID,
  platformHeaders,
  seal
} from '../../support/pay-v3.ts'

const TRANSACTION = {
  appid: APP_ID,
  mchid: MCH_ID,
  out_trade_no: 'T202603010001',
  transaction_id: '1217752501201407033233368018',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  success_time: '2018-06-08T10:34:56+08:00',
  attach: '茶 🍵',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 1980, payer_total: 1980, currency: 'CNY', payer_currency: 'CNY' }
}
const client = (options: Partial<WeChatPayOptions> = {}) => new WeChatPay({ ...BASE_OPTIONS, ...options })
const pay = client()
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof WeixinKitError ? error.code : String(error))
  )

describe('parseNotification', () => {
  it('takes headers and bodies in every form', async () => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const canonical = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.replace(/(^|-)./g, (part) => part.toUpperCase()), value])
    )
    for (const form of [headers, canonical, new Headers(headers)]) {
      for (const bytes of [body, Buffer.from(body), new TextEncoder().encode(body)]) {
        const parsed = await pay.parseNotification({ headers: form, body: bytes })
        expect(parsed).toEqual({
          id: 'EV-2018022511223320873',
          create_time: '2018-06-08T10:34:56+08:00',
          kind: 'payment',
          resource_type: 'encrypt-resource',
          event_type: 'TRANSACTION.SUCCESS',
          summary: 'x',
          original_type: 'transaction',
          resource: TRANSACTION
        })
      }
    }
  })

  it('names the cure when a body parser ran first', async () => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const error = await pay.parseNotification({ headers, body: JSON.parse(body) }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
    expect(String(error)).toMatch(/Express.*Koa.*Fastify/)
  })

  it('refuses a body that was parsed and written again', async () => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const rewritten = JSON.stringify(JSON.parse(body), undefined, 1)
    expect(await codeOf(pay.parseNotification({ headers, body: rewritten }))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it.each([
    [300, 'accepted'],
    [299, 'accepted'],
    [-299, 'accepted'],
    [-300, 'accepted'],
    [301, 'ERR_SIGNATURE_EXPIRED'],
    [-301, 'ERR_SIGNATURE_EXPIRED']
  ])('%i s of age: %s', async (age, expected) => {
    const skewed = client({ clock: () => (NOW + age) * 1000 + 999 })
    expect(await codeOf(skewed.parseNotification(notification('TRANSACTION.SUCCESS', TRANSACTION)))).toBe(expected)
  })

  it.each(['', 'abc', '1e9', '0x66b0a1b5', '-1722850421', '1722850421.0', ' 1722850421', '99999999999999'])(
    'the time %j is none',
    async (timestamp) => {
      const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION, { timestamp })
      expect(await codeOf(pay.parseNotification({ headers, body }))).toMatch(/^ERR_SIGNATURE_(EXPIRED|MISSING)$/)
    }
  )

  it.each(['timestamp', 'nonce', 'signature', 'serial'])('without Wechatpay-%s it is refused', async (name) => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    delete headers[`wechatpay-${name}`]
    const error = await pay.parseNotification({ headers, body }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_SIGNATURE_MISSING' })
    expect(String(error).toLowerCase()).toContain(`wechatpay-${name}`)
  })

  it.each<[string, string, Parameters<typeof notification>[2]]>([
    ['a probe', 'ERR_SIGNATURE_PROBE', { prefix: 'WECHATPAY/SIGNTEST/' }],
    ['another key', 'ERR_SIGNATURE_MISMATCH', { key: createPrivateKey(KEYS.merchantPrivateKey) }],
    ['an unknown public key', 'ERR_SIGNATURE_UNKNOWN_SERIAL', { serial: 'PUB_KEY_ID_0000000000' }],
    ['an unknown certificate', 'ERR_SIGNATURE_UNKNOWN_SERIAL', { serial: KEYS.merchantSerial }],
    ['another APIv3 key', 'ERR_DECRYPT_KEY', { apiV3Key: 'A'.repeat(32) }]
  ])('%s: %s', async (_, code, how) => {
    expect(await codeOf(pay.parseNotification(notification('TRANSACTION.SUCCESS', TRANSACTION, how)))).toBe(code)
  })

  it.each<[string, object, string]>([
    ['another merchant', { ...TRANSACTION, mchid: '1900000109' }, 'ERR_DECRYPT_APPID'],
    ['no merchant', { ...TRANSACTION, mchid: undefined }, 'ERR_DECRYPT_APPID'],
    ['another app', { ...TRANSACTION, appid: 'wxother' }, 'ERR_DECRYPT_APPID'],
    ['another provider', { ...TRANSACTION, mchid: undefined, sp_mchid: '1900000109' }, 'ERR_DECRYPT_APPID'],
    ['two merchants', { ...TRANSACTION, sp_mchid: '1900000109' }, 'ERR_DECRYPT_APPID'],
    ['a merchant as a number', { ...TRANSACTION, mchid: Number(MCH_ID) }, 'ERR_DECRYPT_APPID'],
    ['a list', [], 'ERR_DECRYPT_MALFORMED']
  ])('about %s it is refused', async (_, resource, code) => {
    expect(await codeOf(pay.parseNotification(notification('TRANSACTION.SUCCESS', resource)))).toBe(code)
  })

  it('about another app of the merchant it is taken when that app is named', async () => {
    const both = client({ furtherAppIds: ['wxother'] })
    const about = (appid: string) =>
      both.parseNotification(notification('TRANSACTION.SUCCESS', { ...TRANSACTION, appid }))
    expect((await about('wxother')).resource).toMatchObject({ appid: 'wxother' })
    expect(await codeOf(about('wxthird'))).toBe('ERR_DECRYPT_APPID')
  })

  it.each<[string, (envelope: { resource: object; [name: string]: unknown }) => unknown]>([
    ['no id', ({ id: _, ...rest }) => rest],
    ['no event_type', ({ event_type: _, ...rest }) => rest],
    ['no resource', ({ resource: _, ...rest }) => rest],
    ['another algorithm', (all) => ({ ...all, resource: { ...all.resource, algorithm: 'AES_CBC' } })],
    ['a nonce of another length', (all) => ({ ...all, resource: { ...all.resource, nonce: '0123456789abcdef' } })],
    ['an empty ciphertext', (all) => ({ ...all, resource: { ...all.resource, ciphertext: '' } })],
    ['a ciphertext shorter than its tag', (all) => ({ ...all, resource: { ...all.resource, ciphertext: 'AAAA' } })],
    ['associated data that are no text', (all) => ({ ...all, resource: { ...all.resource, associated_data: 1 } })],
    ['a list', () => []],
    ['null', () => null]
  ])('signed, but with %s: a typed error', async (_, change) => {
    const { body } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const changed = JSON.stringify(change(JSON.parse(body)))
    expect(await codeOf(pay.parseNotification({ headers: platformHeaders(changed), body: changed }))).toMatch(
      /^ERR_(BODY|DECRYPT)_MALFORMED$/
    )
  })

  it('big numbers and raw control characters survive', async () => {
    const plain = `{"mchid":"${MCH_ID}","appid":"${APP_ID}","attach":"a\u0001b","id":12345678901234567890}`
    const { body } = notification('TRANSACTION.SUCCESS', {})
    const envelope = JSON.parse(body)

    envelope.resource.ciphertext = seal(plain)
    const changed = JSON.stringify(envelope)
    const parsed = await pay.parseNotification({ headers: platformHeaders(changed), body: changed })
    expect(parsed.resource).toMatchObject({ attach: 'a\u0001b', id: '12345678901234567890' })
  })

  it('a signature header that comes twice is refused', async () => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const twice = { ...headers, 'wechatpay-signature': [headers['wechatpay-signature'] ?? '', 'AAAA'] }
    expect(await codeOf(pay.parseNotification({ headers: twice, body }))).toBe('ERR_SIGNATURE_MISSING')
  })

  it('a flipped bit anywhere is refused', async () => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const bytes = Buffer.from(body)
    const names = Object.keys(headers)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('body', ...names), fc.nat(), fc.nat(7), async (place, position, bit) => {
        const flip = (source: Buffer) => {
          const copy = Buffer.from(source)
          const at = position % copy.length
          copy[at] = (copy[at] ?? 0) ^ (1 << bit)
          return copy
        }
        const raw =
          place === 'body'
            ? { headers, body: flip(bytes) }
            : {
                headers: { ...headers, [place]: flip(Buffer.from(headers[place] ?? '')).toString('latin1') },
                body: bytes
              }
        expect(await codeOf(pay.parseNotification(raw))).toMatch(/^ERR_SIGNATURE_/)
      }),
      fcParameters(600)
    )
  })

  it('a flipped bit in ciphertext, tag, nonce or associated data is refused although the envelope is signed anew', async () => {
    const { body } = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const { resource, ...envelope } = JSON.parse(body)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('ciphertext', 'tag', 'nonce', 'associated_data'),
        fc.nat(),
        fc.nat(7),
        async (place, position, bit) => {
          const changed = { ...resource }
          if (place === 'ciphertext' || place === 'tag') {
            const sealed = Buffer.from(resource.ciphertext, 'base64')
            const at = place === 'tag' ? sealed.length - 1 - (position % 16) : position % sealed.length
            sealed[at] = (sealed[at] ?? 0) ^ (1 << bit)
            changed.ciphertext = sealed.toString('base64')
          } else {
            const text = Buffer.from(resource[place])
            const at = position % text.length
            // Within ASCII, so that it stays one byte.
            text[at] = (text[at] ?? 0) ^ (1 << (bit % 7))
            changed[place] = text.toString('latin1')
          }
          const signed = JSON.stringify({ ...envelope, resource: changed })
          expect(await codeOf(pay.parseNotification({ headers: platformHeaders(signed), body: signed }))).toMatch(
            /^ERR_DECRYPT_(KEY|MALFORMED)$/
          )
        }
      ),
      fcParameters(300)
    )
  })

  it('arbitrary bytes and headers give a typed error', async () => {
    const header = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant(String(NOW)),
      fc.constant(PUBLIC_KEY_ID)
    )
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(header, { minLength: 4, maxLength: 4 }),
        async (body, values) => {
          const [timestamp, nonce, signature, serial] = values as [string, string, string, string]
          const headers = {
            'wechatpay-timestamp': timestamp,
            'wechatpay-nonce': nonce,
            'wechatpay-signature': signature,
            'wechatpay-serial': serial
          }
          expect(await codeOf(pay.parseNotification({ headers, body }))).toMatch(/^ERR_SIGNATURE_/)
        }
      ),
      fcParameters(300)
    )
  })

  it('arbitrary signed bodies give a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        expect(await codeOf(pay.parseNotification({ headers: platformHeaders(body), body }))).toMatch(
          /^ERR_(BODY|DECRYPT)_/
        )
      }),
      fcParameters(200)
    )
  })
})

describe('notifyHandler', () => {
  const deliver = (
    handler: (request: Request) => Promise<Response>,
    { body, headers }: { body: string; headers: Record<string, string> },
    method = 'POST'
  ) =>
    handler(
      new Request(
        'https://shop.example.com/notify',
        method === 'POST' ? { method, headers, body } : { method, headers }
      )
    )

  it('answers 204 only after the callback resolved', async () => {
    const order: string[] = []
    const handler = pay.notifyHandler({
      onPaid: async (transaction, { event_type }) => {
        await Promise.resolve()
        order.push(`${event_type} ${transaction.out_trade_no} ${transaction.amount.total}`)
      }
    })
    const response = await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))
    expect(order).toEqual(['TRANSACTION.SUCCESS T202603010001 1980'])
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  it('answers 500 with JSON when the callback fails, and runs it again for the next delivery', async () => {
    let calls = 0
    const errors: unknown[] = []
    const handler = client().notifyHandler({
      onPaid: async () => {
        if (calls++ === 0) throw new Error('secret detail of the database')
      },
      onError: (error) => void errors.push(error)
    })
    const refused = await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))
    expect(refused.status).toBe(500)
    expect(await refused.json()).toEqual({ code: 'FAIL', message: 'FAIL' })
    expect(String(errors[0])).toContain('secret detail')
    expect((await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))).status).toBe(204)
    expect(calls).toBe(2)
  })

  it('runs the callback once for redeliveries, replays, another id of the same event, and other processes', async () => {
    const store = memoryStore()
    const calls: string[] = []
    const handlers = ['a', 'b'].map((process) =>
      client({ store }).notifyHandler({ onPaid: () => void calls.push(process) })
    )
    for (const handler of handlers) {
      for (const id of ['EV-1', 'EV-1', 'EV-2']) {
        expect((await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION, { id }))).status).toBe(204)
      }
    }
    expect(calls).toEqual(['a'])
  })

  it('two deliveries at once: one runs, the other is put off', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let calls = 0
    const handler = client().notifyHandler({
      onPaid: async () => {
        calls++
        await gate
      }
    })
    const first = deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))
    const second = await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))
    expect(second.status).toBe(503)
    release()
    expect((await first).status).toBe(204)
    expect(calls).toBe(1)
  })

  it('one store keeps merchants and events apart', async () => {
    const store = memoryStore()
    const calls: unknown[] = []
    const take = (options: Partial<WeChatPayOptions>) =>
      client({ store, ...options }).notifyHandler({
        onPaid: ({ mchid, out_trade_no }) => void calls.push([mchid, out_trade_no]),
        onRefund: ({ refund_status }) => void calls.push(refund_status)
      })
    const refund = {
      mchid: MCH_ID,
      refund_id: '5',
      out_refund_no: 'R1',
      out_trade_no: 'T1',
      transaction_id: '4',
      amount: {}
    }
    await deliver(take({}), notification('TRANSACTION.SUCCESS', TRANSACTION))
    await deliver(
      take({ mchId: '1900000109' }),
      notification('TRANSACTION.SUCCESS', { ...TRANSACTION, mchid: '1900000109' })
    )
    await deliver(take({}), notification('REFUND.ABNORMAL', { ...refund, refund_status: 'ABNORMAL' }))
    await deliver(take({}), notification('REFUND.SUCCESS', { ...refund, refund_status: 'SUCCESS' }))
    expect(calls).toEqual([[MCH_ID, 'T202603010001'], ['1900000109', 'T202603010001'], 'ABNORMAL', 'SUCCESS'])
  })

  it('sends every kind to its callback', async () => {
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(name)
    const handler = client().notifyHandler({
      onPaid: note('transaction'),
      onPartnerPaid: note('partner'),
      onCombinedPaid: note('combined'),
      onRefund: note('refund'),
      onTransfer: note('transfer'),
      on: { 'COMPLAINT.CREATE': note('complaint'), '*': note('rest') }
    })
    const { mchid: _, appid: __, ...rest } = TRANSACTION
    const partner = { ...rest, sp_mchid: MCH_ID, sp_appid: APP_ID, sub_mchid: '1900000109' }
    const combined = {
      combine_mchid: MCH_ID,
      combine_appid: APP_ID,
      combine_out_trade_no: 'C1',
      sub_orders: [{ trade_state: 'SUCCESS' }]
    }
    const transfer = { mch_id: MCH_ID, out_bill_no: 'W1', transfer_bill_no: '1', state: 'SUCCESS' }
    for (const [type, resource] of [
      ['TRANSACTION.SUCCESS', TRANSACTION],
      ['TRANSACTION.SUCCESS', { ...partner, transaction_id: 'p' }],
      ['TRANSACTION.SUCCESS', combined],
      ['REFUND.CLOSED', { mchid: MCH_ID, refund_id: '1', refund_status: 'CLOSED' }],
      ['MCHTRANSFER.BILL.FINISHED', transfer],
      ['COMPLAINT.CREATE', { complaint_id: '1' }],
      ['COUPON.USE', { stock_creator_mchid: MCH_ID }]
    ] as const) {
      expect((await deliver(handler, notification(type, resource, { id: type }))).status).toBe(204)
    }
    expect(seen).toEqual(['transaction', 'partner', 'combined', 'refund', 'transfer', 'complaint', 'rest'])
  })

  it('a genuine notification without a callback is not thrown away', async () => {
    const errors: unknown[] = []
    const handler = client().notifyHandler({ onRefund: () => undefined, onError: (error) => void errors.push(error) })
    expect((await deliver(handler, notification('TRANSACTION.SUCCESS', TRANSACTION))).status).toBe(500)
    expect(errors).toMatchObject([{ code: 'ERR_UNEXPECTED_RESPONSE' }])
    expect(String(errors[0])).toContain('TRANSACTION.SUCCESS')
  })

  it('probes are refused and reported, but are no alarm', async () => {
    const log: string[] = []
    let probes = 0
    const handler = client({ logger: { error: (message) => void log.push(message) } }).notifyHandler({
      onPaid: () => expect.unreachable(),
      onProbe: () => void probes++,
      onError: (error) => void log.push(String(error))
    })
    const probe = notification('TRANSACTION.SUCCESS', TRANSACTION, { prefix: 'WECHATPAY/SIGNTEST/' })
    const response = await deliver(handler, probe)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ code: 'FAIL', message: 'UNVERIFIED' })
    expect(probes).toBe(1)
    expect(log).toEqual([])
  })

  it('a reporter that throws does not decide what is answered', async () => {
    const boom = () => {
      throw new Error('reporter')
    }
    const handler = client().notifyHandler({ onPaid: () => undefined, onProbe: boom, onError: boom })
    const probe = notification('TRANSACTION.SUCCESS', TRANSACTION, { prefix: 'WECHATPAY/SIGNTEST/' })
    expect((await deliver(handler, probe)).status).toBe(401)
    const forged = notification('TRANSACTION.SUCCESS', TRANSACTION, { key: createPrivateKey(KEYS.merchantPrivateKey) })
    expect((await deliver(handler, forged)).status).toBe(401)
  })

  it('other methods, unverified and oversized bodies are answered 4xx without running anything', async () => {
    const handler = client().notifyHandler({ onPaid: () => expect.unreachable() })
    const genuine = notification('TRANSACTION.SUCCESS', TRANSACTION)
    const get = await deliver(handler, genuine, 'GET')
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await deliver(handler, { ...genuine, headers: {} })).status).toBe(401)
    expect((await deliver(handler, { ...genuine, body: ' '.repeat(70_000) })).status).toBe(413)
    const stale = client({ clock: () => (NOW + 301) * 1000 }).notifyHandler({
      onPaid: () => expect.unreachable()
    })
    expect((await deliver(stale, genuine)).status).toBe(401)
  })

  it('refuses wrong options', () => {
    expect(() => pay.notifyHandler({})).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
    expect(() => pay.notifyHandler({ onTransaction: () => undefined } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'onTransaction' })
    )
    expect(() => pay.notifyHandler({ on: { 'COUPON.USE': 1 } } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'on' })
    )
  })
})
