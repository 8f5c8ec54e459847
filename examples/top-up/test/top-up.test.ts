import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { secretsIn } from '../../shared/test/secrets.ts'
import { type Harness, startTopUp } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startTopUp({ environment: { TRUST_PROXY: '2' } })
}, 60_000)
afterAll(() => harness?.close())
afterEach(async () => expect(await harness.broken()).toEqual([]))

const failure = (error: string, result: unknown = null) => ({ success: false, result, error })
const success = (result: unknown) => ({ success: true, result, error: null })

describe('login', () => {
  it('goes from no openid over no user to a user', async () => {
    const outside = await harness.visitor('a', 'nobody')
    expect((await outside.get('/wechat/check')).body).toEqual(failure('请在微信中打开', -1))
    const inside = await harness.visitor('b', 'openid')
    const check = await inside.get('/wechat/check')
    expect([check.status, check.body]).toEqual([200, failure('请先登录', 0)])
    const user = await inside.get('/wechat/user')
    expect([user.status, user.body]).toEqual([401, failure('请先登录', 0)])
    expect((await inside.askForCode()).body).toEqual(success('success'))
    const before = inside.cookie()
    const logged = (await inside.login()).body
    expect(Object.keys(logged)).toEqual(['success', 'result', 'error'])
    expect(logged.result).toEqual({
      id: expect.any(Number),
      nick_name: 'b',
      head_img_url: expect.any(String),
      mobile: inside.mobile,
      total_account: 0,
      used_account: 0,
      balance_account: 0,
      state: 0,
      ctime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      utime: expect.any(String)
    })
    // Another session than before the login: nobody can have planted it.
    expect(inside.cookie()).not.toBe(before)
    expect((await inside.get('/wechat/check')).body).toEqual(success('success'))
    expect((await inside.get('/wechat/user')).body).toEqual(logged)
  })

  it('takes a code once, and five tries', async () => {
    const person = await harness.visitor('c', 'openid')
    await person.askForCode()
    const code = person.code()
    const wrong = code === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++) expect((await person.login(person.mobile, wrong)).body.error).toBe('验证码错误或已失效')
    expect((await person.login(person.mobile, code)).status).toBe(400)
    const other = await harness.visitor('d')
    expect((await other.login(other.mobile, other.code())).status).toBe(400)
  })

  it('refuses a number of another WeChat account, until the staff unbinds it', async () => {
    const owner = await harness.visitor('owner')
    await owner.recharge(1000)
    const heir = await harness.visitor('heir', 'openid')
    const { Users } = await import('../src/models/users.ts')
    const users = new Users(harness.app.database.db)
    const profile = { nick_name: 'heir', head_img_url: '' }
    await expect(users.login(heir.user.openid(), owner.mobile, profile)).rejects.toMatchObject({ errorCode: 7 })
    expect((await owner.get('/wechat/user')).body.result).toMatchObject({ balance_account: 1000 })
    expect(await users.unbind(owner.mobile)).toBe(true)
    expect(await users.login(heir.user.openid(), owner.mobile, profile)).toMatchObject({ balance_account: 1000 })
    expect((await owner.get('/wechat/check')).body.result).toBe(0)
  })

  it('makes one account of two logins at once', async () => {
    const { Users } = await import('../src/models/users.ts')
    const users = new Users(harness.app.database.db)
    const profile = { nick_name: 'x', head_img_url: '' }
    const all = await Promise.all(Array.from({ length: 10 }, () => users.login('o-twice', '13900000001', profile)))
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    const rivals = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => users.login(`o-rival-${i}`, '13900000002', profile))
    )
    expect(rivals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('shuts a disabled user out', async () => {
    const person = await harness.visitor('e')
    await harness.app.database.query(`update users set state = 1 where mobile = '${person.mobile}'`)
    const answer = await person.get('/wechat/user')
    expect([answer.status, answer.body]).toEqual([403, failure('账号已被禁用')])
  })
})

