import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { payV3RequestMessage, signPayV3 } from '../../../src/simulator/crypto/pay-v3.ts'

const URL_V2 = 'https://api.mch.weixin.qq.com/pay/unifiedorder'

describe('a signature of API v2 that does not fit', () => {
  const simulator = createSimulator({ seed: 'explain' })
  const { appId, mchId, apiKey } = simulator.credentials.payV2
  const fields: Record<string, string> = {
    appid: appId,
    attach: '',
    body: 'a tea & more',
    mch_id: mchId,
    nonce_str: 'nonce',
    out_trade_no: 'T00000001'
  }
  const joined = (all: Record<string, string>) =>
    Object.entries(all)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
  const { attach: _, ...filled } = fields
  const md5 = (text: string) => createHash('md5').update(text).digest('hex').toUpperCase()

  it.each([
    ['an empty value', md5(`${joined(fields)}&key=${apiKey}`), 'Empty values were signed'],
    ['the key without its name', md5(`${joined(filled)}${apiKey}`), 'appended without &key='],
    ['a line break after the key', md5(`${joined(filled)}&key=${apiKey}\n`), 'The key ends with a line break'],
    [
      'an encoded value',
      md5(`${joined({ ...filled, body: encodeURIComponent('a tea & more') })}&key=${apiKey}`),
      'The values were URL-encoded'
    ],
    ['lower case', md5(`${joined(filled)}&key=${apiKey}`).toLowerCase(), 'must be in upper case'],
    [
      'a field that was not signed',
      md5(`${joined({ ...filled, body: '' }).replace('body=&', '')}&key=${apiKey}`),
      'body is sent but'
    ],
    ['anything else', 'F'.repeat(32), undefined]
  ])('%s', async (_name, sign, sentence) => {
    const xml = Object.entries({ ...fields, sign }).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    await simulator.fetch(URL_V2, { method: 'POST', body: `<xml>${xml.join('')}</xml>` })
    const { signature } = simulator.log.entries.at(-1) ?? {}
    expect(signature?.expectedText).toBe(`${joined(filled)}&key=…`)
    expect(JSON.stringify(signature)).not.toContain(apiKey)
    if (sentence === undefined) expect(signature?.mistake).toBeUndefined()
    else expect(signature?.mistake?.en).toContain(sentence)
  })
})

describe('a signature of API v3 that does not fit', () => {
  const simulator = createSimulator({ seed: 'explain' })
  const { mchId, certSerial } = simulator.credentials.payV3
  const target = '/v3/pay/transactions/jsapi?a=b'
  const body = '{"description":"茶/tea","out_trade_no":"T1"}'
  const time = String(Math.floor(simulator.clock.now() / 1000))
  const { privateKey } = simulator.keys.merchant(mchId)
  const message = (parts: { method?: string; target?: string; time?: string; nonce?: string; body?: string } = {}) =>
    payV3RequestMessage(
      parts.method ?? 'POST',
      parts.target ?? target,
      parts.time ?? time,
      parts.nonce ?? 'nonce',
      parts.body ?? body
    )
  it.each([
    ['no last line break', message().subarray(0, -1), 'line break after the last line'],
    ['no query', message({ target: '/v3/pay/transactions/jsapi' }), 'query of the URL'],
    ['the whole URL', message({ target: `https://api.mch.weixin.qq.com${target}` }), 'whole URL'],
    ['another method', message({ method: 'GET' }), 'Another method'],
    ['milliseconds', message({ time: `${time}000` }), 'Milliseconds'],
    ['nonce and time swapped', message({ time: 'nonce', nonce: time }), 'swapped'],
    ['no body', message({ body: '' }), 'body was not signed'],
    ['escaped slashes', message({ body: body.replace('/', '\\/') }), 'signed with \\/'],
    ['spaces in its JSON', message({ body: '{"description": "茶/tea", "out_trade_no": "T1"}' }), 'spaces in its JSON']
  ])('%s', async (_name, signed, sentence) => {
    const signature = signPayV3(signed, privateKey)
    const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="nonce",signature="${signature}",timestamp="${time}",serial_no="${certSerial}"`
    const headers = {
      authorization,
      accept: 'application/json',
      'user-agent': 'test',
      'content-type': 'application/json'
    }
    await simulator.fetch(`https://api.mch.weixin.qq.com${target}`, { method: 'POST', headers, body })
    const finding = simulator.log.entries.at(-1)?.signature
    expect(finding?.expectedText).toBe(message().toString())
    expect(finding?.mistake?.en).toContain(sentence)
  })
})
