import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canOpenBrowser, keepPicture, openBrowser } from '../../shared/test/chromium.ts'
import { type CardHarness, PASSWORD, startCards } from './harness.ts'

describe.skipIf(!canOpenBrowser('business-card'))('business-card in two browsers', { timeout: 120_000 }, () => {
  let harness: CardHarness
  let browser: Browser
  let phone: Page
  let desk: Page
  const problems: string[] = []

  const open = async (path: string, width: number, height: number) => {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' })
    const page = await context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|TypeError/.test(message.text())) problems.push(message.text())
    })
    await page.goto(harness.url + path)
    return page
  }
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()

  beforeAll(async () => {
    ;[harness, browser] = await Promise.all([startCards(), openBrowser()])
    harness.simulator.user({ id: 'ming', nickname: '小明', phone: '13800138000' })
    phone = await open('/', 375, 812)
    desk = await open('/staff', 1280, 800)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  it('a customer scans a card, likes it, keeps the poster and consults; the staff answers; the customer is told and buys', async () => {
    await keepPicture(phone, 'card-people')
    await press(phone, '以小明登录')
    await press(phone, '扫张炬的名片码')
    await phone.getByText('人气 1 · 靠谱 0 · 转发 0').waitFor()
    await press(phone, '靠谱')
    await phone.getByText('人气 1 · 靠谱 1 · 转发 0').waitFor()
    await press(phone, '打电话')
    await phone.getByRole('status').getByText('正在拨打').waitFor()
    await press(phone, /^赞签名/)
    await phone.getByRole('button', { name: '赞签名 1' }).waitFor()
    await keepPicture(phone, 'card-card')

    await press(phone, '海报')
    const poster = phone.getByRole('img', { name: '名片海报' })
    await poster.waitFor()
    await phone.waitForFunction('document.querySelector(".poster").naturalWidth === 750')
    await keepPicture(phone, 'card-poster')
    const customer = await harness.number('select id from customers')
    const [code] = await harness.app.database.query<{ bytes: Uint8Array }>(
      "select bytes from pictures where kind = 'qr_code'"
    )
    expect(harness.simulator.user({ id: 'hong' }).scanCode(code?.bytes ?? '')).toEqual({
      page: 'pages/mingpian/index',
      scene: `u=1&p=${customer}`
    })

    await press(phone, '产品')
    await press(phone, /^智能名片企业版 /)
    await phone.getByText('一张名片，连起客户和产品').waitFor()
    await keepPicture(phone, 'card-product')
    await press(phone, '咨询')
    await press(phone, '订阅回复提醒')
    await phone.getByRole('status').getByText('已订阅').waitFor()
    await phone.getByLabel('消息').fill('这一款几个人用？<b>😀</b>')
    await press(phone, '发送')
    await phone.getByText('这一款几个人用？<b>😀</b>').waitFor()

    await keepPicture(desk, 'card-staff-login')
    await desk.getByLabel('账号').fill('zhangju')
    await desk.getByLabel('密码').fill('wrong')
    await press(desk, '登录')
    await desk.getByRole('status').getByText('账号密码错误').waitFor()
    await desk.getByLabel('密码').fill(PASSWORD)
    await press(desk, '登录')
    await press(desk, /小明/)
    await desk.getByText('这一款几个人用？<b>😀</b>').waitFor()
    await press(desk, '索要手机号')
    await phone.getByText('您好,请问能否告诉我您的手机号?').waitFor()
    await press(phone, '提供手机号')
    await desk.getByText('我的手机号：13800138000').waitFor()
    await phone.getByText('我的手机号：138****8000').waitFor()
    await desk.getByLabel('回复').fill('十个人以内')
    await press(desk, '发送')
    await phone.getByText('十个人以内').waitFor()
    await expect
      .poll(() => harness.simulator.user({ id: 'ming' }).messages({ account: 'miniProgram' }))
      .toMatchObject([{ kind: 'subscribe' }])
    await keepPicture(phone, 'card-chat')
    await keepPicture(desk, 'card-staff-chat')

    await press(phone, '产品')
    await press(phone, '购买 展会体验装')
    const cashier = phone.frameLocator('iframe')
    await cashier
      .getByRole('button', { name: /支付|Pay/ })
      .first()
      .waitFor()
    await keepPicture(phone, 'card-cashier')
    await cashier
      .getByRole('button', { name: /支付|Pay/ })
      .first()
      .click()
    await phone.getByRole('status').getByText('已购买 展会体验装').waitFor()
    await keepPicture(phone, 'card-bought')
    await press(phone, '官网')
    await phone.getByRole('heading', { name: '官网' }).waitFor()

    await desk.getByRole('tab', { name: '动态' }).click()
    await desk.getByText('小明 提供了手机号').waitFor()
    await keepPicture(desk, 'card-staff-events')
    await desk.getByRole('tab', { name: '商品分类' }).click()
    await desk.getByLabel('分类名称').fill('新品')
    await press(desk, '添加')
    await desk.getByRole('button', { name: '删除 新品' }).waitFor()
    await press(desk, '删除 名片')
    await desk.getByRole('status').getByText('含有子级数据').waitFor()
    await keepPicture(desk, 'card-staff-classes')
    await desk.getByRole('tab', { name: '设置' }).click()
    await desk.getByLabel('商城名称').fill('新商城')
    await press(desk, '保存')
    await desk.getByRole('status').getByText('修改成功').waitFor()
    await keepPicture(desk, 'card-staff-settings')

    await phone.emulateMedia({ colorScheme: 'dark' })
    await press(phone, '名片')
    await phone.getByText(/人气/).waitFor()
    await keepPicture(phone, 'card-dark')
    await phone.setViewportSize({ width: 1280, height: 800 })
    await phone.emulateMedia({ colorScheme: 'light' })
    await keepPicture(phone, 'card-wide')
    await desk.setViewportSize({ width: 375, height: 812 })
    await desk.getByRole('tab', { name: '客户' }).click()
    await desk.getByText('13800138000').waitFor()
    await keepPicture(desk, 'card-staff-narrow')
    const isWide = 'document.documentElement.scrollWidth > innerWidth'
    expect([await phone.evaluate(isWide), await desk.evaluate(isWide), problems]).toEqual([false, false, []])
  })
})