describe('captcha and SMS', () => {
  it('sends nothing without the captcha of the same visitor, solved once', async () => {
    const [person, other] = [await harness.visitor('f', 'openid'), await harness.visitor('g', 'openid')]
    expect((await person.askForCode(person.mobile, { wrong: true })).body.error).toBe('请重新完成验证')
    const { challenge } = (await person.get('/wechat/geetest')).body.result as { challenge: string }
    await other.get('/wechat/geetest')
    const form = person.user.solveCaptcha(challenge)
    expect((await other.post('/wechat/captcha', { mobile: other.mobile, ...form })).body.error).toBe('请重新完成验证')
    expect((await person.post('/wechat/captcha', { mobile: person.mobile, ...form })).body).toEqual(success('success'))
    expect((await person.post('/wechat/captcha', { mobile: person.mobile, ...form })).body.error).toBe('请重新完成验证')
    expect(other.user.smsCode()).toBeUndefined()
  })

  it('floods no number: 60 seconds, then five for a visitor', async () => {
    const person = await harness.visitor('h', 'openid')
    expect((await person.askForCode()).status).toBe(200)
    const again = await person.askForCode()
    expect([again.status, again.body.error]).toEqual([429, '操作太频繁，请稍后再试'])
    for (let i = 0; i < 3; i++) await person.askForCode(`1370000000${i}`)
    expect((await person.askForCode('13700000009')).status).toBe(429)
  })

  it('makes an address sixty captchas an hour', async () => {
    const person = await harness.visitor('h2', 'nobody')
    const statuses: number[] = []
    for (let i = 0; i < 61; i++) statuses.push((await person.get('/wechat/geetest')).status)
    expect(statuses).toEqual([...Array(60).fill(200), 429])
  })

  it('is stricter while Geetest is down', async () => {
    const person = await harness.visitor('i', 'openid')
    harness.simulator.fail('api.geetest.com', { status: 500, times: 99 })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push((await person.askForCode(`1360000000${i}`)).status)
    harness.simulator.recover()
    expect(answers).toEqual([200, 200, 200, 429])
    const geetest = (await person.get('/wechat/geetest')).body.result
    expect(geetest).toMatchObject({ success: true, new_captcha: true, gt: expect.any(String) })
  })

  it('says that a service cannot be asked', async () => {
    const person = await harness.visitor('j', 'openid')
    harness.simulator.fail('/v2/sms/single_send.json', { status: 500, times: 9 })
    const answer = await person.askForCode()
    harness.simulator.recover()
    expect([answer.status, answer.body]).toEqual([502, failure('服务暂时不可用')])
  })
})

