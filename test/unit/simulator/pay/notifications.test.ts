import { describe, expect, it } from 'vitest'
import { signedPayNotification, signedPayV3Notification, signedRefundNotification } from 'weixin-kit/simulator'
import { parseXml } from '../../../../src/internal/xml/index.ts'
import { decryptReqInfo } from '../../../../src/simulator/crypto/pay-v2.ts'
import { decryptResource } from '../../../../src/simulator/crypto/pay-v3.ts'
import { isSignedBy, v2Sign } from '../../../support/pay-callers.ts'
import { type Setup, setup, v2Order, v3Order } from './setup.ts'

const JSAPI = '/v3/pay/transactions/jsapi'
const SCHEDULE = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]

async function payV2(world: Setup, number = 'T00001', signType: 'MD5' | 'HMAC-SHA256' = 'MD5') {
  const { prepay_id: prepayId = '' } = await world.v2('/pay/unifiedorder', v2Order(world, number), { signType })
  return await world.user.pay(prepayId)
}

async function payV3(world: Setup, number = 'T00001') {
  const { body } = await world.v3('POST', JSAPI, v3Order(world, number))
  return await world.user.pay(String(body.prepay_id))
}

const bodyOf = (world: Setup, i: number) => parseXml(world.received[i]?.body ?? '') as Record<string, string>
const fail = () => new Response('<xml><return_code>FAIL</return_code></xml>')

describe('v2', () => {
  it.each(['MD5', 'HMAC-SHA256'] as const)('is signed like its order: %s', async (signType) => {
    const world = setup()
    const { transactionId } = await payV2(world, 'T00001', signType)
    const fields = bodyOf(world, 0)
    expect(fields).toMatchObject({ out_trade_no: 'T00001', total_fee: '100', transaction_id: transactionId })
    expect(fields.sign).toBe(v2Sign(fields, world.simulator.credentials.payV2.apiKey, signType))
    expect(fields.sign_type).toBe(signType === 'MD5' ? undefined : signType)
  })

  it('comes again on the schedule of the platform until SUCCESS', async () => {
    const world = setup()
    const refusals = [fail(), new Response('SUCCESS'), new Response('', { status: 500 })]
    world.answers.push(...refusals, ...Array.from({ length: 12 }, fail))
    const { delivery } = await payV2(world)
    expect(delivery?.state).toBe('pending')
    for (const seconds of SCHEDULE) await world.simulator.clock.advance(seconds * 1_000)
    const times = delivery?.attempts.map(({ time }) => time / 1000) ?? []
    expect(times.slice(1).map((time, i) => time - (times[i] ?? 0))).toEqual(SCHEDULE)
    expect(delivery?.state).toBe('delivered')
    await world.simulator.clock.advance(86_400_000)
    expect(world.received).toHaveLength(16)
  })

  it('can be made with a foreign key', async () => {
    const world = setup()
    world.simulator.pay.forgeNotifications()
    await payV2(world)
    const fields = bodyOf(world, 0)
    expect(fields.sign).not.toBe(v2Sign(fields, world.simulator.credentials.payV2.apiKey))
  })

  it('can be doubled, held back and turned round', async () => {
    const world = setup()
    const { deliveries } = world.simulator
    deliveries.duplicate('pay', 1)
    await payV2(world)
    expect(world.received).toHaveLength(2)
    deliveries.duplicate('pay', 0)
    deliveries.hold('pay')
    await payV2(world, 'T00002')
    await payV2(world, 'T00003')
    expect(world.received).toHaveLength(2)
    await deliveries.release('pay', { reversed: true })
    expect([2, 3].map((i) => bodyOf(world, i).out_trade_no)).toEqual(['T00003', 'T00002'])
  })
})

