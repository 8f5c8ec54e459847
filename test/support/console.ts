import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { build } from 'rolldown'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type SimulatorOptions } from 'weixin-kit/simulator'
import { canOpenBrowser, openBrowser } from '../../examples/shared/test/chromium.ts'
import { consoleBundle } from '../../scripts/support/console-bundle.ts'

/** An application in this process, a simulator that it uses, and the console of that simulator. */
async function openConsole(browser: Browser, options: SimulatorOptions = {}) {
  let answer: (request: Request) => Promise<Response> | Response = () => new Response(null, { status: 204 })
  const simulator = createSimulator({
    seed: 'console',
    deliver: {
      gateway: (request) => gateway.handler()(request),
      default: async (request: Request) => await answer(request)
    },
    ...options
  })
  const { credentials, clientOptions } = simulator
  const gateway = new MessageGateway(credentials.gateway)
  gateway.on('text', ({ Content }) => `You said: ${Content}`)
  gateway.on('event', ({ Event }) => (Event === 'subscribe' ? 'Welcome!' : undefined))
  const ming = simulator.user({ id: 'ming', nickname: 'Ming', phone: '13800138000' })
  const server = await simulator.listen({ control: true })
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1500, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write']
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.setDefaultTimeout(5_000)
  await page.goto(server.url)
  await page.getByRole('tab', { name: 'Chat' }).waitFor()
  const money = { ...credentials.payV3, ...clientOptions }
  return {
    simulator,
    server,
    page,
    ming,
    /** What the page complained about. */
    problems,
    mp: new OfficialAccount({ ...credentials.officialAccount, ...clientOptions }),
    mini: new MiniProgram({ ...credentials.miniProgram, ...clientOptions }),
    pay: new WeChatPay(money),
    payV2: new WeChatPayV2({ ...credentials.payV2, ...clientOptions }),
    /** What the application answers to notifications from now on. */
    answers: (how: (request: Request) => Promise<Response> | Response) => {
      answer = how
    },
    close: async () => {
      await context.close()
      await simulator.close()
    }
  }
}

export type Console = Awaited<ReturnType<typeof openConsole>>

/** Tests in a browser. Each opens one console, which must have complained about nothing when it ends. */
export function describeConsole(what: string, tests: (open: (options?: SimulatorOptions) => Promise<Console>) => void) {
  describe.runIf(canOpenBrowser(what))(what, () => {
    let browser: Browser
    let console: Console
    beforeAll(async () => {
      // Where a simulator that runs from source finds its page.
      await build(consoleBundle('.tmp/console'))
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())
    afterEach(async () => {
      expect(console.problems).toEqual([])
      await console.close()
    })
    tests(async (options) => {
      console = await openConsole(browser, options)
      return console
    })
  })
}

/** Opens an app of the first phone. */
export const openApp = (page: Page, name: string) => page.getByRole('tab', { name }).first().click()

/** Opens a screen by the bar on top. */
export const openScreen = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click()

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

export const order = (number: string, fen = 1880, description = 'Tea') => ({
  out_trade_no: number,
  description,
  notify_url: 'https://shop.example.com/pay/notify',
  amount: { total: fen }
})

/** A call of API v2 whose body was URL-encoded before it was signed. */
export async function callWronglySigned({ simulator }: Console): Promise<void> {
  const { appId, mchId, apiKey } = simulator.credentials.payV2
  const fields: Record<string, string> = {
    appid: appId,
    body: '龙井茶 250g',
    mch_id: mchId,
    nonce_str: 'nonce',
    notify_url: 'https://shop.example.com/pay/notify',
    out_trade_no: 'T1795904883180',
    spbill_create_ip: '127.0.0.1',
    total_fee: '1880',
    trade_type: 'NATIVE'
  }
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}=${name === 'body' ? encodeURIComponent(value) : value}`)
    .join('&')
  const sign = createHash('md5').update(`${text}&key=${apiKey}`).digest('hex').toUpperCase()
  const body = Object.entries({ ...fields, sign })
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')
  await simulator.fetch('https://api.mch.weixin.qq.com/pay/unifiedorder', {
    method: 'POST',
    body: `<xml>${body}</xml>`
  })
}
