import { createHash, createPrivateKey, privateDecrypt, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { fcParameters } from '../../support/fc-parameters.ts'
import { APP_ID, BASE_OPTIONS, KEYS, MCH_ID, PUBLIC_KEY_ID, payWith, signedAnswer } from '../../support/pay-v3.ts'

const h5 =
  'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2016121516420242444321ca0631331346&package=1405458241'
const ORDER = { description: '茶 🍵', out_trade_no: 'T202603010001', amount: { total: 1980 } }
const jsapi = { ...ORDER, payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }
const prepaid = () => signedAnswer({ prepay_id: 'wx201410272009395522657a690389285100' })
const codeOf = (call: () => Promise<unknown>) =>
  call().then(
    () => 'accepted',
    (error: unknown) => {
      const { code, option } = error as { code: string; option?: string }
      return option === undefined ? code : `${code} ${option}`
    }
  )

describe('every request', () => {
  it('has Authorization, Accept, User-Agent, Content-Type and the id of the public key', async () => {
    const { pay, fetch } = payWith(prepaid)
    await pay.transactions.jsapi(jsapi)
    const [sent] = fetch.seen
    expect(sent?.url.href).toBe('https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi')
    expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^weixin-kit/),
      'wechatpay-serial': PUBLIC_KEY_ID,
      authorization: expect.stringMatching(
        /^WECHATPAY2-SHA256-RSA2048 mchid="1900009191",nonce_str="[0-9A-Za-z]{32}",signature="[0-9A-Za-z+/]{342}==",timestamp="1722850421",serial_no="5157F09EFDC096DE15EBE81A47057A7232F1B8E1"$/
      )
    })
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      appid: APP_ID,
      mchid: MCH_ID,
      ...jsapi,
      notify_url: 'https://shop.example.com/notify'
    })
  })

  it('without a body has no Content-Type', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }))
    await pay.request({ method: 'GET', path: '/v3/x' })
    expect(fetch.seen[0]?.headers.has('content-type')).toBe(false)
  })

  it('takes further headers, but not those of the signature', async () => {
    const { pay, fetch } = payWith(prepaid)
    await pay.transactions.jsapi(jsapi, { headers: { 'Accept-Language': 'en', 'User-Agent': 'shop/1' } })
    expect(fetch.seen[0]?.headers.get('accept-language')).toBe('en')
    expect(fetch.seen[0]?.headers.get('user-agent')).toBe('shop/1')
    for (const name of ['Authorization', 'wechatpay-serial', 'Content-Type', 'host']) {
      expect(await codeOf(() => pay.transactions.jsapi(jsapi, { headers: { [name]: 'x' } }))).toMatch(
        /^ERR_INVALID_PARAM/
      )
    }
    await pay.transactions.jsapi(jsapi, { headers: { 'User-Agent': '' } })
    expect(fetch.seen[1]?.headers.get('user-agent')).toMatch(/^weixin-kit/)
  })

  it('is signed over path and query as they are sent, whatever they contain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), async (query) => {
        const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }))
        await pay.request({ method: 'GET', path: '/v3/x', query })
        const [sent] = fetch.seen
        const authorization = sent?.headers.get('authorization') ?? ''
        const target = `${sent?.url.pathname}${sent?.url.search}`
        expect(pay.explainSign({ method: 'GET', url: target, authorization }).isValid).toBe(true)
        expect(Object.fromEntries(sent?.url.searchParams ?? [])).toEqual(query)
      }),
      fcParameters(40)
    )
  })

  it('is signed over the very body that is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (attach) => {
        const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }))
        await pay.request({ method: 'POST', path: '/v3/x', body: { attach, '/': '\\/', n: 1.5 } })
        const [sent] = fetch.seen
        const authorization = sent?.headers.get('authorization') ?? ''
        expect(pay.explainSign({ method: 'POST', url: '/v3/x', body: sent?.body ?? '', authorization }).isValid).toBe(
          true
        )
      }),
      fcParameters(40)
    )
  })

  it('behind a base address with a path is signed for the path that the platform sees', async () => {
    const { pay, fetch } = payWith(prepaid, { baseUrl: 'https://proxy.example.com/wx/api.mch.weixin.qq.com/' })
    await pay.transactions.jsapi(jsapi)
    const [sent] = fetch.seen
    expect(sent?.url.href).toBe('https://proxy.example.com/wx/api.mch.weixin.qq.com/v3/pay/transactions/jsapi')
    const authorization = sent?.headers.get('authorization') ?? ''
    const { isValid } = pay.explainSign({
      method: 'POST',
      url: '/v3/pay/transactions/jsapi',
      body: sent?.body ?? '',
      authorization
    })
    expect(isValid).toBe(true)
  })

  it('goes to the second host after a failed connection, with the same bytes', async () => {
    const { pay, fetch } = payWith(
      (_, index) => {
        if (index === 0)
          throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
        return prepaid()
      },
      { maxRetries: 1 }
    )
    await pay.transactions.jsapi(jsapi)
    expect(fetch.seen.map(({ url }) => url.host)).toEqual(['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'])
    expect(fetch.seen[0]?.body).toBe(fetch.seen[1]?.body)
    expect(fetch.seen[0]?.headers.get('authorization')).not.toBe(fetch.seen[1]?.headers.get('authorization'))
  })

  it('16 at once are all signed right', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ a: 1 }))
    await Promise.all(Array.from({ length: 16 }, (_, index) => pay.request({ method: 'GET', path: `/v3/${index}` })))
    const nonces = new Set<string>()
    for (const { url, headers } of fetch.seen) {
      const authorization = headers.get('authorization') ?? ''
      nonces.add(/nonce_str="(\w+)"/.exec(authorization)?.[1] ?? '')
      expect(pay.explainSign({ method: 'GET', url: url.pathname, authorization }).isValid).toBe(true)
    }
    expect(nonces.size).toBe(16)
  })
})

