import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../shared/free-port.ts'
import { listen, stopListening } from '../../shared/http-server.ts'
import { canOpenBrowser, keepPicture, openBrowser } from '../../shared/test/chromium.ts'
import { type Harness, startHarness } from './harness.ts'

describe.skipIf(!canOpenBrowser('wallet-shop'))('wallet-shop in a browser', { timeout: 90_000 }, () => {
  let harness: Harness
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    ;[harness, browser] = await Promise.all([startHarness(), openBrowser()])
    harness.simulator.user({ id: 'ming', nickname: '小明' })
    harness.simulator.user({ id: 'hong', nickname: '小红' })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await harness?.checkMoney()
    await harness?.close()
  })
  beforeEach(() => open({}))
  afterEach(async () => {
    await context.close()
    expect(problems.splice(0)).toEqual([])
  })

  async function open(options: Parameters<Browser['newContext']>[0]) {
    await context?.close()
    context = await browser.newContext({ viewport: { width: 375, height: 812 }, ...options })
    page = await context.newPage()
    page.on('console', (message) => {
      // Chromium logs each response that is no 2xx; the codes are looked at below.
      if (!message.text().includes('Failed to load resource')) problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
  }
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  const said = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor()
  const purses = async () => [await page.textContent('#balance'), await page.textContent('#coupon')]

  it('logs in, tops up at the cashier, buys with both purses, checks the cart out, shows the ledgers', async () => {
    await page.goto(harness.url)
    await page.getByRole('heading', { name: '龙井绿茶' }).waitFor()
    await keepPicture(page, 'wallet-shop-visitor')
    await press('以小明登录 App')
    await page.getByText('小明').waitFor()
    expect(await purses()).toEqual(['¥0.00', '¥0.00'])
    await press('余额购买')
    await said('余额不足')

    await tab('充值')
    await keepPicture(page, 'wallet-shop-top-up')
    await press('付 ¥50.00')
    await page.getByRole('button', { name: '支付' }).waitFor()
    await keepPicture(page, 'wallet-shop-cashier')
    await page.locator('button[value=pay]').click()
    await page.getByRole('link', { name: /返回商家/ }).click()
    await page.getByText('已到账：余额 ¥50.00，优惠券 ¥5.00').waitFor()
    expect(await purses()).toEqual(['¥50.00', '¥5.00'])
    await keepPicture(page, 'wallet-shop-topped-up')

    await tab('商品')
    await press('余额购买')
    await said('已购买 龙井绿茶')
    await page.getByText('¥32.00').waitFor()
    await press('优惠券购买')
    await said('余额不足')
    await press('红豆面包加入购物车')
    await said('红豆面包 已加入购物车')
    await press('手冲咖啡加入购物车')
    await said('手冲咖啡 已加入购物车')
    await tab('购物车')
    await press('加一件')
    await page.getByText('合计 ¥61.00').waitFor()
    await keepPicture(page, 'wallet-shop-cart')
    await press('余额结算')
    await said('已购买 1 种，1 种没有买成')
    await page.getByText('合计').waitFor()
    await keepPicture(page, 'wallet-shop-cart-failed')
    await tab('账单')
    await page.getByText('购买 · 红豆面包').waitFor()
    await keepPicture(page, 'wallet-shop-ledgers')
    expect(
      (await page.locator('.ledgers li').allTextContents()).map((text) => text.replace(/\d{4}-.{14}/, ' '))
    ).toEqual(expect.arrayContaining([expect.stringContaining('购买 · 红豆面包'), expect.stringContaining('赠送')]))
    const cookies = (await context.cookies()).filter(({ name }) => name === 'wallet_session')
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/' }])
    await press('退出')
    await page.getByText('登录后购买').waitFor()
  })

  it('logs in through the consent page, and in dark and wide as well', async () => {
    await open({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
    await page.goto(harness.url)
    await page.getByRole('link', { name: '微信登录' }).click()
    await page.getByText('小红').click()
    await page.getByRole('button', { name: '同意' }).click()
    await page.waitForURL(`${harness.url}/`)
    await page.locator('#who', { hasText: '小红' }).waitFor()
    await page.getByRole('heading', { name: '龙井绿茶' }).waitFor()
    await keepPicture(page, 'wallet-shop-dark')
    await tab('账单')
    await page.getByText('还没有记录').first().waitFor()
    await keepPicture(page, 'wallet-shop-dark-ledgers')
  })

  it('says so when the person declines, and takes a phone and a password', async () => {
    await page.goto(harness.url)
    await page.getByRole('link', { name: '微信登录' }).click()
    await page.getByRole('button', { name: '拒绝' }).click()
    await said('你没有同意授权')
    await page.getByLabel('手机号').fill('13800138000')
    await page.getByLabel('密码').fill('short')
    await press('注册')
    await said('请检查填写的内容')
    await page.getByLabel('密码').fill('long enough')
    await press('注册')
    await page.getByText('138****8000').waitFor()
    // What it overflows is seen at once on a narrow screen.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  })

  it('sells nothing to pictures, links, frames, prefetches and scripts of another site', async () => {
    const shopper = await harness.enter('小刚')
    const product = await harness.addProduct(100)
    await shopper.topUp(1000, 1000)
    const [name = '', value = ''] =
      shopper.cookie
        .split('; ')
        .find((pair) => pair.startsWith('wallet_session'))
        ?.split('=') ?? []
    await context.addCookies([{ name, value, url: harness.url, httpOnly: true, sameSite: 'Strict' }])
    const path = `/product/${product}/with_balance`
    // `localhost` and `127.0.0.1` are two sites to the browser.
    const evil = await openEvilSite([path, `/product/${product}/with_coupon`].map((one) => harness.url + one))
    // Strict as the app sets it; and the cookies of browsers that know less, so that the headers are tried on their own.
    for (const sameSite of ['Strict', 'Lax', undefined] as const) {
      await context.addCookies([{ name, value, url: harness.url, httpOnly: true, ...(sameSite ? { sameSite } : {}) }])
      await page.goto(evil.url)
      await page.waitForFunction('window.isDone')
      // A link is a navigation from there.
      await page.getByRole('link').first().click()
      await page.waitForURL(harness.url + path)
      expect(await page.textContent('body')).toContain('10003')
    }
    expect(evil.hits()).toBeGreaterThan(0)
    await evil.close()
    // The address bar is one from nowhere.
    await page.goto(harness.url + path)
    expect(await page.textContent('body')).toContain('10003')
    expect(await shopper.user()).toMatchObject({ balance: 1000, coupon: 1000 })
    problems.splice(0)

    // The page itself can.
    await page.goto(harness.url)
    const answer = await page.evaluate(`fetch('${path}').then((response) => response.json())`)
    expect(answer).toMatchObject({ code: 0, data: { id: product } })
    expect((await shopper.user()).balance).toBe(900)
  })
})

/** A page of somebody else that tries all that a page can do to an address. */
async function openEvilSite(addresses: readonly string[]) {
  const tags = addresses.flatMap((address) => [
    `<img src="${address}">`,
    `<iframe src="${address}"></iframe>`,
    `<link rel="prefetch" href="${address}">`,
    `<link rel="stylesheet" href="${address}?style">`,
    `<script src="${address}?script"></script>`,
    `<a href="${address}">a prize</a>`,
    `<form method="post" action="${address}" target="frame"></form>`
  ])
  const script = `
    const addresses = ${JSON.stringify(addresses)}
    const ask = (address, init) => fetch(address, { credentials: 'include', ...init }).catch(() => undefined)
    for (const form of document.forms) form.submit()
    Promise.all(addresses.flatMap((address) => [
      ask(address), ask(address, { mode: 'no-cors' }), ask(address, { method: 'POST', mode: 'no-cors' })
    ])).then(() => setTimeout(() => { window.isDone = true }, 500))`
  const html = `<!doctype html><title>evil</title>${tags.join('')}<iframe name="frame"></iframe><script>${script}</script>`
  let hits = 0
  const server = await listen(
    (_request, response) => {
      hits++
      response.setHeader('content-type', 'text/html')
      response.end(html)
    },
    await freePort(),
    '127.0.0.1'
  )
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}/`, hits: () => hits, close: () => stopListening(server) }
}
