import { afterEach, describe, expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, type Simulator, type SimulatorOptions } from 'weixin-kit/simulator'

let simulator: Simulator
afterEach(() => simulator.close())

async function start(options: SimulatorOptions = {}) {
  simulator = createSimulator({ seed: 'topics', ...options })
  const { url } = await simulator.listen({ control: true })
  const read = async <T = Record<string, unknown>>(path: string) =>
    (await (await fetch(`${url}/-/${path}`)).json()) as T
  const post = async <T = Record<string, unknown>>(path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    return (await (
      await fetch(`${url}/-/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    ).json()) as T
  }
  const ming = simulator.user({ id: 'ming', nickname: 'Ming' })
  const pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions })
  const order = async (number: string) =>
    await pay.transactions.jsapi({
      out_trade_no: number,
      description: 'Tea',
      notify_url: 'https://shop.example.com/pay',
      amount: { total: 100 },
      payer: { openid: ming.openid() }
    })
  return { url, read, post, ming, order }
}

interface Seen {
  readonly id: number
  readonly state: string
  readonly subject: string
  readonly attempts: readonly unknown[]
  readonly nextAt?: number
}

describe('topics of the control interface', () => {
  it('list exchanges, and say everything about one', async () => {
    const { url, read } = await start()
    await fetch(`${url}/api.weixin.qq.com/cgi-bin/getcallbackip?access_token=wrong`)
    const rows = await read<Record<string, unknown>[]>('exchanges?after=0')
    expect(rows).toMatchObject([
      { id: 1, method: 'GET', path: '/cgi-bin/getcallbackip', outcome: '40014', isBad: true }
    ])
    expect(await read('exchanges/1')).toMatchObject({
      url: expect.stringContaining('access_token=wrong'),
      requestHeaders: { host: expect.any(String) }
    })
    expect(await read('log')).toMatchObject([
      { requestHeaders: { host: expect.any(String) }, responseHeaders: { 'content-type': expect.any(String) } }
    ])
    expect(await read('exchanges/9')).toEqual({ error: 'no exchange 9' })
    expect(await read<unknown[]>('exchanges?after=1')).toEqual([])
  })

  it('print the bytes of an object as base64', async () => {
    const { url } = await start()
    const steer = async (verb: string, ...args: unknown[]) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/-/qiniu/${verb}`, { method: 'POST', headers, body: JSON.stringify(args) })
      return ((await response.json()) as { result: unknown }).result
    }
    const data = Buffer.from('hello').toString('base64')
    expect(await steer('put', 'a.txt', 'hello')).toMatchObject({ key: 'a.txt', data })
    expect(await steer('object', 'a.txt')).toMatchObject({ data })
  })

  it('stream what happens', async () => {
    const { url } = await start()
    const abort = new AbortController()
    const response = await fetch(`${url}/-/events`, { signal: abort.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? ''
    }
    await until('event: hello')
    await fetch(`${url}/api.weixin.qq.com/cgi-bin/getcallbackip`)
    await until('event: exchanges')
    await until('"path":"/cgi-bin/getcallbackip"')
    await until('event: changed')
    abort.abort()
  })

  it('steer one callback: hold, release, now, twice', async () => {
    let status = 500
    let received = 0
    const { read, post, ming, order } = await start({
      deliver: () => {
        received++
        return new Response(null, { status })
      }
    })
    await ming.pay((await order('T000001')).prepay_id)
    const seen = async () => (await read<Seen[]>('deliveries?subject=T000001'))[0]
    expect(await seen()).toMatchObject({ state: 'pending', nextAt: expect.any(Number), attempts: [{ status: 500 }] })
    await post('deliveries/1/hold', {})
    expect(await seen()).toMatchObject({ state: 'held' })
    expect((await seen())?.nextAt).toBeUndefined()
    await post('deliveries/1/release', {})
    expect(received).toBe(2)
    expect(await seen()).toMatchObject({ state: 'pending', attempts: [{}, {}] })
    status = 204
    await post('deliveries/1/now', {})
    expect(await seen()).toMatchObject({ state: 'delivered', attempts: [{}, {}, { delivered: true }] })
    await post('deliveries/1/twice', {})
    expect(received).toBe(5)
    expect(await post('deliveries/1/lose', {})).toMatchObject({ error: 'a delivery has no verb lose' })
    expect(await read('deliveries/1')).toMatchObject({ id: 1, subject: 'T000001' })
    expect(await read('deliveries/7')).toEqual({ error: 'no delivery 7' })
  })

  it('list faults, end one, and go to what is due next', async () => {
    const { read, post, ming, order } = await start({ deliver: () => new Response(null, { status: 500 }) })
    expect(await post('fail', { match: '/v3/', kind: 'timeout', times: null })).toEqual({ id: 1 })
    expect(await read('faults')).toEqual([{ id: 1, match: '/v3/', what: 'timeout', hits: 0, remaining: null }])
    expect(await post('faults/1/end', {})).toEqual({})
    expect(await post('faults/1/end', {})).toEqual({ error: 'no fault 1 is in force' })
    await ming.pay((await order('T000002')).prepay_id)
    const { upcoming } = await read<{ upcoming: { label: string }[] }>('state')
    expect(upcoming[0]?.label).toBe('pay T000002 #2')
    expect(await post('advance', { to: 'next' })).toMatchObject({ due: [{ label: 'pay T000002 #2' }] })
    expect(await post('advance', { ms: -1 })).toHaveProperty('error')
  })

  it('say what is behind a code', async () => {
    const { post, order, read } = await start()
    const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    const { prepay_id } = await order('T000003')
    for (const text of [prepay_id, `prepay_id=${prepay_id}`, JSON.stringify({ package: `prepay_id=${prepay_id}` })])
      expect(await post('scan', { text })).toMatchObject({
        kind: 'pay',
        order: { outTradeNo: 'T000003', userId: 'ming' }
      })
    const { ticket } = await mp.qrCode.createPermanent({ scene_str: 'spring' })
    for (const text of [ticket, String(mp.qrCode.imageUrl(ticket))])
      expect(await post('scan', { text })).toMatchObject({ kind: 'scene', scene: 'spring' })
    const page = mp.oauth.authorizeUrl({ redirectUri: 'https://shop.example.com/', scope: 'snsapi_base', state: 'x' })
    expect(await post('scan', { text: String(page) })).toMatchObject({ kind: 'authorize', scope: 'snsapi_base' })
    expect(await post('scan', { text: String(page).replace('snsapi_base', 'all') })).toMatchObject({ kind: 'wrong' })
    expect(await post('scan', { text: 'https://shop.example.com/' })).toMatchObject({ kind: 'page' })
    expect(await post('scan', { text: '?' })).toMatchObject({ kind: 'wrong' })
    expect(await post('scan', {})).toEqual({ error: '"text" must be a text' })
    expect(await read('codes')).toMatchObject([{ kind: 'scene', text: ticket }])
  })

  it('let an order run out of time', async () => {
    const { post, order, read } = await start()
    await order('T000004')
    await post('pay/expireOrder', ['T000004'])
    expect(await read('orders')).toMatchObject([{ outTradeNo: 'T000004', state: 'CLOSED' }])
    expect(await post('pay/expireOrder', ['T000004'])).toMatchObject({ error: 'There is no unpaid order T000004.' })
    expect(await post('pay/expireTransfer', ['W1'])).toMatchObject({ error: 'There is no unconfirmed transfer W1.' })
    expect(await post('pay/expireRedPack', ['B1'])).toMatchObject({ error: 'There is no unopened red packet B1.' })
  })

  it('hand out objects as what cannot run', async () => {
    const { url, read } = await start()
    const qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...simulator.clientOptions })
    await qiniu.upload(Buffer.from('<script>alert(1)</script>'), { key: 'a/b.html' })
    const [object] = await read<{ bucket: string; key: string }[]>('objects')
    expect(object?.key).toBe('a/b.html')
    const response = await fetch(`${url}/-/objects/${object?.bucket}?key=a%2Fb.html`)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await fetch(`${url}/-/objects/${object?.bucket}?key=none`)).status).toBe(404)
  })
})
