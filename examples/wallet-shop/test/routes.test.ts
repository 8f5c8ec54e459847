import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookiesOf, logIn } from '../../shared/test/client.ts'
import { type Harness, key, type Shopper, startHarness } from './harness.ts'

const USER = ['id', 'name', 'gender', 'province', 'city', 'avatar', 'balance', 'coupon', 'phone']
const PRODUCT = ['id', 'name', 'description', 'icon', 'shop_id', 'price', 'create_at', 'update_at']
const CART = ['id', 'uid', 'product', 'product_name', 'product_price', 'num', 'create_at', 'update_at']
const LEDGER = ['id', 'uid', 'name', 'money', 'type', 'item_id', 'create_at', 'update_at']
const ITEM = ['id', 'name', 'money', 'description', 'charge', 'create_at', 'update_at']
const APP_PARAMS = ['appid', 'partnerid', 'prepayid', 'package', 'noncestr', 'timestamp', 'sign', 'payment_id']
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const STATUS = { 10001: 400, 10002: 404, 10003: 401, 10004: 409, 10005: 400, 10006: 402 } as const
const BAD_IDS = ['0', '-1', '1.5', '1e3', '01', '%00', "'%20OR%201", '%F0%9F%8D%B5']

let harness: Harness
let shopper: Shopper
let addresses = 1
beforeAll(async () => {
  harness = await startHarness()
  shopper = await harness.enter()
}, 60_000)
afterAll(async () => {
  await harness.checkMoney()
  await harness.close()
})

const keys = (value: unknown) => Object.keys(value as object)
const first = (value: unknown) => (value as object[])[0]
/** The response to an error is the code, `null` and its status. */
async function refused(answer: Promise<{ status: number; body: object }>, code: keyof typeof STATUS, status?: number) {
  const { body, status: got } = await answer
  expect(body).toEqual({ code, data: null })
  expect(got).toBe(status ?? STATUS[code])
}
/** As from an address of its own, so that limits of other tests do not count. */
const from = (address = `10.1.0.${addresses++}`) => ({ 'x-forwarded-for': address })
const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  harness.call('POST', path, { headers, ...(body === undefined ? {} : { body }) })
const phone = () => 13_800_000_000 + addresses++

describe('signing up and logging in by phone', () => {
  it('makes an account with two empty purses, once for a number', async () => {
    const mine = phone()
    const answer = await post('/account/signup', { phone: String(mine), password: 'correct horse' }, from())
    expect(answer.body).toMatchObject({ code: 0, data: { phone: mine, balance: 0, coupon: 0, name: '', gender: 0 } })
    expect(keys(answer.body.data)).toEqual(USER)
    expect(answer.headers.get('set-cookie')).toMatch(
      /^wallet_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/
    )
    await refused(post('/account/signup', { phone: mine, password: 'another horse' }, from()), 10004)

    const login = await post('/account/login', { phone: mine, password: 'correct horse' }, from())
    expect(login.body.data).toEqual(answer.body.data)
    const user = await harness.call('GET', '/user', { headers: { cookie: cookiesOf(login) } })
    expect(user.body.data).toEqual(answer.body.data)
  })

  it('says the same of a wrong password and of an unknown number', async () => {
    const mine = phone()
    await post('/account/signup', { phone: mine, password: 'correct horse' }, from())
    await refused(post('/account/login', { phone: mine, password: 'wrong horse' }, from()), 10001, 403)
    await refused(post('/account/login', { phone: phone(), password: 'wrong horse' }, from()), 10001, 403)
  })

  it.each([
    {},
    { phone: '13800138000' },
    { password: 'correct horse' },
    { phone: '1380013800', password: 'correct horse' },
    { phone: '23800138000', password: 'correct horse' },
    { phone: ['13800138000'], password: 'correct horse' },
    { phone: '13800138000', password: 'seven77' },
    { phone: '13800138000', password: 'x'.repeat(65) },
    { phone: '13800138000', password: 12345678 },
    [],
    '{',
    '"text"',
    `{"phone":"13800138000","password":"${'x'.repeat(20_000)}"}`
  ])('refuses %j', async (body) => {
    await refused(post('/account/signup', body, from()), 10005)
    await refused(post('/account/login', body, from()), 10005)
  })

  it('takes JSON only', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await refused(post('/account/login', 'phone=13800138000&password=correct+horse', { ...from(), ...form }), 10005)
  })

  it('counts wrong passwords, and right ones not', async () => {
    const mine = phone()
    await post('/account/signup', { phone: mine, password: 'correct horse' }, from())
    const here = from()
    for (let index = 0; index < 12; index++) {
      expect((await post('/account/login', { phone: mine, password: 'correct horse' }, here)).body.code).toBe(0)
    }
    for (let index = 0; index < 10; index++) {
      await refused(post('/account/login', { phone: mine, password: 'wrong horse' }, here), 10001, 403)
    }
    await refused(post('/account/login', { phone: mine, password: 'correct horse' }, here), 10001, 429)
    expect((await post('/account/login', { phone: mine, password: 'correct horse' }, from())).body.code).toBe(0)
  })

  it('lets five accounts an hour be made from an address', async () => {
    const here = from()
    const answers = []
    for (let index = 0; index < 6; index++)
      answers.push(await post('/account/signup', { phone: phone(), password: 'correct horse' }, here))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
  })
})

