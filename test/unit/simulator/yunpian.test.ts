import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator, SimulatorClock, yunpianReplyPush, yunpianStatusPush } from 'weixin-kit/simulator'

const START = Date.UTC(2025, 0, 1)
const make = (options: Parameters<typeof createSimulator>[0] = {}) =>
  createSimulator({ clock: new SimulatorClock({ startAt: START }), seed: 'sms', ...options })
type Sim = ReturnType<typeof make>
type Json = Record<string, unknown>

const MOBILE = '13800138000'
const TEXT = '【云片网】您的验证码是1234'

async function call(sim: Sim, path: string, fields: Record<string, string> = {}, host = 'sms') {
  const body = new URLSearchParams({ apikey: sim.credentials.yunpian.apiKey, ...fields })
  const response = await sim.fetch(`https://${host}.yunpian.com/v2/${path}.json`, { method: 'POST', body })
  const text = await response.text()
  return { status: response.status, text, json: JSON.parse(text) as Json }
}

const send = (sim: Sim, fields: Record<string, string> = {}) =>
  call(sim, 'sms/single_send', { mobile: MOBILE, text: TEXT, ...fields })
const code = async (answer: Promise<{ json: Json }>) => (await answer).json.code

describe('sending', () => {
  it('answers as the platform does and puts the text into the inbox', async () => {
    const sim = make()
    const { status, json, text } = await send(sim, { uid: 'order-1' })
    expect(status).toBe(200)
    expect(json).toMatchObject({ code: 0, msg: '发送成功', count: 1, fee: 0.05, unit: 'RMB', mobile: MOBILE })
    const sid = /"sid":(\d{19})/.exec(text)?.[1]
    expect(sid).toBeDefined()
    expect(sim.yunpian.inbox('+8613800138000')).toMatchObject([{ text: TEXT, code: '1234', sid, uid: 'order-1' }])
    expect(sim.user({ id: 'li', phone: MOBILE }).smsCode()).toBe('1234')
    const { balance } = (await call(sim, 'user/get')).json
    expect(balance).toBe(999.95)
  })

  it.each([
    ['no apikey', { apikey: '' }, 1],
    ['a wrong apikey', { apikey: '0'.repeat(32) }, -1],
    ['no number', { mobile: '' }, 1],
    ['no number that is one', { mobile: '123' }, 2],
    ['several numbers', { mobile: `${MOBILE},13900139000` }, 2],
    ['a uid that is too long', { uid: 'x'.repeat(257) }, 2],
    ['an extend that is no number', { extend: 'a' }, 2],
    ['a text without sign', { text: '您的验证码是1234' }, 5],
    ['a text of no template', { text: '【云片网】便宜！' }, 5],
    ['a variable that is empty', { text: '【云片网】您的验证码是' }, 5],
    ['a sign that is too short', { text: '【a】您的验证码是1234' }, 16],
    ['a blocked word', { text: '【云片网】您的验证码是发票' }, 4]
  ])('refuses %s', async (_, fields, expected) => {
    const sim = make()
    const { status, json } = await send(sim, fields)
    expect([status, json.code, json.http_status_code]).toEqual([400, expected, 400])
    expect(json.msg).not.toBe('')
    expect(sim.yunpian.latest()).toBeUndefined()
  })

  it('refuses GET', async () => {
    const response = await make().fetch('https://sms.yunpian.com/v2/sms/single_send.json')
    expect(await response.json()).toMatchObject({ code: 11 })
  })

  it('limits what a number gets', async () => {
    const sim = make()
    expect(await code(send(sim))).toBe(0)
    expect(await code(send(sim))).toBe(8)
    await sim.clock.advance(30_000)
    expect(await code(send(sim))).toBe(0)
    await sim.clock.advance(30_000)
    expect(await code(send(sim))).toBe(0)
    await sim.clock.advance(30_000)
    expect(await code(send(sim))).toBe(9)
    expect(await code(send(sim, { text: `${TEXT}5` }))).toBe(0)
    expect(await code(send(sim, { text: `${TEXT}6` }))).toBe(0)
    expect(await code(send(sim, { text: `${TEXT}7` }))).toBe(22)
    expect(await code(send(sim, { mobile: '13900139000' }))).toBe(0)
    await sim.clock.advance(3_600_000)
    for (let i = 0; i < 5; i++) expect(await code(send(sim, { text: `${TEXT}8${i}` }))).toBe(0)
    await sim.clock.advance(3_600_000)
    expect(await code(send(sim))).toBe(17)
    await sim.clock.advance(86_400_000)
    expect(await code(send(sim))).toBe(0)
    sim.yunpian.blockNumber(MOBILE)
    await sim.clock.advance(60_000)
    expect(await code(send(sim))).toBe(10)
  })

  it('counts segments and money', async () => {
    const sim = make({ accounts: { yunpian: [{ templates: ['【店名】#text#'] }] } })
    const long = `【店名】${'字'.repeat(67)}`
    expect((await send(sim, { text: long })).json).toMatchObject({ count: 2, fee: 0.1 })
    sim.yunpian.setBalance(0.01)
    expect(await code(send(sim))).toBe(3)
  })

  it('lets only the signs of an account pass', async () => {
    const sim = make({ accounts: { yunpian: [{ signs: ['店名'] }] } })
    expect(await code(send(sim))).toBe(15)
    expect(await code(send(sim, { text: '【店名】您的验证码是1234' }))).toBe(0)
    const added = await call(sim, 'sign/add', { sign: '新店' })
    expect(added.json).toMatchObject({ code: 0, sign: { apply_state: 'CHECKING', sign: '新店' } })
    const fresh = { text: '【新店】您的验证码是1234' }
    expect(await code(send(sim, fresh))).toBe(15)
    await sim.clock.advance(30 * 60_000)
    expect(await code(send(sim, fresh))).toBe(0)
    expect(await code(call(sim, 'sign/add', { sign: '新店' }))).toBe(-54)
    expect((await call(sim, 'sign/get', { sign: '新店' })).json).toMatchObject({ total: 1 })
  })

  it('sends to many and says per number what is wrong', async () => {
    const sim = make()
    sim.yunpian.blockNumber('13900139000')
    const { status, json } = await call(sim, 'sms/batch_send', { mobile: `${MOBILE},13900139000,12`, text: TEXT })
    expect(status).toBe(200)
    expect(json).toMatchObject({ total_count: 1, total_fee: 0.05, data: [{ code: 0 }, { code: 10 }, { code: 2 }] })
    expect(await code(call(sim, 'sms/batch_send', { mobile: MOBILE, text: '【云片网】x' }))).toBe(5)
  })

  it('sends one text to each number', async () => {
    const sim = make()
    const texts = ['【云片网】您的验证码是1,2', '【云片网】您的验证码是56 78']
    const text = texts.map(encodeURIComponent).join(',')
    const mobile = `${MOBILE},13900139000`
    expect((await call(sim, 'sms/multi_send', { mobile, text })).json).toMatchObject({ total_count: 2 })
    expect(sim.yunpian.inbox('13900139000')[0]?.text).toBe(texts[1])
    expect(await code(call(sim, 'sms/multi_send', { mobile: MOBILE, text }))).toBe(25)
    expect(await code(call(sim, 'sms/multi_send', { mobile: `${MOBILE},+14155550100`, text }))).toBe(2)
  })

  it('fills templates', async () => {
    const sim = make()
    const id = sim.yunpian.addTemplate('【店名】#name#，验证码#code#')
    const value = [
      ['#name#', '李&雷'],
      ['#code#', '9527']
    ]
      .map((pair) => pair.map((text) => encodeURIComponent(text ?? '')).join('='))
      .join('&')
    const fields = { mobile: MOBILE, tpl_id: String(id), tpl_value: value }
    expect(await code(call(sim, 'sms/tpl_single_send', fields))).toBe(0)
    expect(sim.yunpian.latest(MOBILE)).toMatchObject({ text: '【店名】李&雷，验证码9527', code: '9527' })
    expect(await code(call(sim, 'sms/tpl_single_send', { ...fields, tpl_value: '' }))).toBe(2)
    expect(await code(call(sim, 'sms/tpl_single_send', { ...fields, tpl_value: '%zz=1' }))).toBe(14)
    expect(await code(call(sim, 'sms/tpl_single_send', { ...fields, tpl_id: '99' }))).toBe(7)
    const many = await call(sim, 'sms/tpl_batch_send', { ...fields, mobile: '13900139000' })
    expect(many.json).toMatchObject({ total_count: 1 })
  })

  it('does the work before a fault that loses the response', async () => {
    const sim = make()
    sim.fail('single_send', 'reset')
    await expect(send(sim)).rejects.toThrow('fetch failed')
    expect(sim.yunpian.inbox(MOBILE)).toHaveLength(1)
    sim.fail('single_send', { errcode: -51 })
    expect((await send(sim)).json).toMatchObject({ http_status_code: 400, code: -51, msg: '系统繁忙' })
    sim.fail('single_send', { status: 503 })
    expect((await send(sim)).status).toBe(503)
  })
})

