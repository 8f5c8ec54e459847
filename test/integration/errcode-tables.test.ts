import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

// Every errcode that the documents of four services name, provoked: what the simulator does by its own rules, or `fault` where only
// a state of the platform leads there. Each must come out as an error that carries the code and a hint in both languages.

type Provoke = () => unknown
/** `fault`: the code is injected into the call of the row before. */
type Table = Readonly<Record<number, Provoke | 'fault'>>

async function provokeAll(table: Table, fault: (errcode: number) => Promise<unknown>): Promise<void> {
  for (const [text, how] of Object.entries(table)) {
    const errcode = Number(text)
    const call = Promise.resolve().then(() => (how === 'fault' ? fault(errcode) : how()))
    const error = await call.then(
      () => expect.fail(`${errcode} was not provoked`),
      (thrown: unknown) => thrown
    )
    expect(error, text).toMatchObject({
      code: 'ERR_WECHAT_API',
      errcode,
      hint: { en: expect.stringMatching(/\w{4}/), zh: expect.stringMatching(/\p{Script=Han}{2}/u) }
    })
  }
}

const DAY = 86_400_000
const START = Date.UTC(2026, 2, 1)

describe('order shipping (发货信息管理)', () => {
  it('refuses with every documented errcode', async () => {
    const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }) })
    simulator.wechat.manageTrade(true)
    const options = { ...simulator.clientOptions, maxRetries: 0 }
    const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...options })
    const notifyUrl = 'https://shop.example.com/n'
    const pay = new WeChatPay({ ...simulator.credentials.payV3, ...options, appId: mini.appId, notifyUrl })
    const user = simulator.user('ming')
    const openid = user.openid(mini.appId)
    let number = 0
    const buy = async () => {
      const out_trade_no = `T2026030100${String(++number).padStart(4, '0')}`
      const order = { description: 'Tea', out_trade_no, amount: { total: 1980 }, payer: { openid } }
      await user.pay((await pay.transactions.jsapi(order)).prepay_id)
      return { out_trade_no, transaction_id: (await pay.transactions.query({ out_trade_no })).transaction_id ?? '' }
    }
    const first = await buy()
    const { transaction_id } = first
    const order = (path: string, body: object) =>
      mini.request({ method: 'POST', path: `/wxa/sec/order/${path}`, body: { ...body } })
    const time = () => new Date(simulator.clock.now()).toISOString()
    const parcel = { tracking_no: 'ZT1', express_company: 'ZTO', item_desc: 'Tea*1' }
    // By the raw call: the method of the client refuses most of this before it is sent.
    const upload = (more: object = {}) =>
      order('upload_shipping_info', {
        order_key: { order_number_type: 2, transaction_id },
        logistics_type: 1,
        delivery_mode: 1,
        shipping_list: [parcel],
        upload_time: time(),
        payer: { openid },
        ...more
      })
    const item = (more: object) => upload({ shipping_list: [{ ...parcel, ...more }] })
    const key = (order_key: object) => upload({ order_key })
    const later = async (run: Provoke) => {
      await simulator.clock.advance(1_000)
      return run()
    }
    const shipped = async (logistics_type = 1) => {
      const { transaction_id: id } = await buy()
      await upload({ order_key: { order_number_type: 2, transaction_id: id }, logistics_type })
      return id
    }
    const remind = (id: string, received_time = simulator.clock.seconds() + 10) =>
      mini.orderShipping.remindReceipt({ transaction_id: id, received_time })
    const part = { order_key: { order_number_type: 2, transaction_id }, logistics_type: 1, delivery_mode: 1 }
    const combined = (sub_orders: object[]) =>
      order('upload_combined_shipping_info', {
        order_key: { order_number_type: 2, transaction_id },
        sub_orders: sub_orders.map((one) => ({ ...part, shipping_list: [parcel], ...one })),
        upload_time: time(),
        payer: { openid }
      })
    const split = (n: number, is_all_delivered: boolean, id = transaction_id) =>
      upload({
        order_key: { order_number_type: 2, transaction_id: id },
        delivery_mode: 2,
        is_all_delivered,
        shipping_list: [{ ...parcel, tracking_no: `Z${n}` }]
      })

    await provokeAll(
      {
        268485194: () => key({ order_number_type: 3 }),
        268485195: () => key({ order_number_type: 2 }),
        268485196: () => key({ order_number_type: 1, out_trade_no: first.out_trade_no }),
        268485197: () => key({ order_number_type: 1, mchid: pay.mchId }),
        268485216: () => upload({ upload_time: '2026-03-01T12:00:00+0800' }),
        268485224: () => upload({ delivery_mode: 3 }),
        268485226: () => item({ tracking_no: '' }),
        268485227: () => item({ express_company: '' }),
        268485228: () => upload({ shipping_list: [parcel, parcel] }),
        268485253: () => combined([{ order_key: { order_number_type: 1, mchid: pay.mchId, out_trade_no: 'x' } }]),
        268546000: () => order('opspecialorder', { order_id: transaction_id, type: 3 }),
        268546001: async () => {
          const { transaction_id: order_id } = await buy()
          return order('opspecialorder', { order_id, type: 1, delay_to: 1 })
        },
        268546002: () => order('opspecialorder', { order_id: 'x', type: 2 }),
        10060001: () => key({ order_number_type: 2, transaction_id: '4200000000000000000000000000' }),
        10060005: () => upload({ logistics_type: 5 }),
        10060006: () => upload({ logistics_type: 3, delivery_mode: 2, is_all_delivered: true }),
        10060007: () => upload({ delivery_mode: 2 }),
        10060008: () => item({ item_desc: '' }),
        10060009: () => item({ item_desc: 'x'.repeat(121) }),
        10060011: () => order('get_order_list', { last_index: 'x' }),
        10060013: () => combined([{}, {}]),
        10060014: () => upload({ payer: {} }),
        10060020: () => upload({ delivery_mode: 2, is_all_delivered: true, shipping_list: [] }),
        10060024: () =>
          upload({ delivery_mode: 2, is_all_delivered: true, shipping_list: Array.from({ length: 16 }, () => parcel) }),
        10060025: () => item({ express_company: 'x'.repeat(129) }),
        10060026: () => item({ tracking_no: 'x'.repeat(129) }),
        10060031: () => upload({ payer: { openid: 'o-somebody-else' } }),
        40066: () => order('get_ordre', {}),
        47001: () => upload({ shipping_list: {} }),
        40097: () => order('is_trade_managed', {}),
        40013: () => order('is_trade_managed', { appid: 'wx0000000000000000' }),
        10060028: async () => remind((await buy()).transaction_id),
        10060002: async () => {
          const { transaction_id: id } = await buy()
          await split(1, true, id)
          return later(() => split(2, false, id))
        },
        10060003: async () => {
          const { transaction_id: id } = await buy()
          await split(1, true, id)
          await later(() => split(2, true, id))
          return later(() => split(3, true, id))
        },
        10060023: async () => {
          await upload()
          return later(() => upload())
        },
        10060029: async () => remind(await shipped(), 1),
        10060030: async () => {
          const id = await shipped()
          await remind(id)
          return remind(id)
        },
        10060032: async () => remind(await shipped(4)),
        10060004: async () => {
          const id = await shipped()
          user.confirmReceipt(id)
          await simulator.clock.advance(DAY)
          return key({ order_number_type: 2, transaction_id: id })
        },
        48001: async () => {
          simulator.wechat.manageTrade(false)
          return upload().finally(() => simulator.wechat.manageTrade(true))
        },
        [-1]: 'fault',
        10060012: 'fault',
        10060019: 'fault',
        268486048: 'fault',
        44990: 'fault',
        61003: 'fault',
        61004: 'fault',
        61011: 'fault'
      },
      (errcode) => {
        simulator.fail('/wxa/sec/order/get_order', { errcode })
        return mini.orderShipping.get({ transaction_id })
      }
    )
    await simulator.close()
  })
})