describe('logging in by WeChat', () => {
  const signIn = (code: string, headers: Record<string, string> = {}) =>
    harness.call('GET', `/account/signin?code=${code}`, { headers })

  it('takes the code of the SDK of the app, once', async () => {
    const person = harness.simulator.user({ nickname: '小红', headimgurl: 'https://thirdwx.qlogo.cn/hong' })
    const code = person.appLogin()
    const answer = await signIn(code)
    expect(answer.body).toMatchObject({
      code: 0,
      data: { name: '小红', avatar: 'https://thirdwx.qlogo.cn/hong', gender: 0, phone: 0 }
    })
    expect(keys(answer.body.data)).toEqual(USER)
    await refused(signIn(code), 10001)
    const again = await signIn(person.appLogin())
    expect(again.body.data).toEqual(answer.body.data)
  })

  it('knows a person of the app and of the page as one', async () => {
    const person = harness.simulator.user({ nickname: '小刚' })
    const inApp = await signIn(person.appLogin())
    const cookie = cookiesOf(await logIn(harness.url, '/account/authorize', person))
    const onPage = await harness.call('GET', '/user', { headers: { cookie } })
    expect(onPage.body.data).toEqual(inApp.body.data)
  })

  it('says what WeChat says of a bad code, and when WeChat is away', async () => {
    await refused(signIn('no-such-code'), 10001)
    harness.simulator.fail('/sns/oauth2/access_token', { kind: 'reset', times: 9 })
    await refused(signIn(harness.simulator.user().appLogin()), 10001, 502)
    harness.simulator.recover()
    for (const query of ['', '?code=', '?code=a&code=b', `?code=${'x'.repeat(257)}`, '?code=%27'])
      await refused(harness.call('GET', `/account/signin${query}`), 10005)
  })

  it('ends the session that was there', async () => {
    const before = await harness.enter()
    const answer = await signIn(harness.simulator.user().appLogin(), { cookie: before.cookie })
    expect(answer.body.code).toBe(0)
    await refused(before.call('GET', '/user'), 10003)
  })

  it('brings a browser back to where it asked for the login', async () => {
    const person = harness.simulator.user()
    const landed = await logIn(harness.url, '/account/authorize?next=%2F%3Fa%3D1', person)
    expect([landed.status, landed.headers.get('location')]).toEqual([302, '/?a=1'])
    const away = await harness.call('GET', '/account/authorize?next=https%3A%2F%2Fevil.example')
    expect(away.headers.get('location')).toBe('/?signin=return_path')
  })

  it('does not log anybody in by a link of somebody else', async () => {
    const code = harness.simulator.user().appLogin()
    // A state that was not made for this browser.
    const foreign = await harness.call('GET', `/account/signin?code=${code}&state=abc`)
    expect([foreign.headers.get('location'), foreign.headers.get('set-cookie')]).toEqual(['/?signin=state', null])
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
    ] as Record<string, string>[])
      await refused(signIn(code, headers), 10003)
    expect((await harness.call('HEAD', `/account/signin?code=${code}`)).status).toBe(404)
    // None of these has used it up.
    expect((await signIn(code, { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' })).body.code).toBe(0)
  })

  it('logs out', async () => {
    const visitor = await harness.enter()
    expect((await harness.call('HEAD', '/account/signout', { headers: { cookie: visitor.cookie } })).status).toBe(404)
    expect((await visitor.call('GET', '/user')).body.code).toBe(0)
    const answer = await visitor.call('GET', '/account/signout')
    expect(answer.body).toEqual({ code: 0 })
    expect(answer.headers.get('set-cookie')).toMatch(/^wallet_session=; Max-Age=0/)
    await refused(visitor.call('GET', '/user'), 10003)
    expect((await harness.call('GET', '/account/signout')).body).toEqual({ code: 0 })
  })
})

describe('without a session', () => {
  it.each([
    ['GET', '/user'],
    ['GET', '/cart'],
    ['POST', '/cart'],
    ['DELETE', '/cart/1'],
    ['POST', '/cart/pay_with_balance'],
    ['POST', '/cart/pay_with_coupon'],
    ['GET', '/product/1/with_balance'],
    ['POST', '/product/1/with_coupon'],
    ['GET', '/ledgers?type=0'],
    ['POST', '/payment_order?item_id=1'],
    ['GET', '/payment_order/W1']
  ])('%s %s is 10003', async (method, path) => {
    for (const cookie of ['', 'wallet_session=', `wallet_session=${'A'.repeat(43)}`])
      await refused(harness.call(method, path, { headers: { cookie } }), 10003)
  })
})

describe('products', () => {
  it('are listed by shop, and found one by one', async () => {
    const { body } = await harness.call('GET', '/products')
    const list = body.data as { id: number; shop_id: number; create_at: string }[]
    expect(keys(list[0])).toEqual(PRODUCT)
    expect(list[0]?.create_at).toMatch(TIME)
    expect(new Set(list.map(({ shop_id }) => shop_id))).toEqual(new Set([0]))
    expect((await harness.call('GET', '/products?shop_id=1')).body.data).toMatchObject([{ shop_id: 1 }])
    expect((await harness.call('GET', '/products?shop_id=99')).body).toEqual({ code: 0, data: [] })
    expect((await harness.call('GET', '/products?size=1&page=2')).body.data).toEqual([list[1]])
    for (const path of [`/product/${list[0]?.id}`, `/product/${list[0]?.id}/`])
      expect((await harness.call('GET', path)).body).toEqual({ code: 0, data: list[0] })
  })

  it.each([
    'shop_id=-1',
    'shop_id=x',
    'shop_id=1&shop_id=2',
    'shop_id=1.5',
    'page=0',
    'size=501',
    'shop_id=9999999999'
  ])('refuse ?%s', (query) => refused(harness.call('GET', `/products?${query}`), 10005))

  it('that are not there, or not for sale, are 10002', async () => {
    const gone = await harness.addProduct(100)
    await harness.app.database.query(`update products set is_on_sale = false where id = ${gone}`)
    for (const number of ['999999', '2147483648', '9007199254740992', String(gone)]) {
      await refused(harness.call('GET', `/product/${number}`), 10002)
      await refused(shopper.call('GET', `/product/${number}/with_balance`), 10002)
    }
    for (const bad of BAD_IDS) {
      await refused(harness.call('GET', `/product/${bad}`), 10005)
      await refused(shopper.call('POST', `/product/${bad}/with_coupon`), 10005)
    }
    await refused(harness.call('GET', '/product/%zz'), 10005)
  })
})

describe('buying one product', () => {
  it.each(['GET', 'POST'])('by %s takes the price of the table from one purse', async (method) => {
    const buyer = await harness.enter()
    const product = await harness.addProduct(300)
    await refused(buyer.call(method, `/product/${product}/with_balance?price=0`), 10006)
    await buyer.topUp(500, 400)
    const bought = await buyer.call(
      method,
      `/product/${product}/with_balance?price=1`,
      method === 'POST' ? { price: 1 } : undefined
    )
    expect(bought.body).toMatchObject({ code: 0, data: { id: product, price: 300 } })
    expect(keys(bought.body.data)).toEqual(PRODUCT)
    expect(bought.headers.get('cache-control')).toBe('no-store')
    expect(bought.headers.get('etag')).toBeNull()
    expect(await buyer.user()).toMatchObject({ balance: 200, coupon: 400 })
    expect((await buyer.call(method, `/product/${product}/with_coupon`)).body.code).toBe(0)
    expect(await buyer.user()).toMatchObject({ balance: 200, coupon: 100 })
    await refused(buyer.call(method, `/product/${product}/with_coupon`, undefined, { 'idempotency-key': key() }), 10006)
    expect(await buyer.ledger(0)).toMatchObject([
      { money: -300, type: 'purchase', name: '茶', item_id: product },
      { money: 500, type: 'recharge' }
    ])
    expect(await buyer.ledger(1)).toMatchObject([
      { money: -300, type: 'purchase' },
      { money: 400, type: 'bonus' }
    ])
  })

  it('does nothing for what no script of the page sends', async () => {
    const buyer = await harness.enter()
    const product = await harness.addProduct(100)
    await buyer.topUp(1000)
    const path = `/product/${product}/with_balance`
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' },
      { purpose: 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { 'x-moz': 'prefetch' }
    ] as Record<string, string>[])
      for (const method of ['GET', 'POST']) await refused(buyer.call(method, path, undefined, headers), 10003)
    expect((await buyer.call('HEAD', path)).status).toBe(404)
    expect((await buyer.user()).balance).toBe(1000)
    expect(
      (await buyer.call('GET', path, undefined, { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' })).body
        .code
    ).toBe(0)
  })

  it.each(['short', 'x'.repeat(65), 'with space', 'käse-käse'])('refuses the key %s', async (bad) => {
    const headers = { 'idempotency-key': encodeURIComponent(bad) === bad ? bad : `${bad.length} é` }
    await refused(shopper.call('GET', '/product/1/with_balance', undefined, headers), 10005)
  })
})

describe('the cart', () => {
  let buyer: Shopper
  beforeEach(async () => {
    buyer = await harness.enter()
  })

  it('takes products, one more each time or as many as are named, and gives them back', async () => {
    const [tea, bread] = [await harness.addProduct(100, '茶'), await harness.addProduct(50, '面包')]
    expect((await buyer.call('POST', '/cart', { product_id: tea })).body).toEqual({ code: 0 })
    await buyer.call('POST', '/cart', { product_id: tea })
    await buyer.call('POST', '/cart', { product_id: bread, num: 5 })
    await buyer.call('POST', '/cart', { product_id: bread, num: 3 })
    const { body } = await buyer.call('GET', '/cart')
    expect(body.data).toMatchObject([
      { uid: buyer.id, product: bread, product_name: '面包', product_price: 50, num: 3 },
      { product: tea, num: 2 }
    ])
    expect(keys(first(body.data))).toEqual(CART)
    expect((await buyer.call('DELETE', `/cart/${bread}`)).body).toEqual({ code: 0 })
    await refused(buyer.call('DELETE', `/cart/${bread}`), 10002)
    expect((await buyer.call('GET', '/cart')).body.data).toMatchObject([{ product: tea }])
    // Nobody sees it but its owner.
    expect((await shopper.call('GET', '/cart')).body.data).not.toMatchObject([{ product: tea }])
  })

  it('takes no more than 99 of one', async () => {
    const product_id = await harness.addProduct(100)
    await buyer.call('POST', '/cart', { product_id, num: 99 })
    await refused(buyer.call('POST', '/cart', { product_id }), 10001)
    for (const num of [0, -1, 100, 1.5, '2', null])
      await refused(buyer.call('POST', '/cart', { product_id, num }), 10005)
    for (const body of [{}, { product_id: 'x' }, { product_id: 0 }, { product_id: [1] }, '{', []])
      await refused(buyer.call('POST', '/cart', body), 10005)
    await refused(buyer.call('POST', '/cart', { product_id: 999_999 }), 10002)
    for (const bad of BAD_IDS) await refused(buyer.call('DELETE', `/cart/${bad}`), 10005)
  })

  it.each(['balance', 'coupon'])(
    'is paid with the %s: each row whole or not at all, the oldest first',
    async (purse) => {
      const [tea, dear, bread, gone] = [
        await harness.addProduct(100, '茶'),
        await harness.addProduct(5000, '金子'),
        await harness.addProduct(50, '面包'),
        await harness.addProduct(1, '没有了')
      ]
      await buyer.topUp(500, 500)
      for (const [product_id, num] of [
        [tea, 4],
        [dear, 1],
        [bread, 2],
        [gone, 1]
      ])
        await buyer.call('POST', '/cart', { product_id, num })
      await harness.app.database.query(`update products set is_on_sale = false where id = ${gone}`)
      const headers = { 'idempotency-key': key() }
      const paid = await buyer.call('POST', `/cart/pay_with_${purse}`, undefined, headers)
      expect(paid.body).toMatchObject({
        code: 0,
        data: {
          success: [
            { id: tea, num: 4 },
            { id: bread, num: 2 }
          ],
          fail: [
            { id: dear, num: 1 },
            { id: gone, num: 1 }
          ]
        }
      })
      expect(keys(first((paid.body.data as { success: object[] }).success))).toEqual([...PRODUCT, 'num'])
      expect(await buyer.user()).toMatchObject({ balance: 500, coupon: 500, [purse]: 0 })
      expect((await buyer.ledger(purse === 'balance' ? 0 : 1)).map(({ money }) => money)).toEqual([-100, -400, 500])
      // The same key: the same response, though the cart is another one by now.
      const again = await buyer.call('POST', `/cart/pay_with_${purse}`, undefined, headers)
      expect(again.text).toBe(paid.text)

      const short = await buyer.call('POST', `/cart/pay_with_${purse}`)
      expect(short.status).toBe(402)
      expect(short.body).toMatchObject({ code: 10006, data: { success: [], fail: [{ id: dear }, { id: gone }] } })
      await buyer.call('DELETE', `/cart/${dear}`)
      const none = await buyer.call('POST', `/cart/pay_with_${purse}`)
      expect([none.status, none.body]).toMatchObject([
        404,
        { code: 10002, data: { success: [], fail: [{ id: gone }] } }
      ])
      await buyer.call('DELETE', `/cart/${gone}`)
      const empty = await buyer.call('POST', `/cart/pay_with_${purse}`)
      expect([empty.status, empty.body]).toEqual([404, { code: 10002, data: { success: [], fail: [] } }])
    }
  )

  it('is not touched by another site', async () => {
    // What an old browser says that knows no Sec-Fetch.
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' }
    ]) {
      await refused(buyer.call('POST', '/cart', { product_id: 1 }, headers), 10003)
      await refused(buyer.call('POST', '/cart/pay_with_balance', undefined, headers), 10003)
      await refused(buyer.call('DELETE', '/cart/1', undefined, headers), 10003)
    }
    await refused(buyer.call('DELETE', '/cart/1', undefined, { origin: harness.url }), 10002)
  })
})

describe('the ledgers', () => {
  it('are two, the newest first, in pages', async () => {
    const buyer = await harness.enter()
    const product = await harness.addProduct(10)
    await buyer.topUp(100, 7)
    for (let index = 0; index < 3; index++)
      await buyer.call('POST', `/product/${product}/with_balance`, undefined, { 'idempotency-key': key() })
    const { body } = await buyer.call('GET', '/ledgers?type=0')
    expect(keys(first(body.data))).toEqual(LEDGER)
    expect((body.data as { money: number; uid: number }[]).map(({ money }) => money)).toEqual([-10, -10, -10, 100])
    expect(first(body.data)).toMatchObject({ uid: buyer.id, create_at: expect.stringMatching(TIME) })
    expect((await buyer.call('GET', '/ledgers?type=0&size=1&page=4')).body.data).toMatchObject([{ money: 100 }])
    expect((await buyer.call('GET', '/ledgers?type=1')).body.data).toMatchObject([{ money: 7, type: 'bonus' }])
  })

  it.each(['', '?type=', '?type=2', '?type=balance', '?type=0&type=1', '?type=0&page=x'])('refuse %s', (query) =>
    refused(shopper.call('GET', `/ledgers${query}`), 10005)
  )
})

describe('topping up', () => {
  it('offers items, by GET and, as the document has it, by POST', async () => {
    const { body } = await harness.call('GET', '/payment_items')
    const item = first(body.data) as { id: number }
    expect(keys(item)).toEqual(ITEM)
    for (const method of ['GET', 'POST'])
      expect((await harness.call(method, `/payment_item/${item.id}`)).body).toEqual({ code: 0, data: item })
    await refused(post('/payment_item/999999'), 10002)
    for (const bad of BAD_IDS) await refused(post(`/payment_item/${bad}`), 10005)
  })

  it('gives the item and all that an app needs to pay, whether the number is in the query or in the body', async () => {
    const buyer = await harness.enter()
    const item_id = await harness.addItem(1234, 56)
    for (const [path, body] of [
      [`/payment_order?item_id=${item_id}`, undefined],
      ['/payment_order', { item_id }],
      [`/payment_order?item_id=${item_id}`, { item_id }]
    ] as const) {
      const answer = await buyer.call('POST', path, body)
      expect(answer.body.code).toBe(0)
      const data = answer.body.data as Record<string, unknown>
      expect(Object.keys(data).sort()).toEqual([...ITEM, ...APP_PARAMS].sort())
      expect(data).toMatchObject({
        id: item_id,
        money: 1234,
        charge: 56,
        package: 'Sign=WXPay',
        timestamp: expect.stringMatching(/^\d{10}$/)
      })
      expect((await buyer.call('GET', `/payment_order/${data.payment_id}`)).body.data).toEqual({
        payment_id: data.payment_id,
        status: 'placed',
        money: 1234,
        charge: 56
      })
    }
    for (const [path, body] of [
      ['/payment_order', undefined],
      ['/payment_order', {}],
      ['/payment_order?item_id=x', undefined],
      ['/payment_order', { item_id: '1; drop table users' }],
      [`/payment_order?item_id=${item_id}`, { item_id: item_id + 1 }]
    ] as const)
      await refused(buyer.call('POST', path, body), 10005)
    await refused(buyer.call('POST', '/payment_order', { item_id: 999_999 }), 10002)
    await refused(buyer.call('POST', '/payment_order', { item_id }, { 'sec-fetch-site': 'cross-site' }), 10003)
  })

  it('shows an order to the person of it only', async () => {
    const buyer = await harness.enter()
    const { body } = await buyer.call('POST', '/payment_order', { item_id: await harness.addItem(100, 0) })
    const { payment_id } = body.data as { payment_id: string }
    await refused(shopper.call('GET', `/payment_order/${payment_id}`), 10002)
    await refused(buyer.call('GET', '/payment_order/W1'), 10002)
    for (const bad of ['%00', `W${'1'.repeat(32)}`, '%27'])
      await refused(buyer.call('GET', `/payment_order/${bad}`), 10005)
  })

  it('says 10001 when WeChat Pay refuses, and keeps nothing that could be paid', async () => {
    const buyer = await harness.enter()
    const item_id = await harness.addItem(100, 0)
    harness.simulator.fail('/pay/unifiedorder', { errcode: 'NOAUTH', times: 1 })
    await refused(buyer.call('POST', '/payment_order', { item_id }), 10001, 502)
    const rows = await harness.app.database.query(`select status from payment_orders where user_id = ${buyer.id}`)
    expect(rows).toEqual([{ status: 'failed' }])
  })
})

it('what is not there is 10002, and HEAD of a page is as GET', async () => {
  await refused(harness.call('GET', '/nothing'), 10002)
  await refused(harness.call('PUT', '/cart'), 10002)
  await refused(harness.call('POST', '/payment/notify/x'), 10002)
  expect((await harness.call('GET', '/')).headers.get('content-security-policy')).toContain("script-src 'self'")
})

it('writes no secret into its log', () => {
  expect(harness.logged()).not.toContain('correct horse')
})
