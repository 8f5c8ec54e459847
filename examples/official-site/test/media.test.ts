import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startHarness } from './harness.ts'
import { PNG, temporaryImage } from './temporary-image.ts'

let harness: Harness
let user: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  harness = await startHarness()
  user = { cookie: (await harness.login(harness.simulator.user())).cookie }
  admin = await harness.adminLogin()
})
afterAll(() => harness.close())

describe('JS-SDK configuration', () => {
  const ask = (url: string) => harness.call('GET', `/api/wx/js_sdk_config/?url=${encodeURIComponent(url)}`)

  it('signs what the WeChat client accepts', async () => {
    const url = 'https://shop.example.com/a?b=1&c=%E4%B8%AD'
    const { body } = await ask(url)
    const { appid, noncestr, timestamp, signature } = body.data as Record<string, string>
    const config = {
      appId: String(appid),
      nonceStr: String(noncestr),
      timestamp: Number(timestamp),
      signature: String(signature)
    }
    expect(harness.simulator.wechat.checkJssdkConfig(config, url)).toBe('config:ok')
    expect(Object.keys(body.data).sort()).toEqual(['appid', 'noncestr', 'signature', 'timestamp'])
    expect(typeof body.data.timestamp).toBe('number')
  })

  it('has only the fields that are asked for', async () => {
    const url = encodeURIComponent('https://shop.example.com/')
    const { body } = await harness.call('GET', `/api/wx/js_sdk_config/?url=${url}&fields=appid,timestamp,none`)
    expect(Object.keys(body.data).sort()).toEqual(['appid', 'timestamp'])
  })

  it.each(['not a url', 'https://shop.example.com/#part', 'javascript:alert(1)', '//shop.example.com/', ''])(
    'refuses the page %j',
    async (url) => {
      expect((await ask(url)).body.code).toBe(1202)
    }
  )
})

describe('pictures', () => {
  const store = (body: unknown) => harness.call('POST', '/api/qn/wx_temp_images/', { body })

  it('brings a temporary image into the bucket, byte for byte', async () => {
    const { body } = await store({ media_id: await temporaryImage(harness.simulator) })
    expect(body.code).toBe(0)
    const key = new URL(String(body.data.url)).pathname.slice(1)
    const object = harness.simulator.qiniu.object(key)
    expect(Buffer.from(object?.data ?? []).equals(PNG)).toBe(true)
    expect(object?.mimeType).toBe('image/png')
  })

  it('refuses what is no media_id before anybody is asked', async () => {
    const asked = harness.simulator.log.find('/cgi-bin/media/get').length
    for (const media_id of [7, null, '', '../../etc/passwd', 'a&access_token=b', 'x'.repeat(257)])
      expect((await store({ media_id })).body.code).toBe(1402)
    expect(harness.simulator.log.find('/cgi-bin/media/get')).toHaveLength(asked)
  })

  it('gives upload tokens to users and administrators, and the token uploads a picture only', async () => {
    const path = '/extensions/qn/upload_token/'
    expect((await harness.call('GET', path)).body.code).toBe(1101)
    for (const headers of [user, admin]) {
      const answer = await harness.call('GET', path, { headers })
      const { uptoken, uploadUrl } = answer.body as unknown as { uptoken: string; uploadUrl: string }
      const upload = (content: Uint8Array<ArrayBuffer>, type: string) => {
        const form = new FormData()
        form.set('token', uptoken)
        form.set('file', new Blob([content], { type }), 'photo.png')
        return fetch(uploadUrl, { method: 'POST', body: form })
      }
      expect((await upload(new Uint8Array(PNG), 'image/png')).status).toBe(200)
      expect((await upload(new TextEncoder().encode('<script>'), 'text/html')).status).toBe(403)
    }
  })

  it('exports the orders as a file of the bucket', async () => {
    const place = { headers: user, body: { body: '试付一分', total_fee: 1 } }
    expect((await harness.call('POST', '/api/wx/pay/orders/', place)).body.code).toBe(0)
    const { body } = await harness.call('POST', '/api/qn/order_exports/', { headers: admin })
    expect(body).toMatchObject({ code: 0, data: { count: 1 } })
    const url = new URL(String(body.data.url))
    expect(url.searchParams.has('token')).toBe(true)
    const text = Buffer.from(harness.simulator.qiniu.object(url.pathname.slice(1))?.data ?? []).toString()
    expect(text).toMatch(/^out_trade_no,status,total_fee,refunded_fee,transaction_id\nT\w+,placed,1,0,$/)
  })
})

describe('verification codes', () => {
  const mobile = '13800138000'
  const send = (body: unknown) => harness.call('POST', '/api/sms/codes/', { headers: user, body })
  const check = (code: unknown) => harness.call('PUT', '/api/sms/codes/', { headers: user, body: { mobile, code } })

  it('sends, limits and checks', async () => {
    expect((await send({ mobile: '123' })).body.code).toBe(1402)
    expect((await send({})).body.code).toBe(1401)
    expect((await send({ mobile })).body.data).toEqual({ expires_in: 300 })
    expect((await send({ mobile })).body.code).toBe(1103)
    const code = /\d{6}/.exec(harness.simulator.yunpian.inbox(mobile).at(-1)?.text ?? '')?.[0] ?? ''
    expect((await check(code === '000000' ? '000001' : '000000')).body.code).toBe(1402)
    expect((await check(code)).body.code).toBe(0)
    expect((await check(code)).body.code).toBe(1402)
  })

  it('sends one login ten messages a day, to whichever numbers', async () => {
    const other = { cookie: (await harness.login(harness.simulator.user())).cookie }
    const codes: number[] = []
    for (let index = 0; index < 11; index++) {
      const body = { mobile: `139001390${String(index).padStart(2, '0')}` }
      codes.push((await harness.call('POST', '/api/sms/codes/', { headers: other, body })).body.code)
    }
    expect(codes).toEqual([...Array(10).fill(0), 1103])
  })
})
