import { describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

const PATH = '/wxa/getuserriskrank'

function setUp(change?: (response: Response) => Promise<Response> | Response) {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: Date.UTC(2026, 2, 1) }) })
  simulator.wechat.requireApiSecurity([PATH])
  const sent: string[] = []
  const { nextPlatformCertificates, ...apiSecurity } = simulator.credentials.apiSecurity
  const options = {
    ...simulator.credentials.miniProgram,
    ...simulator.clientOptions,
    maxRetries: 0,
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      sent.push(String(init?.body))
      const response = await simulator.fetch(input, init)
      return change && String(input).includes(PATH) ? change(response) : response
    }
  }
  const mini = new MiniProgram({ ...options, apiSecurity })
  const plain = new MiniProgram(options)
  const openid = simulator.user('ming').openid('miniProgram')
  const rank = (client = mini) => client.security.riskRank({ openid, scene: 0, client_ip: '203.0.113.7' })
  return { simulator, options, apiSecurity, nextPlatformCertificates, mini, plain, openid, rank, sent }
}

describe('API security mode', () => {
  it('encrypts and signs the call, verifies and decrypts the response', async () => {
    const { rank, plain, sent } = setUp()
    expect(await rank()).toMatchObject({ risk_rank: 0 })
    expect(Object.keys(JSON.parse(sent.at(-1) ?? ''))).toEqual(['iv', 'data', 'authtag'])
    await expect(rank(plain)).rejects.toThrow(expect.objectContaining({ errcode: 40230 }))
  })

  it('shows a refusal behind the decryption like any other', async () => {
    const { mini } = setUp()
    await expect(mini.security.riskRank({ openid: 'o-nobody', scene: 0, client_ip: '203.0.113.7' })).rejects.toThrow(
      expect.objectContaining({ errcode: 40003 })
    )
  })

  it('replaces a refused token and encrypts anew', async () => {
    const { simulator, rank } = setUp()
    await rank()
    simulator.wechat.invalidateTokens('miniProgram')
    expect(await rank()).toMatchObject({ risk_rank: 0 })
  })

  it('goes through a change of the platform certificate', async () => {
    const { simulator, rank, options, apiSecurity, nextPlatformCertificates } = setUp()
    simulator.wechat.rotateApiSecurity({ overlap: true })
    expect(await rank()).toMatchObject({ risk_rank: 0 })
    simulator.wechat.rotateApiSecurity({ overlap: false })
    await expect(rank()).rejects.toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_UNKNOWN_SERIAL' }))
    const both = { ...apiSecurity.platformCertificates, ...nextPlatformCertificates }
    const next = new MiniProgram({ ...options, apiSecurity: { ...apiSecurity, platformCertificates: both } })
    await expect(rank(next)).rejects.toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_UNKNOWN_SERIAL' }))
  })

  const rebuild = async (response: Response, headers: Record<string, string | null>, body?: string) => {
    const changed = new Headers(response.headers)
    for (const [name, value] of Object.entries(headers))
      value === null ? changed.delete(name) : changed.set(name, value)
    return new Response(body ?? (await response.text()), { headers: changed })
  }

  it.each<[string, string, (response: Response) => Promise<Response> | Response]>([
    ['an unsigned success', 'ERR_SIGNATURE_MISSING', () => Response.json({ errcode: 0, risk_rank: 0 })],
    ['no timestamp', 'ERR_SIGNATURE_MISSING', (r) => rebuild(r, { 'wechatmp-timestamp': null })],
    ['an old timestamp', 'ERR_SIGNATURE_EXPIRED', (r) => rebuild(r, { 'wechatmp-timestamp': '1700000000' })],
    [
      'a timestamp in another form',
      'ERR_SIGNATURE_EXPIRED',
      (r) => rebuild(r, { 'wechatmp-timestamp': `0${r.headers.get('wechatmp-timestamp')}` })
    ],
    ['another appid', 'ERR_DECRYPT_APPID', (r) => rebuild(r, { 'wechatmp-appid': 'wx0000000000000000' })],
    ['an unknown serial', 'ERR_SIGNATURE_UNKNOWN_SERIAL', (r) => rebuild(r, { 'wechatmp-serial': 'ff' })],
    ['another signature', 'ERR_SIGNATURE_MISMATCH', (r) => rebuild(r, { 'wechatmp-signature': 'AAAA' })],
    [
      'a changed body',
      'ERR_SIGNATURE_MISMATCH',
      async (r) => rebuild(r, {}, (await r.text()).replace('"data":"', '"data":"A'))
    ]
  ])('refuses %s', async (_, code, change) => {
    const { rank } = setUp(change)
    await expect(rank()).rejects.toThrow(expect.objectContaining({ code }))
  })

  it('names the option that is wrong', () => {
    const { options, apiSecurity } = setUp()
    const make = (more: object) => () => new MiniProgram({ ...options, apiSecurity: { ...apiSecurity, ...more } })
    const option = (name: string) =>
      expect.objectContaining({ code: 'ERR_CONFIG', option: expect.stringContaining(name) })
    expect(make({ symmetricKey: { sn: 'a', key: 'AAAA' } })).toThrow(option('symmetricKey.key'))
    expect(make({ privateKey: 'no PEM' })).toThrow(option('privateKey'))
    expect(make({ platformCertificates: {} })).toThrow(option('platformCertificates'))
    expect(make({ platformCertificates: { a: apiSecurity.privateKey } })).toThrow(option('platformCertificates.a'))
    expect(make({ paths: ['no-slash'] })).toThrow(option('paths'))
    expect(JSON.stringify(make({})())).not.toContain(apiSecurity.symmetricKey.key)
  })
})
