import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignedBy } from '../../../support/pay-callers.ts'
import { type Setup, setup, v2Order, v3Order } from './setup.ts'

const JSAPI = '/v3/pay/transactions/jsapi'
const query = (world: Setup, number: string) =>
  world.v3('GET', `/v3/pay/transactions/out-trade-no/${number}?mchid=${world.mchId}`)

describe('who calls', () => {
  it.each([
    ['a message that was changed', { tamper: (message: string) => `${message} ` }, 'SIGN_ERROR'],
    ['another serial', { serial: 'ABCDEF' }, 'SIGN_ERROR'],
    ['an unknown merchant', { mchId: '1999999999' }, 'SIGN_ERROR'],
    ['no Authorization', { headers: { authorization: '' } }, 'SIGN_ERROR'],
    ['another schema', { headers: { authorization: 'Bearer x' } }, 'SIGN_ERROR'],
    ['half of an Authorization', { headers: { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' } }, 'SIGN_ERROR']
  ])('refuses %s with an unsigned 401', async (_name, options, code) => {
    const world = setup()
    const answer = await world.v3('POST', JSAPI, v3Order(world, 'T00001'), options)
    expect(answer).toMatchObject({ status: 401, body: { code } })
    expect(answer.headers.get('wechatpay-signature')).toBeNull()
    expect(answer.headers.get('request-id')).toMatch(/^08/)
    expect(world.simulator.pay.orders).toEqual([])
  })

  it.each([
    [-301, 401],
    [-300, 200],
    [300, 200],
    [301, 401]
  ])('with a clock that is %i s off gets %i', async (offset, status) => {
    const world = setup()
    const timestamp = world.simulator.clock.seconds() + offset
    expect((await world.v3('POST', JSAPI, v3Order(world, 'T00001'), { timestamp })).status).toBe(status)
  })

  it('shows the start of the message that it expected', async () => {
    const world = setup()
    const long = { ...v3Order(world, 'T00001'), attach: 'x'.repeat(100) }
    const { body } = await world.v3('POST', JSAPI, long, { tamper: (message) => message.replace('POST', 'PUT') })
    const detail = body.detail as { sign_information: Record<string, unknown> }
    const { truncated_sign_message: shown, ...rest } = detail.sign_information
    expect(rest).toMatchObject({ method: 'POST', url: JSAPI, sign_message_length: expect.any(Number) })
    expect(String(shown)).toMatch(/^POST\n\/v3\/pay\/transactions\/jsapi\n\d+\n[0-9a-f]{32}\n\{"appid":"wx/)
    expect(String(shown).length).toBeLessThan(Number(rest.sign_message_length))
  })

  it.each(['accept', 'user-agent'])('needs the header %s', async (name) => {
    const world = setup()
    const answer = await world.v3('POST', JSAPI, v3Order(world, 'T00001'), { headers: { [name]: '' } })
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'PARAM_ERROR', message: 'Http头缺少Accept或User-Agent' }
    })
  })

  it('verifies the exact bytes, not what they mean', async () => {
    const world = setup()
    const body = JSON.stringify(v3Order(world, 'T00001'))
    const answer = await world.v3('POST', JSAPI, undefined, { body: `${body} `, signedBody: body })
    expect(answer.status).toBe(401)
  })

  it('answers unknown paths and methods, signed', async () => {
    const world = setup()
    const unknown = await world.v3('GET', '/v3/nothing')
    expect(unknown).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS' } })
    expect(isSignedBy(unknown.headers, unknown.text, world.simulator.pay.platform.publicKey)).toBe(true)
    expect((await world.v3('DELETE', JSAPI)).status).toBe(405)
  })

  it('keeps two merchants apart', async () => {
    const world = setup({ accounts: { merchants: [{}, {}] } })
    await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    const [, second] = world.simulator.context.accounts.merchants
    const mchId = second?.mchId ?? ''
    const { certSerial: serial } = world.simulator.credentials.merchantFiles(mchId)
    expect((await world.v3('POST', JSAPI, v3Order(world, 'T00002'), { mchId })).status).toBe(401)
    const asOther = await world.v3('POST', JSAPI, v3Order(world, 'T00002'), { mchId, serial })
    expect(asOther).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('mchid'), detail: { value: world.mchId } }
    })
    const target = `/v3/pay/transactions/out-trade-no/T00001?mchid=${mchId}`
    const theft = await world.v3('GET', target, undefined, { mchId, serial })
    expect(theft).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_EXIST' } })
  })
})