describe('virtual payment (虚拟支付)', () => {
  it('refuses with every documented errcode', async () => {
    const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }) })
    const mini = new MiniProgram({
      ...simulator.credentials.miniProgram,
      ...simulator.clientOptions,
      maxRetries: 0
    })
    const user = simulator.user('ming')
    const { openid, session_key: sessionKey } = await mini.auth.code2Session(user.login())
    const { virtualPayment: xpay } = mini
    const other = (await mini.auth.code2Session(simulator.user('hong').login())).openid
    const goods = (outTradeNo: string) =>
      xpay.clientParams(
        { mode: 'short_series_goods', productId: 'vip', goodsPrice: 1990, buyQuantity: 1, outTradeNo, attach: '' },
        sessionKey
      )
    await user.buyVirtual(goods('G20260301000001'))
    const refund = {
      openid,
      order_id: 'G20260301000001',
      refund_order_id: 'R20260301000001',
      left_fee: 1990,
      refund_fee: 990,
      biz_meta: '',
      refund_reason: '0',
      req_from: '1'
    } as const
    /** Signed with a key of our own choice, over bytes of our own choice. */
    const { appKey = '' } = simulator.credentials.miniProgram.virtualPayment ?? {}
    const signed = (name: string, body: object, key = 'not the key') => {
      const text = JSON.stringify(body)
      const pay_sig = createHmac('sha256', key).update(`/xpay/${name}&${text}`).digest('hex')
      return mini.request({ method: 'POST', path: `/xpay/${name}`, query: { pay_sig }, body })
    }
    const session = { sessionKey }
    const at = { openid, user_ip: '203.0.113.7' }
    const payCoins = (order_id: string, amount: number) =>
      xpay.currencyPay(
        { ...at, order_id, amount, remark: '', payitem: [{ productid: 'vip', unit_price: amount, quantity: 1 }] },
        session
      )

    await provokeAll(
      {
        268490001: () => xpay.queryOrder({ openid: other, order_id: 'G20260301000001' }),
        268490002: () => xpay.queryOrder({ openid, order_id: 'G20260301999999' }),
        268490003: () => signed('query_order', { openid, env: 0, order_id: 'G20260301000001' }),
        268490004: async () => {
          const present = { openid, order_id: 'P20260301000001', amount: 10 }
          await xpay.presentCurrency(present)
          // The method takes it for the success that it is.
          expect(await xpay.presentCurrency(present)).toMatchObject({ repeated: true })
          return signed('present_currency', { env: 0, ...present }, appKey)
        },
        268490006: () => payCoins('C20260301000001', 11),
        268490005: async () => {
          await payCoins('C20260301000002', 10)
          const cancel = { ...at, pay_order_id: 'C20260301000002', amount: 10 }
          await xpay.cancelCurrencyPay({ ...cancel, order_id: 'X20260301000001' }, session)
          return xpay.cancelCurrencyPay({ ...cancel, order_id: 'X20260301000002' }, session)
        },
        268490009: () => {
          const gone = simulator.user('gang').openid(mini.appId)
          return xpay.queryUserBalance({ ...at, openid: gone }, session)
        },
        268490011: () => xpay.downloadBill({ begin_ds: 20260201, end_ds: 20260228 }),
        268490016: () => xpay.refundOrder({ ...refund, left_fee: 1989 }),
        268490007: 'fault',
        268490008: 'fault',
        268490012: 'fault',
        268490013: 'fault',
        268490014: 'fault',
        268490015: 'fault',
        268490018: 'fault',
        268490019: 'fault',
        268490020: 'fault',
        268490021: 'fault',
        268490022: 'fault',
        268490023: 'fault',
        268490024: 'fault'
      },
      (errcode) => {
        simulator.fail('/xpay/refund_order', { errcode })
        return xpay.refundOrder(refund)
      }
    )
    await simulator.close()
  })
})