describe('parameters are checked before anything is sent', () => {
  it.each<[string, object]>([
    ['description', { description: undefined }],
    ['description', { description: 'x'.repeat(128) }],
    ['out_trade_no', { out_trade_no: 'T1' }],
    ['out_trade_no', { out_trade_no: 'T2026/03' }],
    ['amount.total', { amount: { total: 19.8 } }],
    ['amount.total', { amount: { total: '1980' } }],
    ['amount.total', { amount: { total: 0 } }],
    ['amount.total', { amount: { total: -1 } }],
    ['amount.total', { amount: { total: 2 ** 31 } }],
    ['amount.total', { amount: { total: 2 ** 53 } }],
    ['amount.total', { amount: {} }],
    ['amount', { amount: undefined }],
    ['notify_url', { notify_url: 'https://shop.example.com/notify?shop=1' }],
    ['notify_url', { notify_url: '/notify' }],
    ['time_expire', { time_expire: '2026-03-01 13:15:40' }],
    ['time_expire', { time_expire: '20260301131540' }],
    ['time_expire', { time_expire: new Date('x') }],
    ['time_expire', { time_expire: new Date(8.64e15) }],
    ['time_expire', { time_expire: new Date(-8.64e15) }],
    ['scene_info.at', { scene_info: { at: new Date(8.64e15) } }],
    ['payer.openid', { payer: {} }],
    ['payer', { payer: undefined }],
    ['appid', { appid: 'wx0123456789abcdef' }],
    ['appid', { appid: 'gh_0123456789ab' }],
    ['mchid', { mchid: MCH_ID }],
    ['outTradeNo', { outTradeNo: 'T202603010001' }],
    ['timeExpire', { timeExpire: '2026' }],
    ['attach', { attach: 1n }],
    ['detail.x', { detail: { x: Number.NaN } }]
  ])('%s in %o', async (option, changes) => {
    const { pay, fetch } = payWith(prepaid)
    expect(await codeOf(() => pay.transactions.jsapi({ ...jsapi, ...changes } as never))).toBe(
      `ERR_INVALID_PARAM ${option}`
    )
    expect(fetch.seen).toHaveLength(0)
  })

  it.each([undefined, null, 'x', []])('%o in place of parameters', async (params) => {
    const { pay } = payWith(prepaid)
    for (const call of [() => pay.transactions.jsapi(params as never), () => pay.refunds.create(params as never)]) {
      expect(await codeOf(call)).toMatch(/^ERR_INVALID_PARAM/)
    }
  })

  it('new fields of the platform pass, at any depth', async () => {
    const { pay, fetch } = payWith(prepaid)
    await pay.transactions.jsapi({ ...jsapi, brand_new_field: { deep: [1] } } as never)
    expect(JSON.parse(fetch.seen[0]?.body ?? '')).toMatchObject({ brand_new_field: { deep: [1] } })
  })

  it('a cycle and __proto__ are refused', async () => {
    const { pay } = payWith(prepaid)
    const cycle: Record<string, unknown> = {}
    cycle.cycle = cycle
    expect(await codeOf(() => pay.transactions.jsapi({ ...jsapi, detail: cycle } as never))).toMatch(
      /^ERR_INVALID_PARAM/
    )
    const proto = JSON.parse('{"__proto__":{"a":1}}')
    expect(await codeOf(() => pay.request({ method: 'POST', path: '/v3/x', body: { proto } }))).toMatch(
      /^ERR_INVALID_PARAM/
    )
  })

  it('a Date is sent in Beijing time', async () => {
    const { pay, fetch } = payWith(prepaid)
    await pay.transactions.jsapi({ ...jsapi, time_expire: new Date('2026-03-01T05:15:40.123Z') })
    expect(JSON.parse(fetch.seen[0]?.body ?? '').time_expire).toBe('2026-03-01T13:15:40+08:00')
  })

  it.each<[string, object]>([
    ['out_trade_no', { transaction_id: '4200', out_trade_no: 'T202603010001' }],
    ['out_trade_no', { transaction_id: undefined, out_trade_no: undefined }],
    ['amount.refund', { amount: { refund: 2, total: 1, currency: 'CNY' } }],
    ['amount.from', { amount: { refund: 2, total: 2, currency: 'CNY', from: [{ account: 'AVAILABLE', amount: 1 }] } }],
    ['out_refund_no', { out_refund_no: 'R 1' }]
  ])('refund: %s in %o', async (option, changes) => {
    const { pay } = payWith(prepaid)
    const params = {
      out_trade_no: 'T202603010001',
      out_refund_no: 'R1',
      amount: { refund: 1, total: 1, currency: 'CNY' }
    }
    expect(await codeOf(() => pay.refunds.create({ ...params, ...changes } as never))).toBe(
      `ERR_INVALID_PARAM ${option}`
    )
  })

  const transfer = {
    out_bill_no: 'W1',
    transfer_scene_id: '1002',
    openid: 'o',
    transfer_amount: 100,
    transfer_remark: 'x',
    transfer_scene_report_infos: [{ info_type: '补贴类型', info_content: 'x' }]
  }
  it.each<[string, object]>([
    ['out_bill_no', { out_bill_no: 'W-1' }],
    ['user_name', { transfer_amount: 200_000 }],
    ['transfer_scene_report_infos', { transfer_scene_report_infos: [] }],
    ['transfer_scene_report_infos', { transfer_scene_report_infos: [{ info_type: '活动名称', info_content: 'x' }] }],
    ['transfer_scene_report_infos', { transfer_scene_id: '1000' }],
    ['user_recv_perception', { user_recv_perception: '退款' }],
    ['user_name', { user_name: '长'.repeat(65) }]
  ])('transfer: %s in %o', async (option, changes) => {
    const { pay, fetch } = payWith(prepaid)
    expect(await codeOf(() => pay.transfers.create({ ...transfer, ...changes } as never))).toBe(
      `ERR_INVALID_PARAM ${option}`
    )
    expect(fetch.seen).toHaveLength(0)
  })

  it('totals of a batch must add up', async () => {
    const { pay } = payWith(prepaid)
    const detail = { out_detail_no: 'D0001', transfer_amount: 5, transfer_remark: 'x', openid: 'o' }
    const batch = {
      out_batch_no: 'B0001',
      batch_name: 'x',
      batch_remark: 'x',
      total_amount: 10,
      total_num: 2,
      transfer_detail_list: [detail]
    }
    expect(await codeOf(() => pay.transferBatches.create(batch))).toBe('ERR_INVALID_PARAM total_num')
    expect(await codeOf(() => pay.transferBatches.create({ ...batch, total_num: 1 }))).toBe(
      'ERR_INVALID_PARAM total_amount'
    )
  })

  it('a call that names an appid needs the option', async () => {
    const { appId: _, ...rest } = BASE_OPTIONS
    const pay = new WeChatPay(rest)
    expect(await codeOf(() => pay.transactions.jsapi(jsapi))).toBe('ERR_CONFIG appId')
    expect(() => pay.jsapiParams('wx201410272009395522657a690389285100')).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG' })
    )
    expect(pay.appParams('wx201410272009395522657a690389285100', { appId: 'wx1' }).appid).toBe('wx1')
  })

  it.each(['', 'prepay_id=wx201410272009395522657a690389285100', 'a\nb'])('the prepay id %j is none', (id) => {
    const { pay } = payWith(prepaid)
    expect(() => pay.jsapiParams(id)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })

  it('only a web address is one of H5', () => {
    const { pay } = payWith(prepaid)
    expect(() => pay.h5Url('javascript:alert(1)')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
    expect(() => pay.h5Url(h5, 'done')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
    expect(pay.h5Url(h5).href).toBe(h5)
  })
})

describe('paths', () => {
  it.each(['.', '..', '../../v3/refund', 'a/b', '%2e%2e', 'a?b', 'a#b', ''])(
    'the number %j does not lead elsewhere',
    async (value) => {
      const { pay, fetch } = payWith(() => signedAnswer({}))
      expect(await codeOf(() => pay.transactions.query({ out_trade_no: value }))).toMatch(/^ERR_INVALID_PARAM/)
      expect(await codeOf(() => pay.complaints.get({ complaint_id: value }))).toMatch(/^ERR_INVALID_PARAM/)
      expect(fetch.seen).toHaveLength(0)
    }
  )

  it.each(['v3/x', '/v3/../x', '/v3/%2e%2E/x', '/v3/./x', '/v3/x?y=1', '/v3/x#y', '/v3\\x', '/v3/ x'])(
    'request() refuses %j',
    async (path) => {
      const { pay, fetch } = payWith(() => signedAnswer({}))
      expect(await codeOf(() => pay.request({ method: 'GET', path }))).toMatch(/^ERR_INVALID_PARAM/)
      expect(fetch.seen).toHaveLength(0)
    }
  )

  it('request() refuses a GET with a body, and unknown options', async () => {
    const { pay } = payWith(() => signedAnswer({}))
    expect(await codeOf(() => pay.request({ method: 'GET', path: '/v3/x', body: {} }))).toBe('ERR_INVALID_PARAM body')
    expect(await codeOf(() => pay.request({ method: 'GET', path: '/v3/x', params: {} } as never))).toBe(
      'ERR_INVALID_PARAM params'
    )
  })
})

describe('personal data', () => {
  const open = (text: string) =>
    privateDecrypt(
      { key: createPrivateKey(KEYS.platformPrivateKey), oaepHash: 'sha1' },
      Buffer.from(text, 'base64')
    ).toString('utf8')

  it('is encrypted on the way out; what the caller passed stays as it was', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ out_batch_no: 'B0001', batch_id: '1' }))
    const details = [1, 2].map((index) => ({
      out_detail_no: `D000${index}`,
      transfer_amount: index,
      transfer_remark: 'x',
      openid: 'o',
      ...(index === 1 ? { user_name: '张三' } : {})
    }))
    const params = {
      out_batch_no: 'B0001',
      batch_name: 'x',
      batch_remark: 'x',
      total_amount: 3,
      total_num: 2,
      transfer_detail_list: details
    }
    await pay.transferBatches.create(params)
    const sent = JSON.parse(fetch.seen[0]?.body ?? '')
    expect(open(sent.transfer_detail_list[0].user_name)).toBe('张三')
    expect(sent.transfer_detail_list[1]).not.toHaveProperty('user_name')
    expect(params.transfer_detail_list[0]).toMatchObject({ user_name: '张三' })
    expect(fetch.seen[0]?.headers.get('wechatpay-serial')).toBe(PUBLIC_KEY_ID)
  })

  it('goes through request() by dotted names', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({ ok: true }))
    await pay.request({
      method: 'POST',
      path: '/v3/applyment4sub/applyment/',
      body: { contact_info: { contact_name: '李四' }, list: ['a', 'b'], other: 'x' },
      encrypt: ['contact_info.contact_name', 'list[]', 'absent.name', 'other.deep']
    })
    const sent = JSON.parse(fetch.seen[0]?.body ?? '')
    expect(open(sent.contact_info.contact_name)).toBe('李四')
    expect(sent.list.map(open)).toEqual(['a', 'b'])
    expect(sent.other).toBe('x')
  })

  it('that is too long for the key is refused', async () => {
    const { pay } = payWith(() => signedAnswer({}))
    const call = (name: string) => () =>
      pay.request({ method: 'POST', path: '/v3/x', body: { name }, encrypt: ['name'] })
    expect(await codeOf(call('x'.repeat(214)))).toBe('accepted')
    expect(await codeOf(call('x'.repeat(215)))).toBe('ERR_INVALID_PARAM name')
  })

  it('that was encrypted for another key is named', async () => {
    const { pay } = payWith(() => signedAnswer({ complaint_id: '1', payer_phone: 'AAAA' }))
    expect(await codeOf(() => pay.complaints.get({ complaint_id: '1' }))).toBe('ERR_DECRYPT_KEY')
  })
})

