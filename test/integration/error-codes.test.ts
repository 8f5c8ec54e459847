import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiError, memoryStore } from 'weixin-kit'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { objectHash, Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, type FaultSpec, type Simulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { REFUSED_CHALLENGES } from '../../src/geetest/codes.ts'
import { SESSION_REPLACED } from '../../src/miniapp/auth.ts'
import { NO_MENU } from '../../src/mp/menu.ts'
import { VOID_TOKEN } from '../../src/mp/oauth/oauth.ts'
import { errorCodeTable as v3Codes } from '../../src/pay/error-code-table.ts'
import { Refunds } from '../../src/pay/refunds.ts'
import { Transfers } from '../../src/pay/transfers.ts'
import { errorCodeTable as v2Codes } from '../../src/pay/v2/error-code-table.ts'
import { FAMILIES } from '../../src/pay/v2/request.ts'
import { FORGOTTEN_UPLOAD, STATUSES } from '../../src/qiniu/statuses.ts'
import * as core from '../../src/wechat-api/errcodes/core.ts'
import { CLASSES } from '../../src/wechat-api/errcodes/errcode-info.ts'
import * as invalidValue from '../../src/wechat-api/errcodes/invalid-value.ts'
import * as missingOrRefused from '../../src/wechat-api/errcodes/missing-or-refused.ts'
import * as outsideScope from '../../src/wechat-api/errcodes/outside-scope.ts'
import * as permission from '../../src/wechat-api/errcodes/permission-and-platform.ts'
import * as sizeAndRate from '../../src/wechat-api/errcodes/size-and-rate.ts'
import { TOKEN_ERRCODES } from '../../src/wechat-api/errcodes/token-errcodes.ts'
import { CODES as YUNPIAN_CODES } from '../../src/yunpian/codes.ts'

// Every code that a client treats in a way of its own, from the tables of the clients, is provoked in the simulator.

let simulator: Simulator
beforeEach(() => {
  simulator = createSimulator({ seed: 'codes' })
  // Pauses between the attempts pass at once; nothing else waits.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await simulator.close()
})

/** What a call throws, with the pauses between its attempts skipped. */
async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  let isDone = false
  const outcome = call()
    .catch((error: unknown) => error)
    .finally(() => {
      isDone = true
    })
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(1_000)
  }
  return outcome
}

/** How often a path is called while it always fails so, and with which error. */
async function provoke(path: string, fault: FaultSpec, call: () => Promise<unknown>) {
  const handle = simulator.fail(path, fault, Number.POSITIVE_INFINITY)
  const error = await failureOf(call)
  handle.restore()
  return { error, attempts: handle.hits }
}

const options = () => ({ ...simulator.clientOptions, maxRetries: 2, timeoutMs: 600_000 })

describe('WeChat', () => {
  const texts = [core, invalidValue, missingOrRefused, outsideScope, permission, sizeAndRate].flatMap((one) =>
    Object.values(one)
  )
  const rows = texts
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /^(\S+) (\w)\|([^|]*)/.exec(line) ?? expect.fail(line))
    .flatMap(([, codes = '', letter = '', hint = '']) =>
      codes.split(',').map((code) => ({ errcode: Number(/^-?\d+/.exec(code)?.[0]), letter, hint }))
    )
  const mini = () => new MiniProgram({ ...simulator.credentials.miniProgram, ...options() })
  const account = () => new OfficialAccount({ ...simulator.credentials.officialAccount, ...options() })

  it('answers every errcode of the tables with its kind, and repeats where that helps', async () => {
    expect(rows.length).toBeGreaterThan(200)
    const mp = account()
    for (const { errcode, letter } of rows.filter((row) => !TOKEN_ERRCODES.includes(row.errcode))) {
      const { error, attempts } = await provoke('/cgi-bin/user/info', { errcode }, () => mp.users.info('OPENID'))
      const { kind } = CLASSES[letter] ?? expect.fail(letter)
      // A minute limit does not pass within a call.
      const expected = kind === 'busy' ? 3 : 1
      expect(error, String(errcode)).toMatchObject({
        code: 'ERR_WECHAT_API',
        errcode,
        hint: { en: expect.any(String) }
      })
      expect({ errcode, kind: (error as ApiError).kind, attempts }).toEqual({ errcode, kind, attempts: expected })
    }
  })

  it('has the words of WeChat for every errcode that a client acts on', async () => {
    const acting = rows.filter(({ letter }) => 'TBM'.includes(letter)).map(({ errcode }) => errcode)
    const special = new Set([...acting, ...TOKEN_ERRCODES, ...VOID_TOKEN, NO_MENU, SESSION_REPLACED])
    const silent: number[] = []
    for (const errcode of special) {
      simulator.fail('/cgi-bin/user/info', { errcode })
      const answer = (await (await simulator.fetch('https://api.weixin.qq.com/cgi-bin/user/info')).json()) as {
        errmsg: string
      }
      if (/^(?:unknown\b|\s*$)/.test(answer.errmsg)) silent.push(errcode)
    }
    expect(silent).toEqual([])
  })

  it.each(TOKEN_ERRCODES)('%i: one fresh token, one repeat', async (errcode) => {
    const mp = account()
    const before = await mp.accessToken.get()
    const call = () => mp.request({ method: 'GET', path: '/cgi-bin/get_api_domain_ip' })
    simulator.fail('/cgi-bin/get_api_domain_ip', { errcode })
    expect(await failureOf(call)).toHaveProperty('ip_list')
    expect(await mp.accessToken.get()).not.toBe(before)
    const { error, attempts } = await provoke('/cgi-bin/get_api_domain_ip', { errcode }, call)
    expect(error).toMatchObject({ errcode, kind: 'token' })
    // Never round and round, should every token be refused.
    expect(attempts).toBeLessThan(3)
  })

  it.each([...VOID_TOKEN])('%i: the web token is void', async (errcode) => {
    simulator.fail('/sns/auth', { errcode })
    expect(await account().oauth.checkToken({ access_token: 'x', openid: 'o' })).toBe(false)
  })

  it('has no menu, and an old session', async () => {
    simulator.fail('/cgi-bin/menu/get', { errcode: NO_MENU })
    expect(await account().menu.get()).toBeUndefined()
    simulator.fail('/wxa/checksession', { errcode: SESSION_REPLACED })
    const session = { openid: 'o', session_key: Buffer.alloc(16).toString('base64') }
    expect(await mini().auth.checkSession(session)).toBe(false)
  })
})

