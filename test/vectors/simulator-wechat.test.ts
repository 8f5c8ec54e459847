import { readFileSync } from 'node:fs'
import { createSimulator } from 'weixin-kit/simulator'
import { describe, expect, it } from 'vitest'
import { decryptGateway, encryptGateway, signGateway } from '../../src/simulator/crypto/gateway-crypto.ts'
import { encryptOpenData, signLoginState, signRawData } from '../../src/simulator/crypto/open-data.ts'
import { sha1 } from '../../src/simulator/wechat/api.ts'

interface Vector {
  readonly id: string
  readonly input: Readonly<Record<string, string | number | Record<string, unknown>>>
  readonly expected: Readonly<Record<string, string | number | boolean>>
}
const load = (name: string): Vector[] =>
  (JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as { vectors: Vector[] }).vectors
const text = (value: unknown) => String(value)

describe('gateway', () => {
  it.each(load('gateway-signature'))('signature: $id', ({ input, expected }) => {
    const encrypt = input.encrypt === undefined ? [] : [text(input.encrypt)]
    expect(signGateway(text(input.token), text(input.timestamp), text(input.nonce), ...encrypt)).toBe(expected.signature)
  })

  it.each(load('message-crypto'))('encryption: $id', ({ input, expected }) => {
    const key = text(input.encodingAESKey)
    const appId = text(input.appId)
    if (input.plaintext !== undefined) {
      const encrypted = encryptGateway(key, appId, text(input.plaintext), Buffer.from(text(input.random16), 'latin1'))
      expect(encrypted).toBe(expected.encrypt)
      expect(signGateway(text(input.token), text(input.timestamp), text(input.nonce), encrypted)).toBe(expected.msgSignature)
      expect(decryptGateway(key, appId, encrypted)).toBe(input.plaintext)
    } else if (expected.rejected === undefined) {
      expect(decryptGateway(key, appId, text(input.encrypt))).toBe(expected.plaintext)
    } else expect(decryptGateway(key, appId, text(input.encrypt))).toBeUndefined()
  })
})

describe('mini program', () => {
  it.each(load('miniapp-decrypt').filter(({ expected }) => expected.plaintext !== undefined))('open data: $id', ({ input, expected }) => {
    const encrypted = encryptOpenData(text(input.sessionKey), Buffer.from(text(input.iv), 'base64'), text(expected.plaintext))
    expect(encrypted).toBe(text(input.encryptedData).replace(/\s/g, ''))
  })

  it.each(load('miniapp-signature'))('signature: $id', ({ input, expected }) => {
    const made = input.kind === 'hmac' ? signLoginState(text(input.sessionKey), text(input.body)) : signRawData(text(input.rawData), text(input.sessionKey))
    expect(made).toBe(expected.signature)
  })
})

describe('JS-SDK', () => {
  it.each(load('jssdk-signature'))('signature: $id', ({ expected }) => {
    expect(sha1(text(expected.stringToSign))).toBe(expected.signature)
  })

  it('accepts a configuration that was signed with a live ticket only', async () => {
    const simulator = createSimulator()
    const { appId, appSecret } = simulator.credentials.officialAccount
    const json = async (path: string) => (await (await simulator.fetch(`https://api.weixin.qq.com${path}`)).json()) as Record<string, string>
    const { access_token } = await json(`/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
    const { ticket } = await json(`/cgi-bin/ticket/getticket?type=jsapi&access_token=${access_token}`)
    const url = 'https://shop.example.com/pay?id=1'
    const signature = sha1(`jsapi_ticket=${ticket}&noncestr=n&timestamp=1700000000&url=${url}`)
    const config = { appId, nonceStr: 'n', timestamp: 1700000000, signature }
    expect(simulator.wechat.checkJssdkConfig(config, `${url}#/top`)).toBe('config:ok')
    expect(simulator.wechat.checkJssdkConfig(config, `${url}&x=1`)).toBe('config:invalid signature')
    expect(simulator.wechat.checkJssdkConfig({ ...config, appId: 'wx1' }, url)).toBe('config:invalid appid')
  })
})
