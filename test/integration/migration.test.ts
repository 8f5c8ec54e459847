import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

const root = fileURLToPath(new URL('../..', import.meta.url))
type Handler = (request: Request) => Promise<Response>
interface Migrated {
  createOrder(outTradeNo: string, openid: string): Promise<object>
  queryOrder(outTradeNo: string): Promise<{ trade_state: string }>
  refund(outTradeNo: string, outRefundNo: string): Promise<object>
  queryRefund(outRefundNo: string): Promise<object>
  closeOrder(outTradeNo: string): Promise<unknown>
  notify: Handler
}

/** The code under "After" of a page, as it is. */
function codeOf(page: string): string {
  return /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(root, 'docs', page), 'utf8'))?.[1] ?? ''
}

async function load(page: string): Promise<Migrated> {
  const folder = join(root, '.tmp/migration')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${page.replace(/\W/g, '-')}.ts`)
  writeFileSync(file, codeOf(page))
  return (await import(file)) as Migrated
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

describe.each(['migrate-hand-written.md'])('%s', (page) => {
  it('has the same code in both languages', () => {
    expect(codeOf(`zh/${page}`)).toBe(codeOf(`en/${page}`))
    expect(codeOf(`en/${page}`)).not.toBe('')
  })

  it('runs on the simulator: order, payment, notification, query, refund, close', async () => {
    const simulator = createSimulator()
    const { officialAccount, payV2 } = simulator.credentials
    vi.stubEnv('WEIXIN_MP_APP_ID', officialAccount.appId)
    vi.stubEnv('WEIXIN_PAY_MCH_ID', payV2.mchId)
    vi.stubEnv('WEIXIN_PAY_API_KEY', payV2.apiKey)
    vi.stubEnv('WEIXIN_PAY_P12_BASE64', payV2.clientCert.pfx.toString('base64'))
    vi.stubGlobal('fetch', simulator.fetch)
    const booked = vi.spyOn(console, 'log').mockImplementation(() => {})
    const shop = await load(`en/${page}`)
    simulator.deliveries.target('pay', shop.notify)
    const user = simulator.user('ming')

    const { delivery } = await user.pay(await shop.createOrder('M00001', user.openid()))
    expect(delivery?.state).toBe('delivered')
    expect(booked).toHaveBeenCalledWith('M00001', expect.any(String))
    expect(await shop.queryOrder('M00001')).toMatchObject({ trade_state: 'SUCCESS' })
    await shop.refund('M00001', 'R00001')
    expect(await shop.queryRefund('R00001')).toMatchObject({ refunds: [{ refund_fee: 990 }] })
    await shop.createOrder('M00002', user.openid())
    await simulator.clock.advance(300_000)
    await shop.closeOrder('M00002')
    expect(simulator.pay.order('M00002')?.state).toBe('CLOSED')
    await simulator.close()
  })
})
