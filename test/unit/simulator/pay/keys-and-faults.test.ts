import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'
import { parseXml } from '../../../../src/internal/xml/index.ts'
import { decryptResource } from '../../../../src/simulator/crypto/pay-v3.ts'
import { isSignedBy, v2Sign } from '../../../support/pay-callers.ts'
import { type Setup, START, setup, v2Order, v3Order } from './setup.ts'

const JSAPI = '/v3/pay/transactions/jsapi'

const withKeys = (platformKey: 'publicKey' | 'certificate' | 'both') =>
  setup({ accounts: { merchants: [{ platformKey }] } })

function certificates(world: Setup, body: Record<string, unknown>): X509Certificate[] {
  const { apiV3Key } = world.simulator.credentials.payV3
  return (body.data as { encrypt_certificate: Record<string, string> }[]).map(({ encrypt_certificate: one }) => {
    const pem = decryptResource(one.ciphertext ?? '', apiV3Key, one.nonce ?? '', one.associated_data ?? '')
    return new X509Certificate(pem)
  })
}

describe('platform keys', () => {
  it('are a public key only for new merchants: /v3/certificates is a 404', async () => {
    const world = withKeys('publicKey')
    const answer = await world.v3('GET', '/v3/certificates')
    expect(answer).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS' } })
    expect(Object.keys(world.simulator.credentials.payV3.platformKeys)).toEqual([
      world.simulator.pay.platform.publicKeyId
    ])
  })

  it('are certificates for older ones, and rotate in mid-run', async () => {
    const world = withKeys('certificate')
    const first = await world.v3('GET', '/v3/certificates')
    const [old] = certificates(world, first.body)
    expect(first.headers.get('wechatpay-serial')).toBe(old?.serialNumber)
    expect(isSignedBy(first.headers, first.text, String(old?.publicKey.export({ type: 'spki', format: 'pem' })))).toBe(
      true
    )
    const { serialNumber, certificate } = world.simulator.pay.rotatePlatformCertificate()
    const second = await world.v3('GET', '/v3/certificates')
    expect(second.headers.get('wechatpay-serial')).toBe(serialNumber)
    expect(isSignedBy(second.headers, second.text, certificate)).toBe(true)
    expect(certificates(world, second.body).map((one) => one.serialNumber)).toEqual([serialNumber, old?.serialNumber])
    world.simulator.pay.rotatePlatformCertificate()
    expect(((await world.v3('GET', '/v3/certificates')).body.data as unknown[]).length).toBe(3)
  })

  it('are both while a merchant migrates', async () => {
    const world = withKeys('both')
    const { publicKeyId, serialNumber } = world.simulator.pay.platform
    const ask = async (headers: Record<string, string>) =>
      (await world.v3('GET', '/v3/certificates', undefined, { headers })).headers.get('wechatpay-serial')
    expect(await ask({})).toBe(serialNumber)
    expect(await ask({ 'wechatpay-serial': publicKeyId })).toBe(publicKeyId)
    for (const number of ['T00001', 'T00002']) {
      const { body } = await world.v3('POST', JSAPI, v3Order(world, number))
      await world.user.pay(String(body.prepay_id))
    }
    expect(world.received.map(({ headers }) => headers.get('wechatpay-serial'))).toEqual([publicKeyId, serialNumber])
    expect(Object.keys(world.simulator.credentials.payV3.platformKeys)).toEqual([publicKeyId, serialNumber])
  })

  it('are probed in responses', async () => {
    const world = setup()
    world.simulator.pay.probeResponses()
    const probe = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    expect(probe.headers.get('wechatpay-signature')).toMatch(/^WECHATPAY\/SIGNTEST\//)
    const next = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    expect(isSignedBy(next.headers, next.text, world.simulator.pay.platform.publicKey)).toBe(true)
  })
})

describe('faults of v2', () => {
  it.each(['SYSTEMERROR', 'BANKERROR', 'FREQUENCY_LIMITED', 'BIZERR_NEED_RETRY', 'ORDERPAID', 'NOAUTH'])(
    '%s is shaped and signed',
    async (errcode) => {
      const world = setup()
      world.simulator.fail('/pay/unifiedorder', { errcode })
      const answer = await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))
      expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: errcode })
      expect(answer.sign).toBe(v2Sign(answer, world.simulator.credentials.payV2.apiKey))
      expect(world.simulator.pay.orders).toEqual([])
      expect((await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))).result_code).toBe('SUCCESS')
    }
  )

  it('can come although the work was done', async () => {
    const world = setup()
    world.simulator.fail('/pay/unifiedorder', { errcode: 'SYSTEMERROR', executed: true })
    expect((await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))).err_code).toBe('SYSTEMERROR')
    expect(world.simulator.pay.orders).toHaveLength(1)
  })

  it('take the shape of the endpoint', async () => {
    const world = setup()
    world.simulator.fail('/pay/downloadbill', { errcode: '20003', errmsg: 'Bill Creating' })
    const bill = await world.v2('/pay/downloadbill', { appid: world.appId, bill_date: '20250601' })
    expect(bill).toEqual({ return_code: 'FAIL', return_msg: 'Bill Creating', error_code: '20003' })
    world.simulator.fail('sendredpack', { errcode: 'SEND_FAILED' })
    const pack = await world.v2('/mmpaymkttransfers/sendredpack', {})
    expect(pack).toMatchObject({ result_code: 'FAIL', err_code: 'SEND_FAILED' })
    expect(pack.sign).toBeUndefined()
    world.simulator.fail('/reverse', { errcode: 'SYSTEMERROR' })
    expect(await world.v2('/secapi/pay/reverse', {})).toMatchObject({ err_code: 'SYSTEMERROR', recall: 'Y' })
    world.simulator.fail('/pay/orderquery', { errcode: 'FAIL', errmsg: '系统繁忙' })
    expect(await world.v2('/pay/orderquery', {})).toEqual({ return_code: 'FAIL', return_msg: '系统繁忙' })
  })

  it('bad-signature damages the sign of the real response', async () => {
    const world = setup()
    world.simulator.fail('/pay/unifiedorder', 'bad-signature')
    const answer = await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))
    expect(answer.result_code).toBe('SUCCESS')
    expect(answer.sign).toMatch(/^[0-9A-F]{32}$/)
    expect(answer.sign).not.toBe(v2Sign(answer, world.simulator.credentials.payV2.apiKey))
  })

  it('USERPAYING leaves an order that the user can finish', async () => {
    const world = setup()
    world.simulator.fail('/pay/micropay', { errcode: 'USERPAYING' })
    const { notify_url: _n, trade_type: _t, openid: _o, ...order } = v2Order(world, 'MICRO01')
    const answer = await world.v2('/pay/micropay', { ...order, auth_code: world.user.paymentCode() })
    expect(answer.err_code).toBe('USERPAYING')
    expect(world.user.enterPassword()).toMatchObject({ outTradeNo: 'MICRO01', state: 'SUCCESS' })
  })

  it('status gives the page of a gateway', async () => {
    const world = setup()
    world.simulator.fail('/pay/unifiedorder', { status: 502 })
    const response = await world.simulator.fetch('https://api.mch.weixin.qq.com/pay/unifiedorder', {
      method: 'POST',
      body: 'x'
    })
    expect(response.status).toBe(502)
    expect(() => parseXml('<html></html>')).toThrow()
  })
})