describe('fields', () => {
  it.each([
    ['description', undefined, '/body/description'],
    ['description', 'x'.repeat(128), '/body/description'],
    ['out_trade_no', 'short', '/body/out_trade_no'],
    ['notify_url', 'https://shop.example.com/?a=1', '/body/notify_url'],
    ['amount', { total: 0 }, '/body/amount/total'],
    ['amount', { total: '100' }, '/body/amount/total'],
    ['amount', { total: 1.5 }, '/body/amount/total'],
    ['amount', { total: 100, currency: 'USD' }, '/body/amount/currency'],
    ['description', 'Tea 🍵', '/body/description'],
    ['payer', {}, '/body/payer/openid'],
    ['payer', [], '/body/payer'],
    ['time_expire', '2025-06-10 12:30:00', '/body/time_expire'],
    ['limit_pay', ['cash'], '/body/limit_pay/0'],
    ['detail', { goods_detail: [{ quantity: 1, unit_price: 1 }] }, '/body/detail/goods_detail/0/merchant_goods_id']
  ])('%s = %j is refused', async (name, value, field) => {
    const world = setup()
    const answer = await world.v3('POST', JSAPI, { ...v3Order(world, 'T00001'), [name]: value })
    const message = expect.stringContaining(field)
    expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', message, detail: { location: 'body' } } })
    expect(isSignedBy(answer.headers, answer.text, world.simulator.pay.platform.publicKey)).toBe(true)
  })

  it('names fields that it does not know, which the platform passes over or refuses', async () => {
    const world = setup()
    const order = { ...v3Order(world, 'T00001'), atach: 'x', amount: { total: 100, 币种: 'CNY' } }
    const answer = await world.v3('POST', JSAPI, order)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-simulator-hint')).toMatch(/\/body\/atach, \/body\/amount\/\?\?$/)
    expect((await world.v3('POST', JSAPI, v3Order(world, 'T00002'))).headers.get('x-simulator-hint')).toBeNull()
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])('refuses the content type %j', async (type) => {
    const world = setup()
    const answer = await world.v3('POST', JSAPI, v3Order(world, 'T00001'), { headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } })
    expect(world.simulator.pay.orders).toEqual([])
  })

  it('refuses a stranger, a foreign appid and JSON that is none', async () => {
    const world = setup()
    const stranger = { ...v3Order(world, 'T00001'), payer: { openid: 'oStranger' } }
    expect(await world.v3('POST', JSAPI, stranger)).toMatchObject({ status: 500, body: { code: 'OPENID_MISMATCH' } })
    const appid = { ...v3Order(world, 'T00001'), appid: 'wx0' }
    expect((await world.v3('POST', JSAPI, appid)).body.code).toBe('APPID_MCHID_NOT_MATCH')
    expect((await world.v3('POST', JSAPI, undefined, { body: '{' })).body.code).toBe('PARAM_ERROR')
    expect((await world.v3('POST', JSAPI, undefined, { body: '[]' })).body.code).toBe('PARAM_ERROR')
  })
})

