import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type SimulatorServer } from 'weixin-kit/simulator'
import { type RunningApp, startApp } from '../../shared/app.ts'
import { freePort } from '../../shared/free-port.ts'
import { canOpenBrowser, keepPicture, openBrowser } from '../../shared/test/chromium.ts'
import type { Config } from '../src/config.ts'
import { topUp } from '../src/top-up.ts'

describe.skipIf(!canOpenBrowser('top-up'))('top-up in a browser', { timeout: 90_000 }, () => {
  const simulator = createSimulator()
  const ming = simulator.user({ id: 'ming', nickname: '小明', phone: '13800138000' })
  let server: SimulatorServer
  let app: RunningApp<Config>
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    server = await simulator.listen({ control: true })
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    app = await startApp(
      topUp,
      { PORT: String(port), PUBLIC_URL: url, DATA_FOLDER: 'memory://' },
      {
        target: { simulator: server.url },
        credentials: simulator.credentials,
        simulator,
        close: async () => undefined
      }
    )
    browser = await openBrowser()
    context = await browser.newContext({ viewport: { width: 375, height: 812 }, locale: 'zh-CN' })
    page = await context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|TypeError/.test(message.text())) problems.push(message.text())
    })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await app?.close()
    await simulator.close()
  })

  it('goes from consent over captcha and code to a recharge, a device and the statements', async () => {
    await page.goto(app.url)
    await page.getByRole('link', { name: '微信登录' }).waitFor()
    await keepPicture(page, 'top-up-outside')
    await page.getByRole('link', { name: '微信登录' }).click()
    await page.getByText('小明').click()
    await page.getByRole('button', { name: /同意/ }).click()

    // The number, the captcha, the code.
    await page.getByLabel('手机号').fill('13800138000')
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByText('请先完成验证').waitFor()
    await page.getByRole('button', { name: /点击按钮进行验证/ }).click()
    await page.getByText(/验证成功/).waitFor()
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByText('验证码已发送').waitFor()
    await page.getByLabel('验证码').fill(ming.smsCode() ?? '')
    await keepPicture(page, 'top-up-login')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByText('余额（元）').waitFor()
    expect(await page.textContent('#balance')).toBe('0.00')

    // Ten yuan at the cashier.
    await page.getByRole('button', { name: '10 元' }).click()
    const cashier = page.frameLocator('iframe')
    await cashier
      .getByRole('button', { name: /支付|Pay/ })
      .first()
      .click()
    await page.getByText('充值成功').waitFor()
    await page.waitForFunction('document.querySelector("#balance").textContent === "10.00"')
    await keepPicture(page, 'top-up-home')

    // A device, by scanning its code.
    await page.getByRole('button', { name: '扫码上机' }).click()
    const scanner = page.frameLocator('iframe')
    await scanner.getByRole('textbox').first().fill('https://kiosk.example.com/d/A001')
    await scanner
      .getByRole('button', { name: /确定|完成|OK|扫/ })
      .first()
      .click()
    await page.getByRole('heading', { name: '使用中' }).waitFor()
    await keepPicture(page, 'top-up-running')
    await page.getByRole('button', { name: '下机' }).click()
    await page.getByText('消费 0.20 元').waitFor()
    await page.getByRole('listitem').getByText('科技园一楼大堂').waitFor()
    await page.waitForFunction('document.querySelector("#balance").textContent === "9.80"')

    await page.getByRole('tab', { name: '充值记录' }).click()
    await page.getByText('微信充值').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await keepPicture(page, 'top-up-dark')
    await page.setViewportSize({ width: 1280, height: 800 })
    await keepPicture(page, 'top-up-wide')
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    expect([isWide, problems]).toEqual([false, []])
  })

  it('stays logged in, and says what is wrong in a live region', async () => {
    await page.setViewportSize({ width: 375, height: 812 })
    await page.goto(app.url)
    await page.getByText('余额（元）').waitFor()
    await page.getByPlaceholder('其他金额（元）').fill('abc')
    await page.getByRole('button', { name: '充值', exact: true }).click()
    await page.getByRole('status').getByText('请输入正确的金额').waitFor()
    await page.getByPlaceholder(/设备编号/).fill('X1')
    await page.getByRole('button', { name: '上机', exact: true }).click()
    await page.getByRole('status').getByText('设备不存在').waitFor()
  })
})
