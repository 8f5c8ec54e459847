import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canOpenBrowser, keepPicture, openBrowser } from '../../shared/test/chromium.ts'
import { type Harness, startHarness } from './harness.ts'

const LOGIN = `/extensions/wx/user/authorize/?state=${encodeURIComponent('/api/current_user/?fields=nickname')}`

describe.skipIf(!canOpenBrowser('official-site'))('official-site in a browser', { timeout: 60_000 }, () => {
  let harness: Harness
  let browser: Browser
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    ;[harness, browser] = await Promise.all([startHarness(), openBrowser()])
    harness.simulator.user({ id: 'ming', nickname: '小明' })
    harness.simulator.user({ id: 'hong', nickname: '小红' })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    page = await context.newPage()
  })
  afterEach(() => context.close())

  const shown = async () => JSON.parse((await page.textContent('pre, body')) ?? '') as unknown
  const choose = async (name: string, decision: string) => {
    await page.getByText(name).click()
    await page.getByRole('button', { name: decision }).click()
  }

  it('logs in through the consent page and returns to the path in state', async () => {
    await page.goto(harness.app.url + LOGIN)
    await choose('小红', '同意')
    await page.waitForURL(`${harness.app.url}/api/current_user/?fields=nickname`)
    await keepPicture(page, 'official-site-current-user')
    expect(await shown()).toEqual({ code: 0, message: 'Success', data: { wx_user: { nickname: '小红' } } })
    expect(await page.evaluate('document.cookie')).toBe('')

    await page.goto(`${harness.app.url}/extensions/testing/wx/user/logout/?state=%2Fapi%2Fcurrent_user%2F`)
    expect(await shown()).toMatchObject({ code: 1101 })
  })

  it('answers 1103 when the person declines, and nobody is logged in', async () => {
    await page.goto(harness.app.url + LOGIN)
    await choose('小明', '拒绝')
    await page.waitForURL(/authorize\/callback/)
    expect(await shown()).toEqual({ code: 1103, message: 'Forbidden', data: {} })
    await page.goto(`${harness.app.url}/api/current_user/`)
    expect(await shown()).toMatchObject({ code: 1101 })
  })

  it('gives a page of another site neither the response nor a changed order book', async () => {
    await page.goto(harness.app.url + LOGIN)
    await choose('小明', '同意')
    await page.waitForURL(/current_user/)
    const orders = harness.simulator.pay.orders.length
    // `localhost` and `127.0.0.1` are two sites to the browser.
    await page.goto(harness.server.url.replace('127.0.0.1', 'localhost'))
    const outcome = await page.evaluate(async (url) => {
      const send = (init: RequestInit) => fetch(url, { credentials: 'include', ...init }).then(String, () => 'refused')
      const body = JSON.stringify({ body: '试付一分', total_fee: 1 })
      return [
        await send({ method: 'POST', body }),
        await send({ method: 'POST', body, headers: { 'content-type': 'application/json' } }),
        await send({})
      ]
    }, `${harness.app.url}/api/wx/pay/orders/`)
    expect(outcome).toEqual(['refused', 'refused', 'refused'])
    expect(harness.simulator.pay.orders).toHaveLength(orders)
  })
})