describe('v3', () => {
  it('is signed and encrypted', async () => {
    const world = setup()
    const { transactionId } = await payV3(world)
    const [{ body, headers, url } = { body: '', headers: new Headers(), url: '' }] = world.received
    expect(url).toBe('https://shop.example.com/v3/notify')
    expect(headers.get('wechatpay-serial')).toBe(world.simulator.pay.platform.publicKeyId)
    expect(isSignedBy(headers, body, world.simulator.pay.platform.publicKey)).toBe(true)
    const { event_type: type, resource } = JSON.parse(body)
    expect(type).toBe('TRANSACTION.SUCCESS')
    const { apiV3Key } = world.simulator.credentials.payV3
    const plain = decryptResource(resource.ciphertext, apiV3Key, resource.nonce, resource.associated_data)
    expect(JSON.parse(plain)).toMatchObject({
      out_trade_no: 'T00001',
      transaction_id: transactionId,
      amount: { total: 100 }
    })
  })

  it('keeps its id over all attempts and signs each anew', async () => {
    const world = setup()
    world.answers.push(new Response('{"code":"FAIL"}', { status: 500 }), new Response('ok', { status: 202 }))
    await payV3(world)
    await world.simulator.clock.advance(30_000)
    expect(world.received).toHaveLength(3)
    expect(new Set(world.received.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
    expect(new Set(world.received.map(({ headers }) => headers.get('wechatpay-nonce'))).size).toBe(3)
    expect(world.received.map(({ headers }) => Number(headers.get('wechatpay-timestamp')) - 1_749_528_000)).toEqual([
      0, 15, 30
    ])
  })

  it('begins with a probe when told, and the good one follows', async () => {
    const world = setup()
    world.simulator.pay.probeNotifications()
    world.answers.push(new Response('{"code":"FAIL"}', { status: 401 }))
    const { delivery } = await payV3(world)
    expect(world.received[0]?.headers.get('wechatpay-signature')).toMatch(/^WECHATPAY\/SIGNTEST\//)
    expect(delivery?.attempts[0]).toMatchObject({ delivered: false, note: 'probe refused, as it should be' })
    await world.simulator.clock.advance(15_000)
    const { headers, body } = world.received[1] ?? { headers: new Headers(), body: '' }
    expect(isSignedBy(headers, body, world.simulator.pay.platform.publicKey)).toBe(true)
    expect(delivery?.state).toBe('delivered')
  })

  it('says so when a probe is accepted', async () => {
    const world = setup()
    world.simulator.pay.probeNotifications()
    const { delivery } = await payV3(world)
    expect(delivery?.attempts[0]).toMatchObject({ delivered: false, note: expect.stringContaining('ACCEPTED') })
  })

  it('can be made with a foreign key', async () => {
    const world = setup()
    world.simulator.pay.forgeNotifications()
    await payV3(world)
    const { headers, body } = world.received[0] ?? { headers: new Headers(), body: '' }
    expect(isSignedBy(headers, body, world.simulator.pay.platform.publicKey)).toBe(false)
  })
})

describe('signers without a simulator', () => {
  const account = { appId: 'wx0123456789abcdef', mchId: '1600000000', apiKey: '0123456789abcdef0123456789abcdef' }
  const read = async (request: Request) => parseXml(await request.text()) as Record<string, string>

  it.each(['MD5', 'HMAC-SHA256'] as const)('sign a payment with %s', async (signType) => {
    const fields = { out_trade_no: 'T1', total_fee: 100, attach: 'x' }
    const good = await read(signedPayNotification({ ...account, signType, fields }))
    expect(good).toMatchObject({ out_trade_no: 'T1', total_fee: '100', cash_fee: '100', attach: 'x' })
    expect(good.sign).toBe(v2Sign(good, account.apiKey, signType))
    for (const tamper of ['sign', 'no-sign', 'amount'] as const) {
      const bad = await read(signedPayNotification({ ...account, signType, fields, tamper }))
      expect(bad.sign).not.toBe(v2Sign(bad, account.apiKey, signType))
    }
  })

  it('encrypt a refund', async () => {
    const options = { ...account, fields: { out_refund_no: 'R1', refund_fee: 40, total_fee: 100 } }
    const { req_info: reqInfo = '' } = await read(signedRefundNotification(options))
    expect(parseXml(decryptReqInfo(reqInfo, account.apiKey), { root: 'root' })).toMatchObject({
      out_refund_no: 'R1',
      refund_fee: '40',
      refund_status: 'SUCCESS'
    })
    const other = await read(signedRefundNotification({ ...options, tamper: 'key' }))
    expect(() => decryptReqInfo(other.req_info ?? '', account.apiKey)).toThrow()
  })

  it('sign and encrypt for v3 with the key of a simulator without a seed', async () => {
    const { simulator } = setup({ seed: 'default' })
    const { publicKey, publicKeyId } = simulator.pay.platform
    const { apiV3Key } = simulator.credentials.payV3
    const resource = { out_refund_no: 'R1' }
    const check = async (options: Partial<Parameters<typeof signedPayV3Notification>[0]>) => {
      const request = signedPayV3Notification({ apiV3Key, resource, eventType: 'REFUND.SUCCESS', ...options })
      const body = await request.text()
      return {
        body,
        serial: request.headers.get('wechatpay-serial'),
        isRight: isSignedBy(request.headers, body, publicKey)
      }
    }
    const good = await check({})
    expect(good).toMatchObject({ isRight: true, serial: publicKeyId })
    const { ciphertext, nonce, original_type: type } = JSON.parse(good.body).resource
    expect(type).toBe('refund')
    expect(JSON.parse(decryptResource(ciphertext, apiV3Key, nonce, type))).toEqual(resource)
    for (const tamper of ['signature', 'body', 'probe'] as const) expect((await check({ tamper })).isRight).toBe(false)
    expect((await check({ tamper: 'serial' })).serial).not.toBe(publicKeyId)
    const { ciphertext: damaged, nonce: other } = JSON.parse((await check({ tamper: 'tag' })).body).resource
    expect(() => decryptResource(damaged, apiV3Key, other, 'refund')).toThrow()
  })
})