describe('uploads', () => {
  it('sign the meta part and send these bytes', async () => {
    const content = randomBytes(300)
    const { pay, fetch } = payWith(() => signedAnswer({ media_id: 'x_y' }))
    await pay.media.uploadImage({ filename: '执照.png', content })
    const [sent] = fetch.seen
    const meta = JSON.stringify({ filename: '执照.png', sha256: createHash('sha256').update(content).digest('hex') })
    const authorization = sent?.headers.get('authorization') ?? ''
    const { isValid } = pay.explainSign({ method: 'POST', url: '/v3/merchant/media/upload', body: meta, authorization })
    expect(isValid).toBe(true)
    expect(sent?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    expect(sent?.body).toContain(meta)
  })

  it.each<[string, object]>([
    ['filename', { filename: 'a.exe' }],
    ['filename', { filename: 'a"\r\nx: y.png' }],
    ['filename', { filename: '../a.png' }],
    ['content', { content: new Uint8Array(0) }],
    ['content', { content: 'text' }],
    ['content', { content: new Uint8Array(3 * 1024 * 1024) }]
  ])('%s in %o is refused', async (option, changes) => {
    const { pay, fetch } = payWith(() => signedAnswer({}))
    const params = { filename: 'a.png', content: new Uint8Array(1), ...changes } as never
    expect(await codeOf(() => pay.media.uploadMarketingImage(params))).toBe(`ERR_INVALID_PARAM ${option}`)
    expect(fetch.seen).toHaveLength(0)
  })
})