describe('WeChat Pay v2', () => {
  const pay = (maxRetries = 2) => new WeChatPayV2({ ...simulator.credentials.payV2, ...options(), maxRetries })
  const rows = Object.entries(FAMILIES).flatMap(([family, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]) => [`${family}.${name}`, endpoint] as const)
  )

  it.each(Object.entries(v2Codes()))('%s', async (errcode, [kind, repeat, outcome, hint]) => {
    const { error, attempts } = await provoke('/pay/orderquery', { errcode }, () =>
      pay().orders.query({ out_trade_no: 'T20260310000001' })
    )
    expect(error).toMatchObject({
      code: 'ERR_WECHAT_PAY',
      upstreamCode: errcode,
      kind,
      retryable: repeat !== 'no',
      hint: { en: hint }
    })
    expect(attempts).toBe(repeat === 'now' ? 3 : 1)
    if (errcode === 'USERPAYING') return
    const micropay = {
      body: 'a',
      out_trade_no: 'T20260310000001',
      total_fee: 1,
      spbill_create_ip: '1.1.1.1',
      auth_code: '134567890123456789'
    }
    const money = await provoke('/pay/micropay', { errcode }, () => pay().orders.micropay(micropay))
    expect(money.attempts).toBe(1)
    expect(money.error).toMatchObject(
      outcome === 'open'
        ? { code: 'ERR_UNKNOWN_RESULT', query: { method: 'orders.query', params: { out_trade_no: 'T20260310000001' } } }
        : { code: 'ERR_WECHAT_PAY', upstreamCode: errcode }
    )
  })

  const moving = rows.filter(([, { query }]) => query !== undefined)
  it.each(moving)(
    '%s: codes that leave the money open, there and everywhere',
    async (_, { path, host, outcomes, query }) => {
      const given = Object.fromEntries((query?.by ?? []).map((name) => [name, 'T20260310000001']))
      const codes = { SYSTEMERROR: 'open', NEVER_HEARD_OF: 'open', NOTENOUGH: 'refused', ...outcomes }
      for (const [errcode, outcome] of Object.entries(codes)) {
        if (errcode === 'USERPAYING') continue
        const call = () => pay(0).request({ path, params: given, ...(host ? { host } : {}) })
        const { error } = await provoke(path, { errcode }, call)
        const code = outcome === 'open' ? 'ERR_UNKNOWN_RESULT' : 'ERR_WECHAT_PAY'
        expect({ errcode, code: (error as ApiError).code }).toEqual({ errcode, code })
      }
    }
  )
})

