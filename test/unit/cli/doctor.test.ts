import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { diagnose } from '../../../src/cli/doctor.ts'
import type { Environment, Finding } from '../../../src/cli/doctor-finding.ts'
import { examineClock } from '../../../src/cli/doctor-online.ts'
import { run } from '../../../src/cli/run.ts'
import { simulatorEnv } from '../../../src/cli/simulator-env.ts'

const simulator = createSimulator()
const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-doctor-'))
let environment: Record<string, string>
const now = () => Date.now()

beforeAll(async () => {
  const parsed = parseEnv(simulatorEnv(simulator, await simulator.listen()))
  environment = Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [name, (value ?? '').replaceAll('\\n', '\n')])
  )
})
afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

async function findings(changes: Environment = {}, isOnline = false): Promise<Finding[]> {
  const all: Finding[] = []
  const online = { fetch: globalThis.fetch, now, signal: new AbortController().signal }
  for await (const one of diagnose({ ...environment, ...changes }, isOnline ? { online, now } : { now })) all.push(one)
  return all
}
const errors = (all: Finding[]) => all.filter(({ level }) => level === 'error')

describe('weixin-kit doctor', () => {
  it('finds nothing wrong with the accounts of the simulator', async () => {
    const all = await findings()
    expect(errors(all)).toEqual([])
    const fine = all.filter(({ level }) => level === 'ok').map(({ area }) => area)
    expect(fine).toEqual(
      expect.arrayContaining([
        'Official Account',
        'Message gateway',
        'Mini Program',
        'WeChat Pay v2',
        'WeChat Pay v3',
        'Qiniu',
        'Yunpian',
        'Geetest'
      ])
    )
    expect(all.find(({ area }) => area === 'Online')).toBeDefined()
    expect(all.filter(({ text }) => text.includes('merchant certificate'))).toHaveLength(2)
  })

  it('says what is not configured', async () => {
    const all: Finding[] = []
    for await (const one of diagnose({}, { now })) all.push(one)
    expect(errors(all).map(({ area }) => area)).toEqual(['Accounts'])
    expect(all.filter(({ text }) => text.startsWith('not configured'))).toHaveLength(9)
  })

  it.each<[string, Environment, RegExp]>([
    ['a missing variable', { WEIXIN_PAY_MCH_ID: '' }, /WEIXIN_PAY_MCH_ID.* missing/],
    ['a short APIv3 key', { WEIXIN_PAY_API_V3_KEY: 'x'.repeat(16) }, /^WEIXIN_PAY_API_V3_KEY: .*16 bytes/],
    ['a key that is no key', { WEIXIN_PAY_PRIVATE_KEY: 'apiclient_key.pem' }, /^WEIXIN_PAY_PRIVATE_KEY: .*path/],
    [
      'a serial that does not fit',
      { WEIXIN_PAY_CERT_SERIAL: 'ABCDEF0123456789' },
      /^WEIXIN_PAY_CERT_SERIAL: .*not that/
    ],
    ['a decimal serial', { WEIXIN_PAY_CERT_SERIAL: '4'.repeat(48) }, /decimal/],
    ['a public key without id', { WEIXIN_PAY_PUBLIC_KEY_ID: '' }, /^WEIXIN_PAY_PUBLIC_KEY: .*go together/],
    ['a p12 that is none', { WEIXIN_PAY_P12_BASE64: 'AAAA' }, /^WEIXIN_PAY_P12_BASE64: /],
    ['an AES key cut short', { WEIXIN_GATEWAY_AES_KEY: 'x'.repeat(42) }, /^WEIXIN_GATEWAY_AES_KEY: /],
    [
      'a file that is not there',
      { WEIXIN_PAY_CERT: '', WEIXIN_PAY_CERT_FILE: '/nowhere/x.pem' },
      /WEIXIN_PAY_CERT_FILE.*cannot be read/
    ],
    ['checks of TLS switched off', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /NODE_TLS_REJECT_UNAUTHORIZED/],
    ['authorities that are not there', { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }, /NODE_EXTRA_CA_CERTS/],
    ['an address that is none', { WEIXIN_BASE_URL: 'api' }, /WEIXIN_BASE_URL is not an absolute URL|baseUrl/]
  ])('%s', async (_, changes, expected) => {
    expect(errors(await findings(changes)).map(({ text }) => text)).toContainEqual(expect.stringMatching(expected))
  })

  it.each<[string, () => Environment, RegExp]>([
    ['one key for v2 and v3', () => ({ WEIXIN_PAY_API_KEY: environment.WEIXIN_PAY_API_V3_KEY }), /are the same/],
    ['one appid for two accounts', () => ({ WEIXIN_MINIAPP_APP_ID: environment.WEIXIN_MP_APP_ID }), /are the same/],
    [
      'one secret for two accounts',
      () => ({ WEIXIN_MINIAPP_APP_SECRET: environment.WEIXIN_MP_APP_SECRET }),
      /are the same/
    ],
    ['a base address', () => ({}), /not to the real service/],
    ['a proxy that is not used', () => ({ HTTPS_PROXY: 'http://user:secret@proxy' }), /HTTPS_PROXY/]
  ])('warns of %s', async (_, changes, expected) => {
    const warnings = (await findings(changes())).filter(({ level }) => level === 'warning')
    expect(warnings.map(({ text }) => text)).toContainEqual(expect.stringMatching(expected))
  })

  it('takes every variable as a file', async () => {
    const file = join(folder, 'apiclient_key.pem')
    writeFileSync(file, environment.WEIXIN_PAY_PRIVATE_KEY ?? '')
    const p12 = join(folder, 'apiclient_cert.p12')
    writeFileSync(p12, Buffer.from(environment.WEIXIN_PAY_P12_BASE64 ?? '', 'base64'))
    const changes = {
      WEIXIN_PAY_PRIVATE_KEY: '',
      WEIXIN_PAY_PRIVATE_KEY_FILE: file,
      WEIXIN_PAY_P12_BASE64: '',
      WEIXIN_PAY_P12_BASE64_FILE: p12
    }
    expect(errors(await findings(changes))).toEqual([])
  })

  it('prints no value of a secret, right or wrong', async () => {
    const secrets = Object.entries(environment).filter(
      ([name]) => /SECRET|KEY$|TOKEN|P12|PRIVATE/.test(name) && !/PUBLIC|ACCESS/.test(name)
    )
    expect(secrets.length).toBeGreaterThan(8)
    const broken = Object.fromEntries(secrets.map(([name, value]) => [name, `${value.slice(0, -3)}!?\n`]))
    const shown = JSON.stringify([...(await findings()), ...(await findings(broken))])
    for (const [, value] of secrets) expect(shown).not.toContain(value.slice(10, 30))
  })

  it('online: every account makes one call', async () => {
    const all = await findings({}, true)
    expect(errors(all)).toEqual([])
    for (const area of ['Official Account', 'Mini Program', 'WeChat Pay v2', 'WeChat Pay v3', 'Clock']) {
      expect(all.filter((one) => one.area === area).at(-1)).toMatchObject({ level: 'ok' })
    }
  })

  it('online: what the platform refuses is told with what to do', async () => {
    const wrong = await findings({ WEIXIN_MP_APP_SECRET: '0'.repeat(32), WEIXIN_PAY_API_KEY: 'A'.repeat(32) }, true)
    const texts = errors(wrong).map(({ area, text }) => `${area} ${text}`)
    expect(texts).toContainEqual(expect.stringMatching(/^Official Account ERR_WECHAT_API/))
    expect(texts).toContainEqual(expect.stringMatching(/^WeChat Pay v2 ERR_/))
  })

  it.each([
    [0, 'ok'],
    [-29, 'ok'],
    [60, 'warning'],
    [-400, 'error']
  ])('a clock that is %i s off is %s', async (seconds, level) => {
    const at = Date.UTC(2026, 2, 1)
    const fetch = async () => new Response(null, { headers: { date: new Date(at).toUTCString() } })
    const finding = await examineClock('https://api.mch.weixin.qq.com/', {
      fetch,
      now: () => at + seconds * 1000,
      signal: new AbortController().signal
    })
    expect(finding.level).toBe(level)
  })

  it('a server that cannot be reached is an error', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'))
    const finding = await examineClock('https://api.mch.weixin.qq.com/', {
      fetch,
      now,
      signal: new AbortController().signal
    })
    expect(finding).toMatchObject({ level: 'error', text: expect.stringContaining('cannot be reached') })
  })

  it('is a command with an exit code', async () => {
    const good = join(folder, 'good.env')
    const bad = join(folder, 'bad.env')
    const quote = (value: string) => `"${value.replaceAll('\n', '\\n')}"`
    const lines = (values: Record<string, string>) =>
      Object.entries(values)
        .map(([name, value]) => `${name}=${quote(value)}`)
        .join('\n')
    writeFileSync(good, lines(environment))
    writeFileSync(bad, lines({ ...environment, WEIXIN_PAY_API_V3_KEY: 'short' }))
    const call = async (...args: string[]) => {
      const parts: string[] = []
      const io = {
        out: (part: string) => void parts.push(part),
        error: (part: string) => void parts.push(part),
        isColored: false,
        signal: new AbortController().signal
      }
      const code = await run(['doctor', ...args], io)
      return { code, text: parts.join('') }
    }
    expect(await call('--env', good)).toMatchObject({ code: 0, text: expect.stringContaining('0 errors') })
    expect(await call('--env', bad)).toMatchObject({
      code: 1,
      text: expect.stringContaining('WEIXIN_PAY_API_V3_KEY')
    })
    expect(await call('--env', '/nowhere')).toMatchObject({ code: 2 })
    expect(await call('--help')).toMatchObject({ code: 0, text: expect.stringContaining('--online') })
  })

  it('fails when nothing was there to check, or what is required is not', async () => {
    const empty = join(folder, 'empty.env')
    writeFileSync(empty, 'A=1\n')
    const output: string[] = []
    const io = {
      out: (text: string) => void output.push(text),
      error: (text: string) => void output.push(text),
      isColored: false,
      signal: new AbortController().signal
    }
    expect(await run(['doctor', '--env', empty, '--json'], io)).toBe(1)
    const lines = output
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding)
    expect(lines.at(-2)).toMatchObject({
      level: 'error',
      area: 'Accounts',
      text: expect.stringContaining('nothing was checked')
    })
    const all: Finding[] = []
    for await (const one of diagnose({ YUNPIAN_API_KEY: 'a'.repeat(32) }, { now, require: ['geetest'] })) all.push(one)
    expect(errors(all)).toMatchObject([
      { area: 'Geetest', text: expect.stringContaining('required, but not configured') }
    ])
    expect(await run(['doctor', '--require', 'wechat'], io)).toBe(2)
    expect(output.at(-1)).toContain('there is no account "wechat"')
  })

  it('reads a file with a byte order mark', async () => {
    const file = join(folder, 'bom.env')
    writeFileSync(file, '\uFEFFYUNPIAN_API_KEY=x\n')
    const output: string[] = []
    const io = {
      out: (text: string) => void output.push(text),
      error: () => undefined,
      isColored: false,
      signal: new AbortController().signal
    }
    await run(['doctor', '--env', file], io)
    expect(output.join('')).not.toContain('Yunpian: not configured')
  })

  it('has a version', async () => {
    const output: string[] = []
    const io = {
      out: (text: string) => void output.push(text),
      error: () => undefined,
      isColored: false,
      signal: new AbortController().signal
    }
    expect(await run(['--version'], io)).toBe(0)
    expect(output.join('')).toMatch(/^\d+\.\d+\.\d+/)
  })
})