describe('faults of v3', () => {
  it.each([
    ['SYSTEM_ERROR', 500],
    ['FREQUENCY_LIMITED', 429],
    ['RATELIMIT_EXCEEDED', 429],
    ['NOT_ENOUGH', 403],
    ['NO_AUTH', 403],
    ['USER_ACCOUNT_ABNORMAL', 403],
    ['RESOURCE_NOT_EXISTS', 404],
    ['ORDER_PAID', 400],
    ['SERVICE_UNAVAILABLE', 503],
    ['USERPAYING', 202]
  ])('%s comes with %i, signed', async (errcode, status) => {
    const world = setup()
    world.simulator.fail(JSAPI, { errcode })
    const answer = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    expect(answer).toMatchObject({ status, body: { code: errcode } })
    expect(isSignedBy(answer.headers, answer.text, world.simulator.pay.platform.publicKey)).toBe(true)
  })

  it('SIGN_ERROR is not signed; a status alone gets a code; a gateway sends HTML', async () => {
    const world = setup()
    const call = () => world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    world.simulator.fail(JSAPI, { errcode: 'SIGN_ERROR' })
    expect((await call()).headers.get('wechatpay-signature')).toBeNull()
    world.simulator.fail(JSAPI, { status: 429, headers: { 'retry-after': '2' } })
    const limited = await call()
    expect(limited).toMatchObject({ status: 429, body: { code: 'FREQUENCY_LIMITED' } })
    expect(limited.headers.get('retry-after')).toBe('2')
    world.simulator.fail(JSAPI, { status: 504 })
    expect((await call()).text).toMatch(/^<html>/)
  })

  it('bad-signature damages the signature of the real response', async () => {
    const world = setup()
    world.simulator.fail(JSAPI, 'bad-signature')
    const answer = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    expect(answer.body.prepay_id).toMatch(/^wx/)
    expect(isSignedBy(answer.headers, answer.text, world.simulator.pay.platform.publicKey)).toBe(false)
  })
})