describe('WeChat Pay v3', () => {
  const pay = (maxRetries = 2) => new WeChatPay({ ...simulator.credentials.payV3, ...options(), maxRetries })

  it.each(Object.entries(v3Codes()))('%s', async (errcode, [kind, retryable, hint]) => {
    const query = () => pay().transactions.query({ out_trade_no: 'T20260310000001' })
    const { error, attempts } = await provoke('/out-trade-no/', { errcode }, query)
    expect(error).toMatchObject({
      code: 'ERR_WECHAT_PAY',
      upstreamCode: errcode,
      kind,
      retryable,
      hint: { en: expect.stringContaining(hint) }
    })
    expect(attempts).toBe(retryable ? 3 : 1)
  })

  const moving = {
    'refunds.create': {
      rule: Refunds.rows.create?.money?.open,
      path: String(Refunds.rows.create?.path),
      call: () =>
        pay(0).refunds.create({
          out_trade_no: 'T20260310000001',
          out_refund_no: 'R1',
          amount: { refund: 1, total: 2, currency: 'CNY' }
        })
    },
    'transfers.create': {
      rule: Transfers.rows.create?.money?.open,
      path: String(Transfers.rows.create?.path),
      call: () =>
        pay(0).transfers.create({
          out_bill_no: 'B20260310000001',
          transfer_scene_id: '1005',
          openid: simulator.user('ming').openid(),
          transfer_amount: 100,
          transfer_remark: 'a',
          transfer_scene_report_infos: [
            { info_type: '岗位类型', info_content: '外卖员' },
            { info_type: '报酬说明', info_content: '高温补贴' }
          ]
        })
    }
  }
  it.each(Object.entries(moving))('%s: what leaves the money open', async (_, { rule, path, call }) => {
    const answers = [
      [400, 'PARAM_ERROR'],
      [403, 'NOT_ENOUGH'],
      [429, 'FREQUENCY_LIMITED'],
      [500, 'SYSTEM_ERROR']
    ] as const
    for (const [status, errcode] of answers) {
      const isOpen = rule === 'any' || status >= 500 || (status === 429 && (rule as string) === 'throttled')
      const { error } = await provoke(path, { errcode }, call)
      const code = isOpen ? 'ERR_UNKNOWN_RESULT' : 'ERR_WECHAT_PAY'
      expect({ errcode, code: (error as ApiError).code }, String(error)).toEqual({ errcode, code })
    }
  })
})

describe('Qiniu', () => {
  const qiniu = (more: object = {}) =>
    new Qiniu({ ...simulator.credentials.qiniu, ...options(), region: 'z0', ...more })
  const MIB = 1024 * 1024
  const streamOf = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]).stream() as ReadableStream<Uint8Array>
  const large = Buffer.alloc(MIB + 1, 'x')

  it.each(
    Object.keys(STATUSES)
      .map(Number)
      .filter((status) => status > 299)
  )('%i', async (status) => {
    const { kind, retryable, hint } = STATUSES[status] ?? expect.fail()
    const { error, attempts } = await provoke('/stat/', { errcode: status }, () => qiniu().objects.stat('a'))
    expect(error).toMatchObject({
      code: 'ERR_QINIU',
      status,
      upstreamCode: String(status),
      kind,
      retryable,
      hint,
      requestId: expect.any(String)
    })
    expect((error as ApiError).upstreamMessage).not.toBe('unknown error')
    expect(attempts).toBe(retryable ? 3 : 1)
  })

  it('298: an error for each operation that failed', async () => {
    simulator.qiniu.put('here', 'x')
    const results = await qiniu().objects.batch([
      { op: 'stat', object: 'here' },
      { op: 'stat', object: 'gone' }
    ])
    expect(results).toMatchObject([{ code: 200 }, { code: 612, error: { kind: STATUSES[612]?.kind } }])
    expect(STATUSES[298]).toBeDefined()
  })

  it('400 of another region names the host', async () => {
    simulator.qiniu.bucket(simulator.credentials.qiniu.bucket, { region: 'z2' })
    const error = await failureOf(() => qiniu().upload(Buffer.from('x'), { key: 'a' }))
    expect(error).toMatchObject({ status: 400, kind: 'config', hint: { en: expect.stringContaining('z2') } })
  })

  it('579: stored, and not uploaded again', async () => {
    const policy = { callbackUrl: 'https://app.example/callback', callbackBody: 'key=$(key)' }
    const error = await failureOf(() => qiniu().upload(Buffer.from('x'), { key: 'a', policy }))
    expect(error).toMatchObject({ status: 579, retryable: false })
    expect(simulator.qiniu.object('a')).toBeDefined()
    expect(simulator.log.find('up').filter(({ status }) => status === 579)).toHaveLength(1)
  })

  it('614 and 612 after a lost response count as done', async () => {
    simulator.fail('up.qiniup.com', 'reset', 1)
    simulator.fail('upload.qiniup.com', 'reset', 1)
    const bytes = Buffer.from('hello')
    const uploaded = await failureOf(() => qiniu().upload(bytes, { key: 'a', policy: { insertOnly: 1 } }))
    expect(uploaded).toEqual({ key: 'a', hash: objectHash(bytes) })
    simulator.fail('/copy/', 'reset')
    expect(await failureOf(() => qiniu().objects.copy({ from: 'a', to: 'b' }))).toBeUndefined()
    simulator.fail('/move/', 'reset')
    expect(await failureOf(() => qiniu().objects.move({ from: 'b', to: 'c' }))).toBeUndefined()
    simulator.fail('/delete/', 'reset')
    expect(await failureOf(() => qiniu().objects.delete('c'))).toBeUndefined()
    // Only after a lost response.
    expect(await failureOf(() => qiniu().objects.delete('c'))).toMatchObject({ status: 612 })
    expect(await failureOf(() => qiniu().objects.copy({ from: 'a', to: 'a' }))).toMatchObject({ status: 614 })
  })

  it.each(FORGOTTEN_UPLOAD)('%i: an upload that is not known any more begins anew', async (errcode) => {
    const resume = { store: memoryStore({ clock: simulator.clock.now }), id: 'job' }
    const upload = () => qiniu().upload(streamOf(large), { key: 'a', partSize: MIB, resume })
    simulator.fail(/PUT .*\/2$/, { errcode: 400 })
    expect(await failureOf(upload)).toMatchObject({ status: 400 })
    simulator.fail(/GET .*\/uploads\//, { errcode })
    expect(await failureOf(upload)).toMatchObject({ key: 'a' })
    const begun = simulator.log
      .find('/uploads')
      .filter(({ method, url }) => method === 'POST' && url.endsWith('/uploads'))
    expect(begun).toHaveLength(2)
  })

  it('701 and 612 come by themselves when the uploads expire', async () => {
    const resume = { store: memoryStore({ clock: simulator.clock.now }), id: 'job' }
    const upload = () => qiniu().upload(streamOf(large), { key: 'a', partSize: MIB, resume })
    simulator.fail(/PUT .*\/2$/, { errcode: 400 })
    await failureOf(upload)
    simulator.qiniu.expireUploads()
    expect(await failureOf(upload)).toMatchObject({ key: 'a' })
  })

  it('419 comes from a frozen account, 631 from a bucket that is not there', async () => {
    simulator.qiniu.freeze()
    expect(await failureOf(() => qiniu().objects.stat('a'))).toMatchObject({ status: 419 })
    simulator.qiniu.freeze(false)
    expect(await failureOf(() => qiniu({ bucket: 'nowhere' }).objects.stat('a'))).toMatchObject({ status: 631 })
  })
})

