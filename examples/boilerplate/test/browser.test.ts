import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canOpenBrowser, keepPicture, openBrowser } from '../../shared/test/chromium.ts'
import { type Harness, startHarness } from './harness.ts'

const INDEX = '/boilerplate/wechat/mp/index'

describe.skipIf(!canOpenBrowser('boilerplate'))('boilerplate in a browser', { timeout: 60_000 }, () => {
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
    await harness?.close()
  })
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 420, height: 760 } })
    page = await context.newPage()
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
  })
  afterEach(async () => {
    await context.close()
    expect(problems.splice(0)).toEqual([])
  })

  const toConsent = async () => {
    await page.goto(harness.url + INDEX)
    await keepPicture(page, 'boilerplate-index')
    await page.getByRole('link', { name: '微信登录' }).click()
    await page.waitForURL(/\/connect\/oauth2\/authorize/)
  }

  it('logs in through the consent page as the person that is chosen there', async () => {
    await toConsent()
    await keepPicture(page, 'consent')
    await page.getByText('小红').click()
    await page.getByRole('button', { name: '同意' }).click()
    await page.waitForURL(harness.url + INDEX)
    await keepPicture(page, 'boilerplate-logged-in')
    expect(await page.textContent('h1')).toBe('你好，小红')
    const [cookie, ...others] = (await context.cookies()).filter(({ name }) => name.startsWith('boilerplate'))
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(others).toEqual([])
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('says so when the person declines, and lets them try again', async () => {
    await toConsent()
    await page.getByRole('button', { name: '拒绝' }).click()
    await page.waitForURL(/\/wechat-mp\/callback/)
    await keepPicture(page, 'boilerplate-declined')
    expect(await page.textContent('h1')).toBe('你没有同意授权')
    expect(problems.splice(0)).toEqual([expect.stringContaining('403')])
    expect((await context.cookies()).filter(({ name }) => name.startsWith('boilerplate'))).toEqual([])
    await page.getByRole('link', { name: '重新登录' }).click()
    await page.getByText('小明').click()
    await page.getByRole('button', { name: '同意' }).click()
    await page.waitForURL(harness.url + INDEX)
    expect(await page.textContent('h1')).toBe('你好，小明')
  })

  it('keeps two logins in two tabs apart, and does not break when one goes back', async () => {
    await toConsent()
    const other = await context.newPage()
    await other.goto(`${harness.url}/boilerplate/wechat/api/v1/wechat-mp/authorize`)
    for (const tab of [page, other]) {
      await tab.getByRole('button', { name: '同意' }).click()
      await tab.waitForURL(harness.url + INDEX)
    }
    await page.reload()
    expect(await page.textContent('h1')).toContain('你好')
    await page.goBack()
    await page.goForward()
    expect(await page.textContent('h1')).toContain('你好')
  })
})