describe('API security mode (服务端 API 签名与加密)', () => {
  it('refuses with every documented errcode', async () => {
    const path = '/wxa/getuserriskrank'
    const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }) })
    simulator.wechat.requireApiSecurity([path])
    const { nextPlatformCertificates: _, ...apiSecurity } = simulator.credentials.apiSecurity
    const openid = simulator.user('ming').openid('miniProgram')
    const rank = (change: (headers: Headers, body: string) => unknown, options: object = {}) => {
      const mini = new MiniProgram({
        ...simulator.credentials.miniProgram,
        ...simulator.clientOptions,
        apiSecurity,
        maxRetries: 0,
        fetch: (input: string | URL | Request, init?: RequestInit) => {
          if (!String(input).includes(path)) return simulator.fetch(input, init)
          const headers = new Headers(init?.headers)
          const body = String(change(headers, String(init?.body)) ?? init?.body)
          return simulator.fetch(input, { ...init, headers, body })
        },
        ...options
      })
      return mini.security.riskRank({ openid, scene: 0, client_ip: '203.0.113.7' })
    }
    const without = (name: string) => () => rank((headers) => void headers.delete(name))
    const set = (name: string, value: string) => () => rank((headers) => void headers.set(name, value))
    const otherKey = Buffer.alloc(32, 7).toString('base64')
    await provokeAll(
      {
        40230: () =>
          rank((headers) => {
            for (const name of ['serial', 'signature']) headers.delete(`wechatmp-${name}`)
          }),
        40231: without('wechatmp-timestamp'),
        40232: without('wechatmp-signature'),
        40233: without('wechatmp-appid'),
        40234: () => rank((_headers, body) => body.replace('"data":"', '"data":"A')),
        40235: () =>
          rank(() => undefined, {
            apiSecurity: { ...apiSecurity, symmetricKey: { ...apiSecurity.symmetricKey, key: otherKey } }
          }),
        40237: set('wechatmp-appid', 'wx0000000000000000'),
        40239: set('wechatmp-serial', '0'.repeat(32)),
        40240: () => rank(() => undefined, { clock: () => START - 301_000 }),
        40236: 'fault',
        40238: 'fault'
      },
      (errcode) => {
        simulator.fail(path, { errcode })
        return rank(() => undefined)
      }
    )
    await simulator.close()
  })
})