describe('an order', () => {
  it.each([
    ['jsapi', 'prepay_id', {}],
    ['app', 'prepay_id', { payer: undefined }],
    ['native', 'code_url', { payer: undefined }],
    ['h5', 'h5_url', { payer: undefined, scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } } }]
  ])('%s gives %s and is paid with it', async (scene, name, more) => {
    const world = setup()
    const { body, headers, text } = await world.v3('POST', `/v3/pay/transactions/${scene}`, {
      ...v3Order(world, 'T00001'),
      attach: '附加',
      ...more
    })
    expect(isSignedBy(headers, text, world.simulator.pay.platform.publicKey)).toBe(true)
    expect(headers.get('wechatpay-serial')).toBe(world.simulator.pay.platform.publicKeyId)
    expect((await query(world, 'T00001')).body).toMatchObject({ trade_state: 'NOTPAY', out_trade_no: 'T00001' })
    const paid = await world.user.pay(String(body[name]))
    expect(paid.state).toBe('SUCCESS')
    const byId = await world.v3('GET', `/v3/pay/transactions/id/${paid.transactionId}?mchid=${world.mchId}`)
    expect(byId.body).toMatchObject({
      trade_state: 'SUCCESS',
      trade_type: scene === 'h5' ? 'MWEB' : scene.toUpperCase(),
      attach: '附加',
      success_time: '2025-06-10T12:00:00+08:00',
      payer: { openid: world.openid },
      amount: { total: 100, payer_total: 100, currency: 'CNY' }
    })
  })

  it('is the same for the same parameters, in any order of names', async () => {
    const world = setup()
    const order = v3Order(world, 'T00001')
    const first = await world.v3('POST', JSAPI, order)
    const again = await world.v3('POST', JSAPI, Object.fromEntries(Object.entries(order).reverse()))
    expect(again.body.prepay_id).toBe(first.body.prepay_id)
    const changed = await world.v3('POST', JSAPI, { ...order, description: '另一个' })
    expect(changed).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
    const { payer: _, ...native } = order
    const other = await world.v3('POST', '/v3/pay/transactions/native', native)
    expect(other).toMatchObject({ status: 403, body: { code: 'OUT_TRADE_NO_USED' } })
  })

  it('is closed with a signed 204, as often as one likes, until it is paid', async () => {
    const world = setup()
    const close = (number: string) =>
      world.v3('POST', `/v3/pay/transactions/out-trade-no/${number}/close`, { mchid: world.mchId })
    await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    for (let i = 0; i < 2; i++) {
      const closed = await close('T00001')
      expect(closed).toMatchObject({ status: 204, text: '' })
      expect(isSignedBy(closed.headers, '', world.simulator.pay.platform.publicKey)).toBe(true)
    }
    expect((await query(world, 'T00001')).body.trade_state).toBe('CLOSED')
    expect((await world.v3('POST', JSAPI, v3Order(world, 'T00001'))).body.code).toBe('ORDER_CLOSED')
    const { body } = await world.v3('POST', JSAPI, v3Order(world, 'T00002'))
    await world.user.pay(String(body.prepay_id))
    expect(await close('T00002')).toMatchObject({ status: 400, body: { code: 'ORDER_PAID' } })
    expect((await world.v3('POST', JSAPI, v3Order(world, 'T00002'))).body.code).toBe('ORDER_PAID')
    expect(await close('UNKNOWN1')).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_EXIST' } })
  })

  it('takes the bound when time_expire is too near, and expires on the clock', async () => {
    const world = setup()
    const order = { ...v3Order(world, 'T00001'), time_expire: '2025-06-10T12:00:05+08:00' }
    const { body } = await world.v3('POST', JSAPI, order)
    await world.simulator.clock.advance(59_000)
    expect((await query(world, 'T00001')).body.trade_state).toBe('NOTPAY')
    await world.simulator.clock.advance(1_000)
    expect((await query(world, 'T00001')).body.trade_state).toBe('CLOSED')
    await expect(world.user.pay(String(body.prepay_id))).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  it('takes odd characters in its number, percent-encoded in the path', async () => {
    const world = setup()
    await world.v3('POST', JSAPI, v3Order(world, 'T|00*1'))
    expect((await query(world, encodeURIComponent('T|00*1'))).body.out_trade_no).toBe('T|00*1')
  })
})

