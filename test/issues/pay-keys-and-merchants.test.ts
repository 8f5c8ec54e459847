import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { clientCache, notifyHandlerFor, WeChatPay, type WeChatPayOptions } from 'weixin-kit/pay'
import {
  APP_ID,
  BASE_OPTIONS,
  KEYS,
  MCH_ID,
  notification,
  PUBLIC_KEY_ID,
  payWith,
  platformHeaders,
  signedAnswer
} from '../support/pay-v3.ts'

const key = KEYS.merchantPrivateKey.trim()
const certificate = KEYS.merchantCertificate.trim()
const make = (options: Partial<WeChatPayOptions>) => {
  try {
    new WeChatPay({ ...BASE_OPTIONS, ...options })
    return 'ok'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a key file, as people have it', () => {
  const bytes = (text: string) => Buffer.from(text)
  it.each<[string, string | Uint8Array]>([
    ['certificate and key', `${certificate}\n${key}`],
    ['key and certificate', `${key}\n${certificate}`],
    ['with bag attributes', `Bag Attributes\n    localKeyID: 01\n${certificate}\nKey Attributes: <none>\n${key}`],
    ['\\n', key.replaceAll('\n', '\\n')],
    ['\\r\\n', key.replaceAll('\n', '\\r\\n')],
    ['CRLF', key.replaceAll('\n', '\r\n')],
    ['quotes and \\n', `"${key.replaceAll('\n', '\\n')}"`],
    ['spaces', key.replaceAll('\n', ' ')],
    ['no line breaks', key.replaceAll('\n', '')],
    ['base64 of the file', bytes(key).toString('base64')],
    ['bytes with a BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(key)])]
  ])('%s', (_, privateKey) => {
    expect(make({ privateKey })).toBe('ok')
  })

  it('the certificate is found beside the key', () => {
    for (const both of [`${certificate}\n${key}`, `${key}\n${certificate}`])
      expect(make({ certificate: both })).toBe('ok')
    expect(make({ certSerial: `serial=${KEYS.merchantSerial}` })).toBe('ok')
  })

  it('what is not a key is still named', () => {
    expect(make({ privateKey: certificate })).toContain('is a certificate, but the private key is expected')
    expect(make({ privateKey: 'apiclient_key.pem' })).toContain('is a path')
    expect(make({ privateKey: key.slice(0, 800) })).toContain('truncated')
    expect(make({ platformKeys: { [PUBLIC_KEY_ID]: key } })).toContain('is a private key')
  })
})

describe('files without a signature', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const url = 'https://api.mch.weixin.qq.com/v3/merchant-service/images/ChsyMDA%3D%3D'

  it('are downloaded with a signed request', async () => {
    const { pay, fetch } = payWith(() => new Response(png, { headers: { 'content-type': 'image/png' } }))
    expect(Buffer.from(await pay.download(url))).toEqual(png)
    const [sent] = fetch.seen
    const authorization = sent?.headers.get('authorization') ?? ''
    expect(pay.explainSign({ method: 'GET', url, authorization }).isValid).toBe(true)
  })

  it('are compared with their hash where it is known, and come from the platform only', async () => {
    const { pay, fetch } = payWith(() => new Response(png))
    const wrong = pay.download(url, { hash: { type: 'SHA1', value: 'a'.repeat(40) } })
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    for (const address of [
      'https://evil.example/x',
      'http://api.mch.weixin.qq.com/x',
      'https://mch.weixin.qq.com.evil.example/x'
    ]) {
      await expect((async () => pay.download(address))()).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
    }
    expect(fetch.seen).toHaveLength(1)
  })

  it('a refusal is an error with its code', async () => {
    const { pay } = payWith(() => signedAnswer({ code: 'NO_AUTH', message: 'x' }, 403))
    await expect(pay.download(url)).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'NO_AUTH' })
  })
})

