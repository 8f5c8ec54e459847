import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

// Two old clients send what xml2js builds without a root name. The setting that takes it was looked at, and the body refused all the same.

async function order(acceptOtherRoots: boolean): Promise<string> {
  const simulator = createSimulator({ paySettings: { acceptOtherRoots } })
  const { appId, mchId, apiKey } = simulator.credentials.payV2
  const params: Record<string, string> = {
    appid: appId,
    body: 'Tea',
    mch_id: mchId,
    nonce_str: 'a',
    notify_url: 'https://shop.example.com/notify',
    out_trade_no: 'ROOT0001',
    spbill_create_ip: '203.0.113.7',
    total_fee: '1',
    trade_type: 'APP'
  }
  const text = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  const sign = createHash('md5')
    .update(`${text.join('&')}&key=${apiKey}`)
    .digest('hex')
    .toUpperCase()
  const fields = Object.entries({ ...params, sign }).map(([name, value]) => `  <${name}>${value}</${name}>\n`)
  const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<root>\n${fields.join('')}</root>`
  const response = await simulator.fetch('https://api.mch.weixin.qq.com/pay/unifiedorder', { method: 'POST', body })
  return response.text()
}

describe('a v2 body under <root>', () => {
  it('is refused as the platform does since 2020', async () => {
    expect(await order(false)).toContain('mch_id参数格式错误')
  })

  it('is taken where the setting says so, from the start', async () => {
    expect(await order(true)).toContain('<prepay_id>')
  })

  it('names a setting that does not exist', () => {
    expect(() => createSimulator({ paySettings: { acceptOtherRoot: true } as object })).toThrow('acceptOtherRoots')
  })
})