it('is one ledger: v2 queries what v3 made, and the number belongs to both', async () => {
  const world = setup()
  const { body } = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
  await world.user.pay(String(body.prepay_id))
  expect(await world.v2('/pay/orderquery', { appid: world.appId, out_trade_no: 'T00001' })).toMatchObject({
    trade_state: 'SUCCESS',
    total_fee: '100'
  })
  await world.v2('/pay/unifiedorder', v2Order(world, 'T00002'))
  expect((await query(world, 'T00002')).body.trade_state).toBe('NOTPAY')
  const taken = await world.v3('POST', JSAPI, v3Order(world, 'T00002'))
  expect(taken).toMatchObject({ status: 403, body: { code: 'OUT_TRADE_NO_USED' } })
})

describe('client parameters', () => {
  const rsa = (world: Setup, ...lines: string[]) =>
    sign('sha256', Buffer.from(`${lines.join('\n')}\n`), world.simulator.credentials.payV3.privateKey).toString(
      'base64'
    )

  it('of JSAPI and mini programs are verified', async () => {
    const world = setup()
    const { body } = await world.v3('POST', JSAPI, v3Order(world, 'T00001'))
    const bundle = `prepay_id=${body.prepay_id}`
    const params = { timeStamp: '1', nonceStr: 'n', package: bundle, signType: 'RSA' }
    const paySign = rsa(world, world.appId, '1', 'n', bundle)
    await expect(world.user.pay({ ...params, paySign, nonceStr: 'm' })).rejects.toThrow('支付验证签名失败')
    await expect(world.user.pay({ ...params, paySign, signType: 'MD5' })).rejects.toThrow('expected RSA')
    expect(await world.user.pay({ appId: world.appId, ...params, paySign })).toMatchObject({ state: 'SUCCESS' })
  })

  it('of an app are verified', async () => {
    const world = setup()
    const appId = world.simulator.credentials.app.appId
    const { payer: _, ...order } = { ...v3Order(world, 'T00001'), appid: appId }
    const { body } = await world.v3('POST', '/v3/pay/transactions/app', order)
    const prepayid = String(body.prepay_id)
    const params = {
      appid: appId,
      partnerid: world.mchId,
      prepayid,
      package: 'Sign=WXPay',
      noncestr: 'n',
      timestamp: '1'
    }
    await expect(
      world.user.pay({ ...params, sign: rsa(world, appId, '1', 'n', `prepay_id=${prepayid}`) })
    ).rejects.toThrow()
    expect(await world.user.pay({ ...params, sign: rsa(world, appId, '1', 'n', prepayid) })).toMatchObject({
      state: 'SUCCESS'
    })
  })
})

describe('payment by code', () => {
  const order = (world: Setup, code: string) => {
    const { payer: _p, notify_url: _n, ...rest } = v3Order(world, 'CODE001')
    return { ...rest, payer: { auth_code: code }, scene_info: { store_info: { id: '1' } } }
  }

  it('pays at once or waits for the password with a 202', async () => {
    const world = setup()
    const now = await world.v3('POST', '/v3/pay/transactions/codepay', order(world, world.user.paymentCode()))
    expect(now).toMatchObject({ status: 200, body: { trade_state: 'SUCCESS', trade_type: 'MICROPAY' } })
    const code = world.user.paymentCode({ asksPassword: true })
    const later = { ...order(world, code), out_trade_no: 'CODE002' }
    const waiting = await world.v3('POST', '/v3/pay/transactions/codepay', later)
    expect(waiting).toMatchObject({ status: 202, body: { code: 'USERPAYING' } })
    const reversed = await world.v3('POST', '/v3/pay/transactions/out-trade-no/CODE002/reverse', {
      appid: world.appId,
      mchid: world.mchId
    })
    expect(reversed).toMatchObject({ status: 200, body: { out_trade_no: 'CODE002' } })
    expect((await query(world, 'CODE002')).body.trade_state).toBe('REVOKED')
  })
})