describe('recharge', () => {
  it('books a payment once, whatever is repeated', async () => {
    const person = await harness.visitor('k')
    const answer = await person.get('/wechat/recharge/1234')
    expect(Object.keys(answer.body).sort()).toEqual(['error', 'pay_params', 'recharge_id', 'result', 'success'])
    expect(answer.body).toMatchObject({ success: true, result: 'success', error: null })
    const status = async () =>
      (await person.get(`/wechat/recharge/status/${String(answer.body.recharge_id)}`)).body.result
    expect(await status()).toBe('open')
    harness.simulator.deliveries.duplicate('pay', 2)
    await person.user.pay(answer.body.pay_params as object)
    harness.simulator.deliveries.duplicate('pay', 0)
    expect(await status()).toBe('paid')
    expect((await person.get('/wechat/user')).body.result).toMatchObject({
      total_account: 1234,
      balance_account: 1234
    })
    const { total, data } = (await person.post('/wechat/recharge/list')).body.result as {
      total: number
      data: Record<string, unknown>[]
    }
    expect(total).toBe(1)
    expect(Object.keys(data[0] ?? {})).toEqual(['id', 'user', 'amount', 'transaction_id', 'pay_time', 'utime', 'ctime'])
  })

  it('makes one order of thirty taps', async () => {
    const person = await harness.visitor('l')
    const answers = await Promise.all(Array.from({ length: 30 }, () => person.get('/wechat/recharge/500')))
    expect(new Set(answers.map(({ body }) => body.recharge_id)).size).toBe(1)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('finds a payment whose notification was lost', async () => {
    const person = await harness.visitor('m')
    harness.simulator.deliveries.hold('pay')
    const answer = await person.get('/wechat/recharge/700')
    await person.user.pay(answer.body.pay_params as object)
    const balance = async () =>
      ((await person.get('/wechat/user')).body.result as { balance_account: number }).balance_account
    await harness.app.sweep('recharges')
    expect(await balance()).toBe(0)
    await harness.app.database.query(
      "update recharges set ctime = ctime - interval '10 minutes' where status = 'placed'"
    )
    await harness.app.sweep('recharges')
    expect(await balance()).toBe(700)
    await harness.simulator.deliveries.release('pay')
    expect(await balance()).toBe(700)
  })

  it('serves no foreign picture, HEAD or prefetch, and no amount that is none', async () => {
    const person = await harness.visitor('n')
    const ask = (headers: Record<string, string>, method = 'GET', path = '/wechat/recharge/900') =>
      harness.call(method, path, { headers: { cookie: person.cookie(), ...headers } })
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'same-origin', 'sec-purpose': 'prefetch' },
      { origin: 'https://evil.example' }
    ]) {
      expect((await ask(headers)).status).toBe(404)
      expect((await ask(headers, 'POST')).status).toBe(404)
    }
    expect((await ask({}, 'HEAD')).status).toBe(404)
    for (const amount of ['0', '-1', '1.5', 'abc', '01', '%D9%A1%D9%A2', '9999999999']) {
      const answer = await ask({}, 'GET', `/wechat/recharge/${amount}`)
      expect([amount, answer.status, answer.body]).toEqual([amount, 404, failure('接口不存在')])
    }
    expect((await ask({}, 'GET', '/wechat/recharge/500001')).body).toEqual(failure('参数错误'))
    const rows = await harness.app.database.query(
      `select r.id from recharges r join users u on u.id = r.user_id where u.mobile = '${person.mobile}'`
    )
    expect(rows).toEqual([])
  })

  it('makes ten orders in ten minutes, and says that WeChat Pay refuses', async () => {
    const person = await harness.visitor('o')
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOAUTH', times: 1 })
    const refused = await person.get('/wechat/recharge/1')
    expect([refused.status, refused.body]).toEqual([502, failure('服务暂时不可用')])
    for (let i = 2; i <= 10; i++) expect((await person.get(`/wechat/recharge/${i}`)).status).toBe(200)
    expect((await person.get('/wechat/recharge/11')).status).toBe(429)
  })
})

describe('devices and statements', () => {
  it('charges started minutes, once', async () => {
    const person = await harness.visitor('p')
    expect((await person.post('/wechat/device/start', { device_id: 'A001' })).body).toEqual(failure('余额不足'))
    await person.recharge(1000)
    expect((await person.post('/wechat/device/start', { device_id: 'X999' })).body).toEqual(failure('设备不存在'))
    expect((await person.post('/wechat/device/start', { device_id: 'A001' })).body.result).toMatchObject({
      price_per_minute: 20
    })
    const rival = await harness.visitor('q')
    await rival.recharge(1000)
    expect((await rival.post('/wechat/device/start', { device_id: 'A001' })).body).toEqual(failure('设备使用中'))
    expect((await person.post('/wechat/device/start', { device_id: 'A002' })).body).toEqual(failure('设备使用中'))
    await harness.app.database.query(
      "update expenses set ctime = ctime - interval '90 seconds' where end_time is null and device_id = 'A001'"
    )
    const stops = await Promise.all(Array.from({ length: 20 }, () => person.post('/wechat/device/stop')))
    expect(new Set(stops.map(({ text }) => text)).size).toBe(1)
    expect(stops[0]?.body.result).toMatchObject({ cost_money: 40, cost_time: 1, location: '科技园一楼大堂' })
    expect((await person.get('/wechat/user')).body.result).toMatchObject({ used_account: 40, balance_account: 960 })
  })

  it('ends a session when the balance is used up, at that minute', async () => {
    const person = await harness.visitor('r')
    await person.recharge(100)
    await person.post('/wechat/device/start', { device_id: 'B001' })
    await harness.app.database.query(
      "update expenses set ctime = ctime - interval '10 minutes' where end_time is null and device_id = 'B001'"
    )
    await Promise.all([harness.app.sweep('expenses'), person.post('/wechat/device/stop')])
    const { data } = (await person.post('/wechat/expense/list')).body.result as { data: Record<string, unknown>[] }
    expect(data).toEqual([expect.objectContaining({ cost_money: 100, cost_time: 2 })])
    expect((await person.get('/wechat/user')).body.result).toMatchObject({ balance_account: 0 })
  })

  it('lists page by page and by time, both ends included', async () => {
    const person = await harness.visitor('s')
    for (const fen of [1, 2, 3]) await person.recharge(fen)
    const list = async (body: object) =>
      (await person.post('/wechat/recharge/list', body)).body.result as {
        total: number
        data: { amount: number; pay_time: string }[]
      }
    const all = await list({})
    expect(all.data.map(({ amount }) => amount)).toEqual([3, 2, 1])
    const pages = [await list({ page: 1, size: 2 }), await list({ page: 2, size: 2 })]
    expect(pages.map(({ total, data }) => [total, data.length])).toEqual([
      [3, 2],
      [3, 1]
    ])
    const at = all.data[2]?.pay_time ?? ''
    expect((await list({ start_time: at, end_time: at })).data.map(({ amount }) => amount)).toContain(1)
    expect((await list({ end_time: '2017-07-01 23:23:23' })).total).toBe(0)
    for (const wrong of [
      { page: 0 },
      { size: 101 },
      { size: '10' },
      { start_time: "2017-07-01' or 1=1" },
      { start_time: '2017-13-01 00:00:00' },
      { start_time: '2017-02-30 00:00:00' },
      { start_time: '2020-01-02 00:00:00', end_time: '2020-01-01 00:00:00' }
    ]) {
      const answer = await person.post('/wechat/recharge/list', wrong)
      expect([wrong, answer.status, answer.body]).toEqual([wrong, 400, failure('参数错误')])
    }
  })
})