describe('templates', () => {
  it('are reviewed, and the result is pushed', async () => {
    const pushes: string[] = []
    const sim = make({
      deliver: async (request) => {
        pushes.push(await request.text())
        return new Response('SUCCESS')
      }
    })
    const content = '【店名】欢迎#name#'
    const { json } = await call(sim, 'tpl/add', { tpl_content: content, callback: 'https://shop.example/tpl' })
    expect(json).toMatchObject({ tpl_content: content, check_status: 'CHECKING' })
    const text = '【店名】欢迎光临'
    expect(await code(send(sim, { text }))).toBe(5)
    await sim.clock.advance(30 * 60_000)
    expect(Object.fromEntries(new URLSearchParams(pushes[0]))).toMatchObject({
      tpl_id: String(json.tpl_id),
      check_status: 'SUCCESS'
    })
    expect(await code(send(sim, { text }))).toBe(0)
    expect(await code(call(sim, 'tpl/add', { tpl_content: content }))).toBe(-54)
    expect(await code(call(sim, 'tpl/add', { tpl_content: '欢迎' }))).toBe(6)
    const id = String(json.tpl_id)
    expect((await call(sim, 'tpl/get', { tpl_id: id })).json).toMatchObject({ check_status: 'SUCCESS' })
    await call(sim, 'tpl/update', { tpl_id: id, tpl_content: '【店名】您好#name#' })
    sim.yunpian.reviewTemplate(Number(id), 'FAIL', '内容不合规')
    await sim.clock.advance(30 * 60_000)
    expect((await call(sim, 'tpl/get', { tpl_id: id })).json).toMatchObject({ reason: '内容不合规' })
    await call(sim, 'tpl/del', { tpl_id: id })
    expect(await code(call(sim, 'tpl/get', { tpl_id: id }))).toBe(7)
    expect((await call(sim, 'tpl/get_default', { tpl_id: '1' })).json).toMatchObject({ check_status: 'SUCCESS' })
  })

  it('match in time that does not explode', async () => {
    const sim = make({ accounts: { yunpian: [{ templates: [`【店名】${'#a#x'.repeat(50)}`] }] } })
    const started = performance.now()
    expect(await code(send(sim, { text: `【店名】${'xy'.repeat(240)}` }))).toBe(5)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('reports and replies', () => {
  it('wait to be pulled once', async () => {
    const sim = make()
    await send(sim, { uid: 'u1' })
    sim.yunpian.failNumber('13900139000', 'DB:0103')
    await send(sim, { mobile: '13900139000' })
    expect((await call(sim, 'sms/pull_status')).json).toEqual([])
    await sim.clock.advance(2_000)
    const { json } = await call(sim, 'sms/pull_status', { page_size: '1' })
    expect(json).toMatchObject([
      { uid: 'u1', mobile: MOBILE, report_status: 'SUCCESS', user_receive_time: '2025-01-01 08:00:02' }
    ])
    expect((await call(sim, 'sms/pull_status')).json).toMatchObject([{ report_status: 'FAIL', error_msg: 'DB:0103' }])
    expect((await call(sim, 'sms/pull_status')).json).toEqual([])
    await sim.user({ id: 'li', phone: MOBILE }).replySms('好的')
    const reply = { mobile: MOBILE, text: '好的', _sign: null }
    expect((await call(sim, 'sms/pull_reply')).json).toMatchObject([reply])
    expect((await call(sim, 'sms/pull_reply')).json).toEqual([])
    const day = { start_time: '2025-01-01 00:00:00', end_time: '2025-01-01 23:59:59' }
    expect((await call(sim, 'sms/get_reply', day)).json).toMatchObject([reply])
    expect((await call(sim, 'sms/get_record', { ...day, mobile: MOBILE })).json).toMatchObject([{ text: TEXT }])
    expect((await call(sim, 'sms/count', day)).json).toEqual({ total: 2 })
    expect(await code(call(sim, 'sms/get_record', { ...day, start_time: 'x' }))).toBe(2)
    expect((await call(sim, 'sms/get_total_fee', { date: '2025-01-01' })).json).toMatchObject({ total_fee: 0.1 })
  })

  it('are pushed together, signed where the protocol signs, and repeated until the app says SUCCESS', async () => {
    const seen: { url: string; body: URLSearchParams }[] = []
    let answer = 'no'
    const sim = make({
      deliver: async (request) => {
        seen.push({ url: request.url, body: new URLSearchParams(await request.text()) })
        return new Response(answer)
      }
    })
    const callback_url = 'https://shop.example/status'
    await call(sim, 'sms/batch_send', { mobile: `${MOBILE},13900139000`, text: TEXT, callback_url })
    await sim.clock.advance(2_100)
    expect(seen.map(({ url }) => url)).toEqual([callback_url])
    expect(JSON.parse(seen[0]?.body.get('sms_status') ?? '')).toMatchObject([{ mobile: MOBILE }, {}])
    answer = 'SUCCESS'
    await sim.clock.advance(300_000)
    expect(seen).toHaveLength(2)
    await sim.clock.advance(900_000)
    expect(seen).toHaveLength(2)
    sim.yunpian.setPushUrls({ reply: 'https://shop.example/reply' })
    await sim.yunpian.reply(MOBILE, 'TD', { extend: '01' })
    const item = JSON.parse(seen[2]?.body.get('sms_reply') ?? '') as Record<string, string>
    const { apiKey } = sim.credentials.yunpian
    const values = ['8888', '01', item.id, MOBILE, item.reply_time, 'TD', apiKey].join(',')
    expect(item._sign).toBe(createHash('md5').update(values).digest('hex'))
    expect(await code(send(sim))).toBe(10)
  })

  it('go to whoever pulls when the app never said SUCCESS', async () => {
    const sim = make({ deliver: async () => new Response('nope') })
    await send(sim)
    await sim.clock.advance(2_100 + 3 * 300_000)
    expect((await call(sim, 'sms/pull_status')).json).toHaveLength(1)
  })
})

describe('the rest', () => {
  it('calls phones', async () => {
    const sim = make()
    const { json } = await call(sim, 'voice/send', { mobile: MOBILE, code: '123456' }, 'voice')
    expect(json).toMatchObject({ count: 1, fee: 0.1, sid: expect.any(String) })
    expect(sim.yunpian.latest(MOBILE)).toMatchObject({ kind: 'voice', code: '123456' })
    await sim.clock.advance(2_000)
    expect((await call(sim, 'sms/pull_status')).json).toEqual([])
    expect((await call(sim, 'voice/pull_status', {}, 'voice')).json).toMatchObject([{ sid: json.sid, duration: 8 }])
    expect(await code(call(sim, 'voice/send', { mobile: MOBILE, code: '12' }, 'voice'))).toBe(2)
    const id = sim.yunpian.addTemplate('您的订单#order#已完成', { kind: 'voice' })
    const notify = { mobile: '010-12345678', tpl_id: String(id), tpl_value: '%23order%23=1' }
    expect((await call(sim, 'voice/tpl_notify', notify, 'voice')).json).toMatchObject({ count: 1 })
  })

  it('sells data packages and shortens links', async () => {
    const sim = make()
    const packages = (await call(sim, 'flow/get_package', { carrier: '10086' }, 'flow')).json as unknown as Json[]
    const sn = String(packages[0]?.sn)
    expect((await call(sim, 'flow/recharge', { mobile: MOBILE, sn }, 'flow')).json).toMatchObject({ fee: 2.85 })
    expect(await code(call(sim, 'flow/recharge', { mobile: MOBILE, sn: 'x' }, 'flow'))).toBe(26)
    const { short_url: link } = (await call(sim, 'short_url/shorten', { long_url: 'https://shop.example/' })).json
    const { sid } = link as { sid: string }
    expect((await call(sim, 'short_url/stat', { sid })).json).toMatchObject({ code: 0, stat: {} })
    expect(await code(call(sim, 'short_url/stat', { sid: 'x' }))).toBe(-55)
    expect((await call(sim, 'user/set', { emergency_contact: 'Li' })).json).toMatchObject({ emergency_contact: 'Li' })
  })

  it('shows inboxes over HTTP and keeps everything across a restart', async () => {
    const sim = make()
    await send(sim)
    const again = make()
    again.restore(JSON.parse(JSON.stringify(sim.snapshot())) as ReturnType<typeof sim.snapshot>)
    const inbox = await again.fetch(`https://sms.yunpian.com/simulator/inbox/${MOBILE}`)
    expect(await inbox.json()).toMatchObject([{ text: TEXT }])
    expect(await code(send(again))).toBe(8)
    await again.clock.advance(2_000)
    expect((await call(again, 'sms/pull_status')).json).toHaveLength(1)
    again.yunpian.limits.repeatMs = 0
    expect(await code(send(again))).toBe(0)
  })
})

describe('signers', () => {
  it('write a status push as the platform does', async () => {
    const statuses = [{ sid: '9223372036854775807', mobile: MOBILE }]
    const once = new URLSearchParams(await yunpianStatusPush({ statuses }).text()).get('sms_status') ?? ''
    expect(once).toContain('"sid":9223372036854775807')
    const body = await yunpianStatusPush({ statuses, encodedTwice: true }).text()
    expect(decodeURIComponent(new URLSearchParams(body).get('sms_status') ?? '')).toBe(once)
  })

  it('sign the official sample of a reply', async () => {
    const official = {
      apiKey: '0000',
      base_extend: '8888',
      extend: '01',
      reply_time: '2014-03-17 22:55:21',
      mobile: '15205201314',
      text: '收到了，谢谢！',
      id: '2a70c6bb4f2845da816ea1bfe5732747'
    }
    const sign = async (request: Request) =>
      (JSON.parse(new URLSearchParams(await request.text()).get('sms_reply') ?? '') as { _sign: string })._sign
    expect(await sign(yunpianReplyPush(official))).toBe('393d079e0a00912335adfe46f4a2e10f')
    expect(await sign(yunpianReplyPush({ ...official, tamper: 'signature' }))).toBe('093d079e0a00912335adfe46f4a2e10f')
  })
})
