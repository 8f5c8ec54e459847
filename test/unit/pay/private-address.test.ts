import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { BASE_OPTIONS } from '../../support/pay-v3.ts'

const V2 = { appId: 'wx8888888888888888', mchId: '1900000109', apiKey: '192006250b4c09247ec02edce69f6a2d' }

beforeEach(() => vi.stubEnv('WEIXIN_SIMULATOR', ''))
afterEach(() => vi.unstubAllEnvs())

/** What a client warns of when it is made. */
function warnings(options: object): string[] {
  const lines: string[] = []
  new WeChatPay({ ...BASE_OPTIONS, ...options, logger: { warn: (line) => lines.push(line) } })
  return lines
}

describe('a notification address that WeChat Pay cannot reach', () => {
  it.each([
    'http://localhost:3000/n',
    'http://127.0.0.1:3000/n',
    'http://[::1]:3000/n',
    'https://10.1.2.3/n',
    'https://172.16.0.1/n',
    'https://172.31.255.1/n',
    'https://192.168.1.5/n',
    'https://169.254.1.1/n',
    'https://[fd00::1]/n',
    'https://shop.local/n',
    'https://pay.internal/n',
    'http://localhost./n',
    'http://app:3000/n',
    'https://100.64.0.1/n',
    'http://[::]/n',
    'http://[fe80::1]/n'
  ])('%s is warned of', (notifyUrl) => {
    expect(warnings({ notifyUrl })).toEqual([expect.stringMatching(/^notifyUrl is http.*cannot reach/)])
  })

  it.each([
    'https://shop.example.com/n',
    'https://10.example.com/n',
    'https://172.32.0.1/n',
    'https://172.15.0.1/n',
    'https://192.169.1.5/n',
    'https://8.8.8.8/n',
    'https://100.128.0.1/n',
    'https://100.63.0.1/n',
    'https://shop.example.com./n',
    'http://127.0.0.1.nip.io/n',
    'https://local.example.com/n',
    'https://[2001:db8::1]/n'
  ])('%s is not', (notifyUrl) => {
    expect(warnings({ notifyUrl })).toEqual([])
  })

  it('is in order where the platform is a simulator or a mock', () => {
    const notifyUrl = 'http://localhost:3000/n'
    expect(warnings({ notifyUrl, simulator: 'http://127.0.0.1:8080' })).toEqual([])
    expect(warnings({ notifyUrl, baseUrl: 'http://127.0.0.1:8080/api.mch.weixin.qq.com' })).toEqual([])
    expect(warnings({ notifyUrl, fetch: async () => new Response() })).toEqual([])
    vi.stubEnv('WEIXIN_SIMULATOR', 'http://127.0.0.1:8080')
    expect(warnings({ notifyUrl })).toEqual([])
  })

  it('of refunds, in API v2, and through a logger that throws', () => {
    const lines: string[] = []
    new WeChatPayV2({ ...V2, refundNotifyUrl: 'http://localhost/r', logger: { warn: (line) => lines.push(line) } })
    expect(lines).toEqual([expect.stringMatching(/^refundNotifyUrl is http:\/\/localhost,/)])
    const throws = () => {
      throw new Error('full')
    }
    expect(() => new WeChatPayV2({ ...V2, notifyUrl: 'http://localhost/n', logger: { warn: throws } })).not.toThrow()
  })

  it('goes to the console without a logger', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    new WeChatPayV2({ ...V2, notifyUrl: 'http://localhost:4999/n' })
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('http://localhost:4999'))
    warn.mockRestore()
  })
})