describe('state', () => {
  it('survives a restart, with what was under way', async () => {
    const world = setup()
    const { prepay_id: prepayId = '' } = await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))
    await world.user.pay(prepayId)
    const fields = { appid: world.appId, out_trade_no: 'T00001', out_refund_no: 'R1', refund_fee: 40, total_fee: 100 }
    await world.v2('/secapi/pay/refund', fields)
    world.simulator.pay.rotatePlatformCertificate()
    const saved = JSON.parse(JSON.stringify(world.simulator.snapshot()))
    const next = setup({ clock: new SimulatorClock({ startAt: START + 500 }) })
    next.simulator.restore(saved)
    expect(next.simulator.pay.platform).toEqual(world.simulator.pay.platform)
    expect(next.simulator.pay.balance(next.mchId)).toBe(world.simulator.pay.balance(world.mchId))
    expect((await next.v2('/secapi/pay/refund', { ...fields, refund_fee: 41 })).err_code).toBe('ERROR')
    await next.simulator.clock.advance(500)
    expect(next.simulator.pay.refunds[0]?.status).toBe('SUCCESS')
    expect(world.simulator.pay.refunds[0]?.status).toBe('PROCESSING')
    expect((await next.v2('/secapi/pay/refund', { ...fields, out_refund_no: 'R2', refund_fee: 61 })).err_code).toBe(
      'ERROR'
    )
  })

  it('stays within its limits', async () => {
    const world = setup({ limits: { orders: 10, logEntries: 10 } })
    for (let i = 0; i < 30; i++) await world.v2('/pay/unifiedorder', v2Order(world, `T000${i + 10}`))
    expect(world.simulator.pay.orders.map(({ outTradeNo }) => outTradeNo)).toHaveLength(10)
    expect((await world.v2('/pay/orderquery', { appid: world.appId, out_trade_no: 'T00010' })).err_code).toBe(
      'ORDERNOTEXIST'
    )
    expect((await world.v2('/pay/orderquery', { appid: world.appId, out_trade_no: 'T00039' })).trade_state).toBe(
      'NOTPAY'
    )
  })

  it('lists every simulated endpoint', () => {
    const { endpoints } = createSimulator().pay
    expect(endpoints).toContain('POST /pay/unifiedorder')
    expect(endpoints).toContain('GET /v3/certificates')
    expect(new Set(endpoints).size).toBe(endpoints.length)
  })
})

describe('the page behind h5_url', () => {
  it('lets a browser pay and sends it back', async () => {
    const world = setup()
    const { payer: _, ...order } = v3Order(world, 'T00001')
    const scene = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } }
    const { body } = await world.v3('POST', '/v3/pay/transactions/h5', {
      ...order,
      description: '<b>',
      scene_info: scene
    })
    const url = `${body.h5_url}&redirect_url=${encodeURIComponent('https://shop.example.com/done')}`
    const page = await (await world.simulator.fetch(url)).text()
    expect(page).toContain('¥ 1.00')
    expect(page).not.toContain('<b>')
    const done = await world.simulator.fetch(url, { method: 'POST', redirect: 'manual' })
    expect(done.headers.get('location')).toBe('https://shop.example.com/done')
    expect(world.simulator.pay.order('T00001')?.state).toBe('SUCCESS')
    expect(await (await world.simulator.fetch(url)).text()).toContain('The order is SUCCESS')
    expect((await world.simulator.fetch(url, { method: 'POST' })).status).toBe(400)
  })
})
