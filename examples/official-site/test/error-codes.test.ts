import { afterAll, beforeAll, expect, it } from 'vitest'
import { ERROR_CODES, type ErrorCode } from '../src/error-codes.ts'
import { type Answer, type Harness, startHarness } from './harness.ts'
import { temporaryImage } from './temporary-image.ts'

let harness: Harness
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  user = { cookie: (await harness.login(harness.simulator.user())).cookie }
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

const JS_SDK = `/api/wx/js_sdk_config/?url=${encodeURIComponent('https://shop.example.com/')}`
const get = (path: string, headers = user) => harness.call('GET', path, { headers })
const put = (path: string, body: unknown) => harness.call('PUT', path, { headers: admin, body })
const post = (path: string, body: unknown, headers = user) => harness.call('POST', path, { headers, body })
const remove = (query: string) => harness.call('DELETE', `/api/wx/pay/orders/${query}`, { headers: admin })
const login = (name: unknown, password: unknown) => put('/api/admin/login/', { name, password })

async function placeOrder(headers = user): Promise<string> {
  const { body } = await post('/api/wx/pay/orders/', { body: '试付一分', total_fee: 1 }, headers)
  return (body.data.wx_pay_order as { uuid: string }).uuid
}

async function storeImage(): Promise<Answer> {
  return post('/api/qn/wx_temp_images/', { media_id: await temporaryImage(harness.simulator) })
}

/** On a site of its own: for some seconds a client remembers that no token or ticket can be had. */
async function jsSdkWhere(fault: (simulator: Harness['simulator']) => void): Promise<Answer> {
  const site = await startHarness()
  try {
    const { cookie } = await site.login(site.simulator.user())
    fault(site.simulator)
    return await site.call('GET', JS_SDK, { headers: { cookie } })
  } finally {
    await site.close()
  }
}

/** Every code of the document with a request that it answers. */
const PROVOKED: Record<ErrorCode, () => Promise<Answer>> = {
  1000: () => {
    // Yunpian has no code of its own in the document.
    harness.simulator.fail('/sms/single_send', { errcode: 9, times: 1 })
    return post('/api/sms/codes/', { mobile: '13800138000' })
  },
  1100: () => post('/api/wx/pay/orders/', '{'),
  1101: () => get('/api/current_user/', {}),
  1103: async () => {
    const other = { cookie: (await harness.login(harness.simulator.user())).cookie }
    return get(`/api/wx/pay/orders/${await placeOrder(other)}/`)
  },
  1104: () => get('/api/nothing/'),
  1201: () => get('/api/wx/js_sdk_config/'),
  1202: () => get('/api/wx/pay/orders/?page=0'),
  1401: () => post('/api/wx/pay/orders/', { total_fee: 1 }),
  1402: () => post('/api/wx/pay/orders/', { body: '试付一分', total_fee: '1' }),
  1403: () => login('nobody', 'x'),
  1404: () => login('admin', 'x'),
  1405: () => put('/api/current_admin/password/', { password_old: 'correct horse battery', password_new: 'short' }),
  1601: () => remove(''),
  1602: () => remove('?uuid=x'),
  1800: async () => {
    harness.simulator.fail('/sns/oauth2/access_token', { errcode: 40029, times: 1 })
    const started = await get('/extensions/wx/user/authorize/', {})
    const cookie = started.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const back = harness.simulator.user().authorize(started.headers.get('location') ?? '')
    return get(back.pathname + back.search, { cookie })
  },
  1801: () => jsSdkWhere((simulator) => simulator.wechat.freezeSecret(true)),
  1802: () => jsSdkWhere((simulator) => simulator.fail('/cgi-bin/ticket/getticket', { errcode: 48001, times: 1 })),
  1803: () => post('/api/qn/wx_temp_images/', { media_id: 'no-such-media' }),
  1820: () => {
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOAUTH', times: 1 })
    return post('/api/wx/pay/orders/', { body: '试付一分', total_fee: 1 })
  },
  1850: () => {
    harness.simulator.fail('/v4/query', { status: 631, times: 1 })
    return get('/extensions/qn/upload_token/')
  },
  1851: () => {
    harness.simulator.fail(/^POST \S*qiniup\.com/, { status: 400, times: 1 })
    return storeImage()
  },
  1852: () => {
    harness.simulator.fail(/^POST \S*qiniup\.com/, { status: 400, times: 1 })
    return post('/api/qn/order_exports/', undefined, admin)
  }
}

it.each(Object.entries(PROVOKED))('answers %s as the document writes it', async (name, provoke) => {
  const code = Number(name) as ErrorCode
  const { status, body, headers } = await provoke()
  const { message } = ERROR_CODES[code]
  expect(body).toEqual({ code, message, data: {} })
  expect(status).toBe(ERROR_CODES[code].status)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
})

it('answers success as the document writes it, when the faults are over', async () => {
  for (const answer of [await get(JS_SDK), await storeImage(), await get('/api/current_user/')])
    expect(answer.body).toEqual({ code: 0, message: 'Success', data: expect.any(Object) })
})

it('has the 22 codes of the document', () => {
  expect(Object.keys(ERROR_CODES).join()).toBe(
    '1000,1100,1101,1103,1104,1201,1202,1401,1402,1403,1404,1405,1601,1602,1800,1801,1802,1803,1820,1850,1851,1852'
  )
})