describe('service providers', () => {
  it('order for sub-merchants, and only under their number', async () => {
    const world = setup()
    const { appid, mchid, payer, ...rest } = v3Order(world, 'T00001')
    const order = {
      ...rest,
      sp_appid: appid,
      sp_mchid: mchid,
      sub_mchid: '1900000109',
      payer: { sp_openid: payer.openid }
    }
    const { body } = await world.v3('POST', '/v3/pay/partner/transactions/jsapi', order)
    await world.user.pay(String(body.prepay_id))
    const target = (sub: string) =>
      `/v3/pay/partner/transactions/out-trade-no/T00001?sp_mchid=${world.mchId}&sub_mchid=${sub}`
    expect((await world.v3('GET', target('1900000109'))).body).toMatchObject({
      sp_mchid: world.mchId,
      sub_mchid: '1900000109',
      payer: { sp_openid: world.openid },
      trade_state: 'SUCCESS'
    })
    expect((await world.v3('GET', target('1900000110'))).status).toBe(404)
    expect((await query(world, 'T00001')).status).toBe(404)
  })
})

describe('combined orders', () => {
  const combine = (world: Setup, mchIds: string[]) => ({
    combine_appid: world.appId,
    combine_mchid: world.mchId,
    combine_out_trade_no: 'C00001',
    notify_url: 'https://shop.example.com/v3/combine',
    combine_payer_info: { openid: world.openid },
    sub_orders: mchIds.map((mchid, i) => ({
      mchid,
      attach: `part ${i}`,
      amount: { total_amount: 100 + i, currency: 'CNY' },
      out_trade_no: `C00001-${i}`,
      description: '部分'
    }))
  })
  const setupTwo = () => {
    const world = setup({ accounts: { merchants: [{}, {}] } })
    return { world, mchIds: world.simulator.context.accounts.merchants.map((one) => one.mchId) }
  }

  it('are paid together, over several merchants', async () => {
    const { world, mchIds } = setupTwo()
    const { body } = await world.v3('POST', '/v3/combine-transactions/jsapi', combine(world, mchIds))
    await world.user.pay(String(body.prepay_id))
    const { body: found } = await world.v3('GET', '/v3/combine-transactions/out-trade-no/C00001')
    expect(found).toMatchObject({
      combine_out_trade_no: 'C00001',
      combine_payer_info: { openid: world.openid },
      sub_orders: [
        { mchid: mchIds[0], trade_state: 'SUCCESS', amount: { total_amount: 100, payer_amount: 100 } },
        { mchid: mchIds[1], trade_state: 'SUCCESS', amount: { total_amount: 101 } }
      ]
    })
    expect(world.received).toHaveLength(1)
  })

  it('are closed as a whole', async () => {
    const { world, mchIds } = setupTwo()
    await world.v3('POST', '/v3/combine-transactions/jsapi', combine(world, mchIds))
    const close = (count: number) =>
      world.v3('POST', '/v3/combine-transactions/out-trade-no/C00001/close', {
        combine_appid: world.appId,
        sub_orders: mchIds.slice(0, count).map((mchid, i) => ({ mchid, out_trade_no: `C00001-${i}` }))
      })
    expect((await close(1)).body.code).toBe('INVALID_REQUEST')
    expect((await close(2)).status).toBe(204)
    expect((await query(world, 'C00001-0')).body.trade_state).toBe('CLOSED')
  })

  it('refuse changed parameters, unknown merchants and numbers that are taken', async () => {
    const { world, mchIds } = setupTwo()
    const path = '/v3/combine-transactions/jsapi'
    expect((await world.v3('POST', path, combine(world, ['1999999999']))).body.code).toBe('MCH_NOT_EXISTS')
    await world.v3('POST', path, combine(world, mchIds))
    expect((await world.v3('POST', path, combine(world, mchIds.slice(1)))).body.code).toBe('INVALID_REQUEST')
    const again = { ...combine(world, mchIds), combine_out_trade_no: 'C00002' }
    expect((await world.v3('POST', path, again)).body.code).toBe('OUT_TRADE_NO_USED')
  })
})