describe('authorization', () => {
  it('signs for another HTTP client', () => {
    const { pay } = payWith(() => signedAnswer({}))
    const body = '{"a":"茶"}'
    for (const given of [body, Buffer.from(body)]) {
      const authorization = pay.authorization({ method: 'POST', path: '/v3/a?b=1', body: given })
      expect(pay.explainSign({ method: 'POST', url: '/v3/a?b=1', body, authorization }).isValid).toBe(true)
    }
    for (const wrong of [{ method: 'get', path: '/v3' }, { method: 'GET', path: 'https://x/v3' }, { method: 'GET' }]) {
      expect(() => pay.authorization(wrong as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
    }
  })
})

const PAYMENT = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'T100001',
  transaction_id: '42',
  trade_state: 'SUCCESS',
  amount: { total: 100 }
}

describe('keys that are replaced while the process runs', () => {
  it('sign and open from then on, and what was sealed before still opens', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }))
    const fresh = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const apiV3Key = 'the-next-key-0123456789abcdef012'
    pay.replaceKeys({ privateKey: fresh, certSerial: 'AB'.repeat(20), apiV3Key })
    await pay.request({ method: 'GET', path: '/v3/x' })
    const authorization = fetch.seen[0]?.headers.get('authorization') ?? ''
    expect(authorization).toContain(`serial_no="${'AB'.repeat(20)}"`)
    expect(pay.explainSign({ method: 'GET', url: '/v3/x', authorization }).isValid).toBe(true)
    for (const how of [{}, { apiV3Key }]) {
      expect(await pay.parseNotification(notification('TRANSACTION.SUCCESS', PAYMENT, how))).toMatchObject({
        kind: 'payment'
      })
    }
  })

  it('are checked first: a wrong one changes nothing', async () => {
    const { pay } = payWith(() => signedAnswer({ a: 1 }))
    expect(() => pay.replaceKeys({ apiV3Key: 'short' })).toThrow(/apiV3Key/)
    expect(() => pay.replaceKeys({ privateKey: key })).toThrow(/certSerial/)
    expect(() => pay.replaceKeys({ platformKeys: { [PUBLIC_KEY_ID]: 'x' } })).toThrow(/platformKeys/)
    expect(await pay.request({ method: 'GET', path: '/v3/x' })).toEqual({ a: 1 })
  })

  it('platform keys are exactly those given', async () => {
    const { pay } = payWith(() => signedAnswer({ a: 1 }))
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
    pay.replaceKeys({ platformKeys: { PUB_KEY_ID_0119999999999999999999999999: String(other) } })
    await expect(pay.request({ method: 'GET', path: '/v3/x' })).rejects.toMatchObject({
      code: 'ERR_SIGNATURE_UNKNOWN_SERIAL'
    })
  })
})

describe('one address for many merchants', () => {
  const OTHER = '1900000100'
  const OTHER_KEY = 'another-merchants-key-0123456789'
  const clients: Record<string, WeChatPay> = {
    [MCH_ID]: new WeChatPay(BASE_OPTIONS),
    [OTHER]: new WeChatPay({ ...BASE_OPTIONS, mchId: OTHER, apiV3Key: OTHER_KEY })
  }
  const paid: string[] = []
  const errors: unknown[] = []
  const handler = notifyHandlerFor(
    async ({ url }) => {
      if (url.endsWith('broken')) throw new Error('the database is gone')
      return clients[url.split('/').at(-1) ?? '']
    },
    { onPaid: ({ mchid }) => void paid.push(mchid), onError: (error) => errors.push(error) }
  )
  const send = (to: string, resource: object, how = {}) => {
    const { body, headers } = notification('TRANSACTION.SUCCESS', resource, how)
    return handler(new Request(`https://shop.example.com/notify/${to}`, { method: 'POST', headers, body }))
  }

  it('each is verified with its own keys', async () => {
    expect((await send(MCH_ID, PAYMENT)).status).toBe(204)
    expect((await send(OTHER, { ...PAYMENT, mchid: OTHER }, { apiV3Key: OTHER_KEY })).status).toBe(204)
    expect(paid).toEqual([MCH_ID, OTHER])
    // Another merchant's notification, and one under another merchant's key.
    expect((await send(OTHER, PAYMENT)).status).toBe(401)
    expect((await send(OTHER, PAYMENT, { apiV3Key: OTHER_KEY })).status).toBe(401)
    expect(paid).toHaveLength(2)
  })

  it('an unknown one is refused like a forgery, a failing search is 500', async () => {
    const forged = await send(MCH_ID, PAYMENT, { signed: 'x' })
    const unknown = await send('1900000999', PAYMENT)
    expect([unknown.status, await unknown.text()]).toEqual([forged.status, await forged.text()])
    expect((await send('broken', PAYMENT)).status).toBe(500)
    expect(errors.at(-1)).toMatchObject({ message: 'the database is gone' })
  })

  it('callbacks of events and of errors get the client that was found', async () => {
    const seen: unknown[][] = []
    const one = notifyHandlerFor(({ url }) => clients[url.split('/').at(-1) ?? ''], {
      onPaid: (_, { kind }, { client }) => void seen.push([kind, client.mchId]),
      on: { 'COMPLAINT.CREATE': (_, { event_type }, { client }) => void seen.push([event_type, client.mchId]) },
      onError: (_, { request, client }) => seen.push([request.method, client?.mchId])
    })
    const deliver = (to: string, type: string, resource: object, how = {}) => {
      const { body, headers } = notification(type, resource, how)
      return one(new Request(`https://shop.example.com/notify/${to}`, { method: 'POST', headers, body }))
    }
    await deliver(MCH_ID, 'TRANSACTION.SUCCESS', { ...PAYMENT, transaction_id: '43' }, { id: 'EV-7' })
    const other = { mchid: OTHER, complaint_id: '1', action_type: 'CREATE_COMPLAINT' }
    await deliver(OTHER, 'COMPLAINT.CREATE', other, { apiV3Key: OTHER_KEY, originalType: 'complaint', id: 'EV-8' })
    await deliver(OTHER, 'TRANSACTION.SUCCESS', PAYMENT, { signed: 'x' })
    await deliver('1900000999', 'TRANSACTION.SUCCESS', PAYMENT)
    expect(seen).toEqual([
      ['payment', MCH_ID],
      ['COMPLAINT.CREATE', OTHER],
      ['POST', OTHER],
      ['POST', undefined]
    ])
  })

  it('a merchant without a client of API v2 gets its payments', async () => {
    const noV2 = { v2: () => null as never, onPaid: ({ mchid }: { mchid: string }) => void paid.push(`no v2 ${mchid}`) }
    const one = notifyHandlerFor(() => clients[MCH_ID], noV2)
    const { body, headers } = notification('TRANSACTION.SUCCESS', { ...PAYMENT, transaction_id: '44' }, { id: 'EV-9' })
    const response = await one(new Request('https://shop.example.com/x', { method: 'POST', headers, body }))
    expect([response.status, paid.at(-1)]).toEqual([204, `no v2 ${MCH_ID}`])
  })

  it('what is not a client is named', async () => {
    const seen: unknown[] = []
    const broken = notifyHandlerFor(() => MCH_ID as never, { onPaid: () => undefined, onError: (e) => seen.push(e) })
    const { body, headers } = notification('TRANSACTION.SUCCESS', PAYMENT)
    const response = await broken(new Request('https://shop.example.com/x', { method: 'POST', headers, body }))
    expect(response.status).toBe(500)
    expect(seen).toEqual([expect.objectContaining({ code: 'ERR_CONFIG', option: 'find' })])
  })
})

