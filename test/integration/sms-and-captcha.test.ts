import { afterEach, describe, expect, it } from 'vitest'
import { Geetest } from 'weixin-kit/geetest'
import {
  createSimulator,
  type Simulator,
  SimulatorClock,
  yunpianReplyPush,
  yunpianStatusPush
} from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { YUNPIAN_ENDPOINTS } from '../support/yunpian-endpoints.ts'

const START = Date.UTC(2025, 0, 1)
const SECRET = 'a-secret-of-more-than-16'
const MOBILE = '13800138000'
const open: Simulator[] = []

function make(options: Parameters<typeof createSimulator>[0] = {}) {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }), seed: 'sms', ...options })
  open.push(simulator)
  return simulator
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('Yunpian', () => {
  const clientOf = (simulator: Simulator) =>
    new Yunpian({ ...simulator.credentials.yunpian, ...simulator.clientOptions })

  it.each(Object.entries(YUNPIAN_ENDPOINTS))('%s is simulated', async (_, { host, path }) => {
    const response = await make().fetch(`https://${host}.yunpian.com${path}`, { method: 'POST', body: 'apikey=x' })
    expect(await response.json()).toMatchObject({ code: 1 })
  })

  it('sends a code that the phone can read', async () => {
    const simulator = make()
    const codes = clientOf(simulator).verificationCode()
    const { sms } = clientOf(simulator)
    const sent = await codes.send(MOBILE, (code) =>
      sms.singleSend({ mobile: MOBILE, text: `【店名】您的验证码是${code}` })
    )
    expect(sent.issued).toBe(true)
    const code = simulator.yunpian.latest(MOBILE)?.code ?? ''
    expect(await codes.check(MOBILE, code)).toEqual({ ok: true })
  })

  it('has every method answered in the shape that its type promises', async () => {
    const simulator = make()
    const { sms, tpl, sign, user, voice, flow, shortUrl } = clientOf(simulator)
    const text = '【店名】您的验证码是1234'
    const day = { start_time: new Date(START), end_time: new Date(START + 86_400_000) }
    const sent = await sms.singleSend({ mobile: MOBILE, text, uid: 'u1', register: true })
    expect(sent).toMatchObject({ code: 0, mobile: MOBILE, sid: simulator.yunpian.latest()?.sid })
    const many = await sms.batchSend({ mobile: [MOBILE, '+14155550100'], text })
    expect(many.data).toMatchObject([
      { code: 8, error: { upstreamCode: '8' } },
      { code: 0, fee: 0.5 }
    ])
    expect((await sms.multiSend({ mobile: ['13900000001'], text: [text] })).total_count).toBe(1)
    const { tpl_id } = await tpl.add({ tpl_content: '【店名】#name#您好' })
    await expect(sms.tplSingleSend({ mobile: MOBILE, tpl_id, tpl_value: { name: '李' } })).rejects.toMatchObject({
      code: 'ERR_YUNPIAN',
      upstreamCode: '7'
    })
    await simulator.clock.advance(30 * 60_000)
    expect(await tpl.get({ tpl_id })).toMatchObject([{ check_status: 'SUCCESS' }])
    await sms.tplSingleSend({ mobile: MOBILE, tpl_id, tpl_value: { name: '李&=#' } })
    expect(simulator.yunpian.latest()?.text).toBe('【店名】李&=#您好')
    await sms.tplBatchSend({ mobile: ['13900000002'], tpl_id, tpl_value: { name: '王' } })
    await tpl.update({ tpl_id, tpl_content: '【店名】#name#再见' })
    expect(await tpl.del({ tpl_id })).toMatchObject({ tpl_id })
    expect((await tpl.getDefault()).length).toBeGreaterThan(3)
    const notice = await tpl.addVoiceNotify({ tpl_content: '您的订单#order#已完成' })
    await tpl.updateVoiceNotify({ tpl_id: notice.tpl_id, tpl_content: '订单#order#完成' })
    simulator.yunpian.reviewTemplate(Number(notice.tpl_id), 'SUCCESS')
    await voice.tplNotify({ mobile: MOBILE, tpl_id: notice.tpl_id, tpl_value: { order: '1' } })
    const called = await voice.send({ mobile: '13900000003', code: '1234' })
    await simulator.clock.advance(2_000)
    expect(await voice.pullStatus({ type: 1 })).toMatchObject([{ sid: called.sid, report_status: 'SUCCESS' }])
    expect(await voice.pullStatus({ type: 2 })).toHaveLength(1)
    expect((await sms.pullStatus()).map(({ sid }) => sid)).toContain(sent.sid)
    await simulator.user({ id: 'li', phone: MOBILE }).replySms('收到')
    expect(await sms.pullReply()).toMatchObject([{ mobile: MOBILE, text: '收到' }])
    expect(await sms.getReply(day)).toHaveLength(1)
    expect(await sms.getRecord({ ...day, mobile: MOBILE })).toMatchObject([{ sid: sent.sid, uid: 'u1' }, {}])
    expect(await sms.count(day)).toEqual({ total: 5 })
    expect(await sms.getBlackWord({ text: '代开发票' })).toEqual(['发票'])
    expect(await sms.getTotalFee({ date: '2025-01-01' })).toMatchObject({ total_fee: expect.any(Number) })
    await sms.regComplete({ mobile: MOBILE })
    expect(await sign.add({ sign: '新店' })).toMatchObject({ apply_state: 'CHECKING' })
    expect(await sign.update({ old_sign: '新店', sign: '旧店' })).toMatchObject({ sign: '旧店' })
    expect(await sign.get()).toMatchObject({ total: 1, sign: [{ sign: '旧店', enabled: false }] })
    expect(await user.set({ emergency_contact: '李' })).toMatchObject({ emergency_contact: '李' })
    expect((await user.get()).balance).toBeLessThan(1000)
    const [first] = await flow.getPackage({ carrier: '10086' })
    expect(await flow.recharge({ mobile: MOBILE, sn: first?.sn ?? '' })).toMatchObject({ count: 1 })
    await simulator.clock.advance(2_000)
    expect(await flow.pullStatus()).toHaveLength(1)
    const link = await shortUrl.shorten({ long_url: 'https://shop.example/' })
    expect(await shortUrl.stat({ sid: link.sid })).toEqual({})
  })

  it('gets pushes that its handlers accept, and refuses forged ones', async () => {
    const seen: unknown[] = []
    const simulator: Simulator = make({
      deliver: { yunpian: (request) => handlers[new URL(request.url).pathname]?.(request) ?? new Response('404') }
    })
    const client = clientOf(simulator)
    const onReviewed = (review: object) => void seen.push(review)
    const handlers: Record<string, (request: Request) => Promise<Response>> = {
      '/status': client.statusHandler({ secret: SECRET, onStatus: (report) => void seen.push(report) }),
      '/reply': client.replyHandler({ onReply: (reply) => void seen.push(reply) }),
      '/tpl': client.templateHandler({ secret: SECRET, onReviewed })
    }
    const callback_url = `https://shop.example/status?secret=${SECRET}`
    simulator.yunpian.setPushUrls({ reply: 'https://shop.example/reply' })
    const { sid } = await client.sms.singleSend({ mobile: MOBILE, text: '【店名】您的验证码是1234', callback_url })
    await simulator.clock.advance(2_100)
    await simulator.yunpian.reply(MOBILE, 'T')
    await client.tpl.add({ tpl_content: '【店名】#a#', callback: `https://shop.example/tpl?secret=${SECRET}` })
    await simulator.clock.advance(30 * 60_000)
    expect(seen).toMatchObject([{ sid, report_status: 'SUCCESS' }, { text: 'T' }, { check_status: 'SUCCESS' }])
    expect(simulator.deliveries.recent.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered'])
    const { apiKey } = simulator.credentials.yunpian
    const forged = yunpianReplyPush({ apiKey, mobile: MOBILE, text: 'T', id: '2', tamper: 'text' })
    expect(await (await handlers['/reply']?.(forged))?.text()).not.toBe('SUCCESS')
    const push = yunpianStatusPush({ statuses: [{ sid: '7', mobile: MOBILE }], url: callback_url, encodedTwice: true })
    expect(await (await handlers['/status']?.(push))?.text()).toBe('SUCCESS')
    expect(seen).toHaveLength(4)
  })

  it('works over the loopback server', async () => {
    const simulator = make()
    const server = await simulator.listen()
    const client = new Yunpian({ ...simulator.credentials.yunpian, baseUrl: server.baseUrl('sms.yunpian.com') })
    await client.sms.singleSend({ mobile: MOBILE, text: '【店名】您的验证码是1234' })
    await client.voice.send({ mobile: MOBILE, code: '9876' })
    expect(simulator.yunpian.inbox(MOBILE).map(({ code }) => code)).toEqual(['1234', '9876'])
  })
})

describe('Geetest', () => {
  const clientOf = (simulator: Simulator, options: object = {}) =>
    new Geetest({ ...simulator.credentials.geetest, ...simulator.clientOptions, ...options })
  const session = 'session-1'

  it.each([
    ['3.0', 'md5'],
    ['3.1', 'md5'],
    ['3.1', 'sha256'],
    ['3.1', 'hmac-sha256']
  ] as const)('lets a solved captcha of SDK %s pass once (%s)', async (version, digestmod) => {
    const simulator = make()
    const geetest = clientOf(simulator, { version, digestmod })
    const { challenge, failback } = await geetest.register({ session })
    expect(failback).toBeUndefined()
    const form = { ...simulator.user('li').solveCaptcha(challenge.challenge) }
    expect(await geetest.validate({ session: 'another', form })).toMatchObject({ ok: false })
    expect(await geetest.validate({ session, form })).toEqual({ ok: true, mode: 'normal', isProven: true })
    expect(await geetest.validate({ session, form })).toMatchObject({ ok: false })
  })

  it('refuses what was not solved', async () => {
    const simulator = make()
    const geetest = clientOf(simulator)
    const { challenge } = await geetest.register({ session })
    const form = { ...simulator.geetest.solve(challenge.challenge, { wrong: true }) }
    expect(await geetest.validate({ session, form })).toMatchObject({ ok: false, reason: 'refused' })
  })

  it.each(['3.0', '3.1'] as const)('falls back while Geetest is down (SDK %s)', async (version) => {
    const simulator = make()
    const geetest = clientOf(simulator, { version, useBypassStatus: version === '3.1' })
    simulator.geetest.setDown()
    const { challenge, failback } = await geetest.register({ session })
    expect(challenge.success).toBe(0)
    expect(failback).toBeDefined()
    const form = { ...simulator.geetest.solve(challenge.challenge, { offline: version }) }
    expect(await geetest.validate({ session, form })).toEqual({ ok: true, mode: 'failback', isProven: false })
  })

  it('does not take a lost response for a yes', async () => {
    const simulator = make()
    const geetest = clientOf(simulator)
    const { challenge } = await geetest.register({ session })
    const form = { ...simulator.geetest.solve(challenge.challenge) }
    simulator.fail('validate.php', 'html', 5)
    expect(await geetest.validate({ session, form })).toMatchObject({ ok: false })
  })
})