describe('Yunpian', () => {
  const yunpian = () => new Yunpian({ ...simulator.credentials.yunpian, ...options() })
  const codes = Object.keys(YUNPIAN_CODES).map(Number)

  it.each(codes)('%i', async (errcode) => {
    const { kind, retryable, hint } = YUNPIAN_CODES[errcode] ?? expect.fail()
    const read = await provoke('/v2/user/get.json', { errcode }, () => yunpian().user.get())
    expect(read.error).toMatchObject({
      code: 'ERR_YUNPIAN',
      upstreamCode: String(errcode),
      status: 400,
      kind,
      retryable,
      hint
    })
    // The words of Yunpian, not those for a code that the simulator does not know.
    expect((read.error as ApiError).upstreamMessage).not.toContain('未知错误')
    expect(read.attempts).toBe(retryable ? 3 : 1)
    const message = { mobile: '13800138000', text: '【店名】您的验证码是1234' }
    const send = await provoke('/v2/sms/single_send.json', { errcode }, () => yunpian().sms.singleSend(message))
    expect(send.error).toMatchObject({ upstreamCode: String(errcode) })
    expect(send.attempts).toBe(1)
  })
})

describe('Geetest', () => {
  const geetest = (more: object = {}) => new Geetest({ ...simulator.credentials.geetest, ...options(), ...more })

  it.each(Object.entries(REFUSED_CHALLENGES))('challenge %s', async (errcode, { kind, hint }) => {
    const { error, attempts } = await provoke('register.php', { errcode }, () => geetest().register({ session: 's' }))
    expect(error).toMatchObject({ code: 'ERR_GEETEST', upstreamCode: errcode, kind, hint })
    expect(attempts).toBe(1)
  })

  it('an unknown id, an outage and a refusal come by themselves', async () => {
    const stranger = geetest({ captchaId: 'f'.repeat(32) })
    expect(await failureOf(() => stranger.register({ session: 's' }))).toMatchObject({
      code: 'ERR_GEETEST',
      kind: 'config'
    })
    const { challenge } = await geetest().register({ session: 's' })
    simulator.geetest.setDown()
    expect(await failureOf(() => geetest().register({ session: 's' }))).toMatchObject({
      failback: { cause: { status: 503 } }
    })
    simulator.geetest.setDown(false)
    expect(challenge.success).toBe(1)
  })
})