describe('publishing (草稿箱、发布、群发、留言)', () => {
  it('refuses with every documented errcode', async () => {
    const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }) })
    const mp = new OfficialAccount({
      ...simulator.credentials.officialAccount,
      ...simulator.clientOptions,
      maxRetries: 0
    })
    for (const name of ['ming', 'hong']) await simulator.user(name).follow()
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const { media_id: thumb_media_id } = await mp.materials.add({
      type: 'image',
      data: Buffer.from(png, 'base64'),
      fileName: 'cover.png'
    })
    const article = { title: 'Tea', content: '<p>Green tea</p>', thumb_media_id }
    // By the raw call: the methods of the client refuse most of this before it is sent.
    const post = (path: string, body: object) =>
      mp.request({ method: 'POST', path: `/cgi-bin/${path}`, body: { ...body } })
    const add = (more: object) => post('draft/add', { articles: [{ ...article, ...more }] })
    const all = (more: object = {}) =>
      post('message/mass/sendall', { filter: { is_to_all: true }, msgtype: 'text', text: { content: 'x' }, ...more })
    const sent = (await post('message/mass/sendall', {
      filter: { is_to_all: true },
      msgtype: 'mpnews',
      mpnews: { media_id: await mp.drafts.add([{ ...article, need_open_comment: 1 }]) }
    })) as { msg_id: unknown; msg_data_id: unknown }
    const msg_data_id = Number(sent.msg_data_id)
    const id = simulator.user('ming').comment(msg_data_id, 'Nice')
    const comment = (path: string, body: object = {}) =>
      post(`comment/${path}`, { msg_data_id, user_comment_id: id, ...body })
    await provokeAll(
      {
        40007: () => post('draft/get', { media_id: 'x' }),
        44003: () => post('draft/add', { articles: [] }),
        44004: () => add({ content: '' }),
        45002: () => add({ content: 'x'.repeat(20_000) }),
        45003: () => add({ title: 'x'.repeat(33) }),
        45004: () => add({ digest: 'x'.repeat(129) }),
        45005: () => add({ content_source_url: `https://shop.example.com/${'x'.repeat(1024)}` }),
        45008: () => post('draft/add', { articles: Array.from({ length: 9 }, () => article) }),
        53600: () => post('freepublish/getarticle', { article_id: 'x' }),
        40003: () => post('message/mass/send', { touser: ['a', 'b'], msgtype: 'text', text: { content: 'x' } }),
        40008: () => all({ msgtype: 'x' }),
        40050: () => all({ filter: { is_to_all: false } }),
        40059: () => post('message/mass/get', { msg_id: '1' }),
        40060: () => post('message/mass/delete', { msg_id: String(sent.msg_id), article_idx: 9 }),
        45028: () => all(),
        45067: () => all({ filter: { is_to_all: false, tag_id: 2 }, clientmsgid: 'x'.repeat(65) }),
        45065: async () => {
          const touser = ['ming', 'hong'].map((name) => simulator.user(name).openid())
          const message = { touser, msgtype: 'text', text: { content: 'x' }, clientmsgid: 'M1' }
          await post('message/mass/send', message)
          return post('message/mass/send', message)
        },
        45083: () => post('message/mass/speed/set', { speed: 5 }),
        45084: () => post('message/mass/speed/set', {}),
        88001: () => post('comment/open', { msg_data_id: 1 }),
        88005: async () => {
          await comment('reply/add', { content: 'Thanks' })
          return comment('reply/add', { content: 'Thanks' })
        },
        88007: () => comment('reply/add', { content: 'x'.repeat(601) }),
        88008: () => comment('markelect', { user_comment_id: 999 }),
        88009: async () => {
          await comment('reply/delete')
          return comment('reply/delete')
        },
        88010: () => post('comment/list', { msg_data_id, begin: 0, count: 50, type: 0 }),
        ...Object.fromEntries(
          [
            40097, 45009, 45066, 45106, 45166, 42010, 47001, 48001, 48003, 48008, 53402, 53404, 53405, 53406, 53503,
            53504, 53505, 88000, 88002, 88003, 88004, 88011, 89501, 89502, 89503, 89504, 89505
          ].map((errcode) => [errcode, 'fault' as const])
        )
      },
      (errcode) => {
        simulator.fail('/cgi-bin/draft/count', { errcode })
        return mp.drafts.count()
      }
    )
    await simulator.close()
  })
})
