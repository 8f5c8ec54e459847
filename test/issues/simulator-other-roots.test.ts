import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { readSimulatorRequest } from '../../src/cli/simulator-options.ts'

// Two old clients send what xml2js builds without a root name. The setting that takes it was looked at, and the body refused all the same.

const order = (acceptOtherRoots: boolean) => orderOn(createSimulator({ paySettings: { acceptOtherRoots } }))

async function orderOn(simulator: Simulator, { root = 'root', ip = '203.0.113.7' } = {}): Promise<string> {
  const { appId, mchId, apiKey } = simulator.credentials.payV2
  const params: Record<string, string> = {
    appid: appId,
    body: 'Tea',
    mch_id: mchId,
    nonce_str: 'a',
    notify_url: 'https://shop.example.com/notify',
    out_trade_no: 'ROOT0001',
    spbill_create_ip: ip,
    total_fee: '1',
    trade_type: 'APP'
  }
  const text = Object.entries(params)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
  const sign = createHash('md5')
    .update(`${text.join('&')}&key=${apiKey}`)
    .digest('hex')
    .toUpperCase()
  const fields = Object.entries({ ...params, sign }).map(([name, value]) => `  <${name}>${value}</${name}>\n`)
  const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<${root}>\n${fields.join('')}</${root}>`
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

describe('an empty spbill_create_ip', () => {
  const WITHOUT_IP = { root: 'xml', ip: '' }

  it('is refused with the cause in the log, and taken where --config says so', async () => {
    const simulator = createSimulator()
    expect(await orderOn(simulator, WITHOUT_IP)).toContain('spbill_create_ip')
    expect(JSON.stringify(simulator.log.entries.at(-1))).toContain('acceptEmptyIp')
    const config = join(mkdtempSync(join(tmpdir(), 'weixin-kit-')), 'simulator.json')
    writeFileSync(config, '{ "paySettings": { "acceptEmptyIp": true, "acceptOtherRoots": true } }')
    const configured = () => createSimulator(readSimulatorRequest({ config }, 0).options)
    expect(await orderOn(configured(), WITHOUT_IP)).toContain('<prepay_id>')
    expect(await orderOn(configured())).toContain('<prepay_id>')
  })
})

describe('settings over the control interface', () => {
  it('are changed, and a wrong name or type gets a sentence', async () => {
    const simulator = createSimulator()
    const { url } = await simulator.listen({ control: true })
    const change = async (settings: unknown) => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify([settings])
      const response = await fetch(`${url}/-/pay/changeSettings`, { method: 'POST', headers, body })
      return { status: response.status, text: await response.text() }
    }
    try {
      expect(await change({ acceptOtherRoots: true, refundDelayMs: 0 })).toMatchObject({ status: 200 })
      expect(simulator.pay.settings).toMatchObject({ acceptOtherRoots: true, refundDelayMs: 0 })
      expect(await orderOn(simulator)).toContain('<prepay_id>')
      expect(await change({ acceptOtherRoot: true })).toMatchObject({
        status: 400,
        text: expect.stringContaining('acceptOtherRoots')
      })
      expect(await change({ acceptEmptyIp: 'yes' })).toMatchObject({
        status: 400,
        text: expect.stringContaining('must be true or false')
      })
    } finally {
      await simulator.close()
    }
  })
})