describe('clientCache', () => {
  it('makes each once, keeps a bounded number, and forgets what failed or is unknown', async () => {
    let now = 0
    const made: string[] = []
    const cache = clientCache({
      create: async (name: string) => {
        made.push(name)
        if (name === 'broken') throw new Error('x')
        return name === 'nobody' ? undefined : { name }
      },
      max: 2,
      ttlMs: 1_000,
      clock: () => now
    })
    const [one, same] = await Promise.all([cache.get('a'), cache.get('a')])
    expect(one).toBe(same)
    await cache.get('b')
    await cache.get('a')
    await cache.get('c')
    expect(await cache.get('a')).toBe(one)
    await cache.get('b')
    expect(made).toEqual(['a', 'b', 'c', 'b'])
    for (const name of ['nobody', 'nobody']) expect(await cache.get(name)).toBeUndefined()
    for (const name of ['broken', 'broken']) await expect(cache.get(name)).rejects.toThrow('x')
    expect(made.slice(4)).toEqual(['nobody', 'nobody', 'broken', 'broken'])
    now = 1_001
    expect(await cache.get('b')).toEqual({ name: 'b' })
    cache.delete('b')
    await cache.get('b')
    cache.delete()
    await cache.get('b')
    expect(made.slice(8)).toEqual(['b', 'b', 'b'])
    expect(() => clientCache({ create: () => undefined, max: 0 })).toThrow(expect.objectContaining({ option: 'max' }))
  })
})

it('says whether money may have moved', async () => {
  const refund = { out_trade_no: 'T100001', out_refund_no: 'R1', amount: { refund: 1, total: 2, currency: 'CNY' } }
  const outcomeOf = async (status: number, code: string) => {
    const { pay } = payWith(() => {
      const body = JSON.stringify({ code, message: 'x' })
      return new Response(body, { status, headers: platformHeaders(body) })
    })
    return pay.refunds.create(refund).catch((error: { outcome?: string }) => error.outcome)
  }
  expect(await outcomeOf(403, 'NOT_ENOUGH')).toBe('refused')
  expect(await outcomeOf(500, 'SYSTEM_ERROR')).toBe('unknown')
})
