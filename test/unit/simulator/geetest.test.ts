import { createHash, createHmac } from 'node:crypto'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const make = (options: Parameters<typeof createSimulator>[0] = {}) =>
  createSimulator({ clock: new SimulatorClock({ startAt: Date.UTC(2025, 0, 1) }), seed: 'geetest', ...options })
type Sim = ReturnType<typeof make>

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

async function register(sim: Sim, digestmod = 'md5'): Promise<string> {
  const { captchaId, privateKey } = sim.credentials.geetest
  const url = `https://api.geetest.com/register.php?gt=${captchaId}&json_format=1&digestmod=${digestmod}&sdk=test`
  const { challenge } = (await (await sim.fetch(url)).json()) as { challenge: string }
  if (digestmod === 'hmac-sha256') return createHmac('sha256', privateKey).update(challenge).digest('hex')
  return createHash(digestmod)
    .update(challenge + privateKey)
    .digest('hex')
}

async function validate(sim: Sim, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ captchaid: sim.credentials.geetest.captchaId, json_format: '1', ...fields })
  const response = await sim.fetch('https://api.geetest.com/validate.php', { method: 'POST', body })
  return ((await response.json()) as { seccode: string }).seccode
}

describe('a captcha', () => {
  it.each(['md5', 'sha256', 'hmac-sha256'])('is solved and validated once (%s)', async (digest) => {
    const sim = make()
    const challenge = await register(sim, digest)
    const solved = sim.user('li').solveCaptcha(challenge)
    expect(solved.geetest_challenge).toHaveLength(challenge.length + 2)
    expect(solved.geetest_validate).toBe(md5(`${sim.credentials.geetest.privateKey}geetest${solved.geetest_challenge}`))
    const fields = { seccode: solved.geetest_seccode, challenge: solved.geetest_challenge }
    expect(await validate(sim, fields)).toBe(md5(solved.geetest_seccode))
    expect(await validate(sim, fields)).toBe('false')
  })

  it('is refused when it was not solved, and is used up then', async () => {
    const sim = make()
    const challenge = await register(sim)
    const wrong = sim.geetest.solve(challenge, { wrong: true })
    const right = sim.geetest.solve(challenge)
    expect(await validate(sim, { seccode: wrong.geetest_seccode, challenge: wrong.geetest_challenge })).toBe('false')
    expect(await validate(sim, { seccode: right.geetest_seccode, challenge: right.geetest_challenge })).toBe('false')
  })

  it('is refused with the seccode of another, of another account, or too late', async () => {
    const sim = make({ accounts: { geetest: [{}, {}] } })
    const one = sim.geetest.solve(await register(sim))
    const two = sim.geetest.solve(await register(sim))
    expect(await validate(sim, { seccode: one.geetest_seccode, challenge: two.geetest_challenge })).toBe('false')
    const other = sim.context.accounts.geetest[1]?.captchaId ?? ''
    const fields = { seccode: two.geetest_seccode, challenge: two.geetest_challenge }
    expect(await validate(sim, { ...fields, captchaid: other })).toBe('false')
    expect(await validate(sim, fields)).toBe(md5(two.geetest_seccode))
    const late = sim.geetest.solve(await register(sim))
    await sim.clock.advance(600_000)
    expect(await validate(sim, { seccode: late.geetest_seccode, challenge: late.geetest_challenge })).toBe('false')
  })

  it('takes the fields of SDK 3.0', async () => {
    const sim = make()
    const { geetest_seccode: seccode } = sim.geetest.solve(await register(sim))
    const body = new URLSearchParams({ gt: sim.credentials.geetest.captchaId, seccode })
    const response = await sim.fetch('https://api.geetest.com/validate.php', { method: 'POST', body })
    expect(await response.text()).toBe(md5(seccode))
  })
})

describe('an outage', () => {
  it('fails registering and says so in the bypass status', async () => {
    const sim = make()
    const { captchaId } = sim.credentials.geetest
    const status = async () =>
      (await sim.fetch(`https://bypass.geetest.com/v1/bypass_status.php?gt=${captchaId}`)).json()
    expect(await status()).toEqual({ status: 'success' })
    sim.geetest.setDown()
    expect(await status()).toEqual({ status: 'fail' })
    const answer = await sim.fetch(`https://api.geetest.com/register.php?gt=${captchaId}&json_format=1`)
    expect(answer.status).toBe(503)
    sim.geetest.setDown(false)
    expect(await register(sim)).toHaveLength(32)
  })

  it('is injected, and solved offline by the page', async () => {
    const sim = make()
    const { captchaId } = sim.credentials.geetest
    const url = `https://api.geetest.com/register.php?gt=${captchaId}&json_format=1`
    sim.fail('register.php', { status: 500 })
    expect((await sim.fetch(url)).status).toBe(500)
    sim.fail('register.php', 'reset')
    await expect(sim.fetch(url)).rejects.toThrow('fetch failed')
    sim.fail('validate.php', { errcode: 'down' })
    expect(await validate(sim, { seccode: 'x' })).toBe('false')
    expect(sim.geetest.solve('abc')).toEqual({
      geetest_challenge: 'abc',
      geetest_validate: md5('abc'),
      geetest_seccode: `${md5('abc')}|jordan`
    })
    expect(sim.geetest.solve('abc', { offline: '3.1' }).geetest_validate).toBe('abc')
  })

  it('knows no other account', async () => {
    const answer = await make().fetch('https://api.geetest.com/register.php?gt=other&json_format=1')
    expect(await answer.json()).toEqual({ challenge: '0' })
  })
})

it('keeps captchas across a restart', async () => {
  const sim = make()
  const solved = sim.geetest.solve(await register(sim))
  const again = make()
  again.restore(JSON.parse(JSON.stringify(sim.snapshot())) as ReturnType<typeof sim.snapshot>)
  const fields = { seccode: solved.geetest_seccode, challenge: solved.geetest_challenge }
  expect(await validate(again, fields)).toBe(md5(solved.geetest_seccode))
})

it('gives pages a script that reaches the loopback server', async () => {
  const sim = make()
  const server = await sim.listen()
  const script = await (await fetch(`${server.baseUrl('static.geetest.com')}/static/tools/gt.js`)).text()
  expect(script).toContain(`"${server.baseUrl('api.geetest.com')}"`)
  expect(() => new Script(script)).not.toThrow()
  const challenge = await register(sim)
  const solved = await fetch(`${server.baseUrl('api.geetest.com')}/simulator/solve?challenge=${challenge}`)
  const { geetest_seccode: seccode } = (await solved.json()) as { geetest_seccode: string }
  expect(await validate(sim, { seccode })).toBe(md5(seccode))
  await sim.close()
})