describe('JS-SDK', () => {
  it('signs a page of this site, with the six fields of the document', async () => {
    const person = await harness.visitor('t', 'nobody')
    const url = `${harness.url}/?a=1&b=茶`
    const { result } = (await person.post('/wechat/jsapi/signature', { url: `${url}#part` })).body as {
      result: Record<string, string | number>
    }
    expect(Object.keys(result)).toEqual(['debug', 'appId', 'timestamp', 'nonceStr', 'signature', 'jsApiList'])
    expect(result).toMatchObject({ debug: true, timestamp: expect.any(Number), jsApiList: ['scanQRCode'] })
    expect(harness.simulator.wechat.checkJssdkConfig(result as never, url)).toBe('config:ok')
    for (const foreign of ['https://evil.example.com/', 'ftp://127.0.0.1/', 'no address', ''])
      expect((await person.post('/wechat/jsapi/signature', { url: foreign })).status).toBe(400)
  })
})

describe('everything else', () => {
  it('is answered in the envelope', async () => {
    const person = await harness.visitor('u')
    const ask = (method: string, path: string, body?: string, type = 'application/json') =>
      harness.call(method, path, {
        headers: { cookie: person.cookie(), 'content-type': type },
        ...(body === undefined ? {} : { body })
      })
    expect((await ask('GET', '/wechat/nothing')).body).toEqual(failure('接口不存在'))
    expect((await ask('DELETE', '/wechat/user')).body).toEqual(failure('接口不存在'))
    expect((await ask('POST', '/wechat/login', '{"mobile":')).body).toEqual(failure('参数错误'))
    expect((await ask('POST', '/wechat/login', '{"mobile":"1"}')).body).toEqual(failure('参数错误'))
    expect((await ask('POST', '/wechat/login', 'mobile=1', 'application/x-www-form-urlencoded')).status).toBe(400)
    expect((await ask('POST', '/wechat/login', JSON.stringify({ mobile: 'x'.repeat(20_000) }))).status).toBe(400)
    const headers = (await ask('GET', '/wechat/check')).headers
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
  })

  it('keeps keys, codes and numbers out of the log', () => {
    expect(secretsIn(harness.logged(), harness.simulator)).toEqual([])
    expect(harness.logged()).not.toMatch(/\b1\d{10}\b/)
  })

  it('refuses a forged payment', async () => {
    const body = '<xml><return_code>SUCCESS</return_code><out_trade_no>C1</out_trade_no><sign>X</sign></xml>'
    const answer = await harness.call('POST', '/wechat/pay/notify', { headers: { 'content-type': 'text/xml' }, body })
    expect(answer.text).toContain('FAIL')
    expect(createHash('md5').update(answer.text).digest('hex')).toMatch(/^\w{32}$/)
  })
})
