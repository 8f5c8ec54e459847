import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { Geetest } from 'weixin-kit/geetest'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import { callWronglySigned, describeConsole, openApp, openScreen, order, press } from '../support/console.ts'
import { LOW_CONTRAST } from '../support/contrast.ts'

describeConsole('the console', (open) => {
  const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()')

  it('scans a code_url, a QR code, the picture of a mini program code, and nothing that it does not know', async () => {
    const { page, pay, mp, mini, simulator, ming } = await open()
    const { code_url } = await pay.transactions.native(order('S000001'))
    await openApp(page, 'Scan')
    await page.getByRole('textbox', { name: 'What is scanned' }).fill('weixin://wxpay/bizpayurl?pr=unknown')
    await press(page, 'Scan')
    await page.getByText('There is no such order here').waitFor()
    await page.getByRole('textbox', { name: 'What is scanned' }).fill(code_url)
    await press(page, 'Scan')
    await press(page, 'Go to payment')
    await press(page, 'Pay ¥18.80')
    await page.getByRole('heading', { name: 'paid' }).waitFor()
    expect(simulator.pay.order('S000001')?.state).toBe('SUCCESS')
    await mp.qrCode.createPermanent({ scene_str: 'spring' })
    await openApp(page, 'Scan')
    await page.getByRole('button', { name: /scene spring/ }).click()
    await page.locator('.result').getByRole('button', { name: 'Scan' }).click()
    await page.getByText('followed by scanning · spring').waitFor()
    await page.getByText('Welcome!').waitFor()
    expect(ming.messages()).toHaveLength(1)
    const { bytes } = await mini.wxacode.unlimited({ scene: 'poster=1', page: 'pages/index' })
    await openApp(page, 'Scan')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'code.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) })
    await page.locator('.result').getByText('poster=1').waitFor()
    await press(page, 'Open the mini program')
    await page.getByText('Ming opened pages/index').waitFor()
  })

  describe('pays', () => {
    it('and shows the notification while it is retried, sent now, twice and held', async () => {
      const { page, pay, ming, simulator, answers } = await open()
      let received = 0
      answers(() => {
        received++
        return new Response('{"code":"FAIL"}', { status: received === 1 ? 500 : 200 })
      })
      await pay.transactions.jsapi({ ...order('P000001'), payer: { openid: ming.openid() } })
      await openApp(page, 'Pay')
      await page.getByRole('button', { name: /P000001/ }).click()
      await press(page, 'Wrong password')
      await page.getByText('Wrong password, try again').waitFor()
      await press(page, 'Refuse')
      await page.getByText('Cancelled: WeChat notifies nobody').waitFor()
      expect(simulator.pay.order('P000001')?.state).toBe('NOTPAY')
      await page.getByRole('radio', { name: 'CMB debit card' }).check()
      await page.getByRole('textbox', { name: 'Coupon (yuan)' }).fill('1.80')
      await press(page, 'Pay ¥18.80')
      await page.getByText('being retried').waitFor()
      await page.getByText('next retry').waitFor()
      expect(simulator.pay.order('P000001')?.payment).toMatchObject({ bankType: 'CMB_DEBIT', coupon: { amount: 180 } })
      await press(page, 'Send now')
      await page.getByText('delivered', { exact: true }).waitFor()
      expect(received).toBe(2)
      await press(page, 'Send twice')
      await expect.poll(() => received).toBe(4)
      await press(page, 'hold them')
      for (const number of ['P000002', 'P000003']) {
        const { prepay_id } = await pay.transactions.jsapi({ ...order(number), payer: { openid: ming.openid() } })
        await ming.pay(prepay_id)
      }
      await page.getByText('2 held').waitFor()
      await press(page, 'release in reverse')
      await expect.poll(() => received).toBe(6)
      const sent = simulator.log.entries.filter(({ direction }) => direction === 'out').map(({ subject }) => subject)
      expect(sent.slice(-2)).toEqual(['P000003', 'P000002'])
    })

    it('nothing after an order expired', async () => {
      const { page, pay, ming, simulator } = await open()
      await pay.transactions.jsapi({ ...order('P000009'), payer: { openid: ming.openid() } })
      await openApp(page, 'Pay')
      await page.getByRole('button', { name: /P000009/ }).click()
      await press(page, 'Let it expire')
      await page.getByRole('heading', { name: 'closed' }).waitFor()
      expect(simulator.pay.order('P000009')?.state).toBe('CLOSED')
    })
  })

  it('chats: follows, writes, touches the menu, gets cards, opens a red packet, confirms a transfer', async () => {
    const { page, mp, pay, payV2, ming, simulator } = await open()
    await mp.menu.create({ button: [{ name: 'More', sub_button: [{ type: 'click', name: 'Orders', key: 'ORDERS' }] }] })
    const template = simulator.wechat.addTemplate({ title: 'Paid', content: 'Item: {{thing.DATA}}' })
    await press(page, 'Follow')
    await page.getByText('Welcome!').waitFor()
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello')
    await press(page, 'Send')
    await page.getByText('You said: hello').waitFor()
    await press(page, 'More')
    await press(page, 'Orders')
    await page.getByText('touched the menu · ORDERS').waitFor()
    await mp.templateMessages.send({ touser: ming.openid(), template_id: template, data: { thing: { value: 'Tea' } } })
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    await payV2.redPacks.send({
      mch_billno: 'B0000001',
      send_name: 'Shop',
      re_openid: ming.openid(),
      total_amount: 188,
      total_num: 1,
      wishing: 'Good luck',
      client_ip: '127.0.0.1',
      act_name: 'Spring',
      remark: 'Thanks'
    })
    await press(page, 'Open')
    await page.getByText('Received ¥1.88').waitFor()
    await pay.transfers.create({
      out_bill_no: 'W0000001',
      transfer_scene_id: '1000',
      openid: ming.openid(),
      transfer_amount: 500,
      transfer_remark: 'Back',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: 'Spring' },
        { info_type: '奖励说明', info_content: 'Back' }
      ]
    })
    await press(page, 'Confirm')
    await page.getByText('Back · received').waitFor()
    expect(simulator.pay.transfers[0]?.state).toBe('SUCCESS')
    await press(page, 'Unfollow')
    await page.getByText('unfollowed').waitFor()
  })

  it('says what a person sees of an application that is too late', async () => {
    const { page } = await open({ deliveryTimeoutMs: 30, deliver: { gateway: () => new Promise<Response>(() => {}) } })
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('hello')
    await press(page, 'Send')
    await page.getByText('on its way').waitFor()
    await openScreen(page, 'Time')
    await page.getByRole('button', { name: /Next thing due/ }).click()
    await page.getByText('What became due').waitFor()
    await page.getByRole('button', { name: /Next thing due/ }).click()
    await page.getByText('该公众号提供的服务出现故障').waitFor()
    await page.getByText(/did not take it.*no response within 30 ms/).waitFor()
  })

  it('explains a refusal: checks, both strings, the first difference; hides secrets; copies and exports', async () => {
    const console = await open()
    const { page, server } = console
    await callWronglySigned(console)
    await page.getByRole('option', { name: /unifiedorder/ }).click()
    const why = page.getByRole('note')
    await why.getByText('body was URL-encoded before signing').waitFor()
    await page.getByText('character', { exact: false }).first().waitFor()
    expect(await page.locator('mark').allTextContents()).toEqual(['龙井茶 ', '%E9%BE%99%E4%BA%95%E8%8C%B6%20'])
    const body = page.getByRole('article').locator('pre').last()
    const request = page.locator('.message').first()
    expect(await request.textContent()).toContain('••••••')
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await expect.poll(() => request.textContent()).not.toContain('••••••')
    expect(await body.textContent()).toContain('签名错误')
    await press(page, 'Copy as curl')
    const curl = await clipboard(page)
    expect(curl).toContain(`curl -X POST '${server.url}/api.mch.weixin.qq.com/pay/unifiedorder'`)
    const downloading = page.waitForEvent('download')
    await press(page, 'Export as a vitest file')
    const file = await downloading
    expect(file.suggestedFilename()).toMatch(/^exchange-\d+-unifiedorder\.test\.ts$/)
    await page.reload()
    await page.getByRole('note').getByText('body was URL-encoded before signing').waitFor()
    expect(page.url()).toMatch(/#\/live\/\d+$/)
  })

  it('moves money: confirms, expires, an abnormal refund, an empty account', async () => {
    const { page, pay, payV2, ming, simulator } = await open()
    const transfer = (out_bill_no: string) =>
      pay.transfers.create({
        out_bill_no,
        transfer_scene_id: '1000',
        openid: ming.openid(),
        transfer_amount: 500,
        transfer_remark: out_bill_no,
        transfer_scene_report_infos: [
          { info_type: '活动名称', info_content: 'Spring' },
          { info_type: '奖励说明', info_content: 'Back' }
        ]
      })
    simulator.pay.settings.refundDelayMs = 60_000
    const { prepay_id } = await pay.transactions.jsapi({ ...order('M000001'), payer: { openid: ming.openid() } })
    await ming.pay(prepay_id)
    await openScreen(page, 'Money')
    const row = (text: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: text })
    await transfer('W0000001')
    await row('W0000001').getByRole('button', { name: 'Confirm' }).click()
    await row('W0000001').getByText('received').waitFor()
    await transfer('W0000002')
    await row('W0000002').getByRole('button', { name: 'Expire' }).click()
    await row('W0000002').getByText('gave back').waitFor()
    await pay.refunds.create({
      out_trade_no: 'M000001',
      out_refund_no: 'R000001',
      amount: { refund: 380, total: 1880, currency: 'CNY' }
    })
    await row('R000001').getByRole('button', { name: 'Abnormal' }).click()
    await row('R000001').getByText('abnormal').waitFor()
    await press(page, 'Empty it: NOTENOUGH from now on')
    await page.getByText('¥0.00').waitFor()
    await transfer('W0000003').catch(() => undefined)
    expect(simulator.log.entries.at(-1)?.responseBody).toContain('NOT_ENOUGH')
    await press(page, 'Top up')
    await page.getByText('¥1000000.00').waitFor()
    await payV2.redPacks.send({
      mch_billno: 'B0000001',
      send_name: 'Shop',
      re_openid: ming.openid(),
      total_amount: 188,
      total_num: 1,
      wishing: 'Good luck',
      client_ip: '127.0.0.1',
      act_name: 'Spring',
      remark: 'Thanks'
    })
    await row('B0000001').getByRole('button', { name: 'Expire' }).click()
    await row('B0000001').getByText('gave back').waitFor()
    expect(simulator.pay.redPacks[0]?.status).toBe('REFUND')
  })

  it('travels in time, and says what became due', async () => {
    const { page, pay, ming, simulator, answers } = await open()
    answers(() => new Response(null, { status: 500 }))
    const { prepay_id } = await pay.transactions.jsapi({ ...order('T000001'), payer: { openid: ming.openid() } })
    await ming.pay(prepay_id)
    const before = simulator.clock.now()
    await openScreen(page, 'Time')
    await page.getByText('pay T000001 #2').first().waitFor()
    await press(page, '+2 hours')
    await page.getByRole('heading', { name: 'What became due' }).waitFor()
    await page.getByText('pay T000001 #2').first().waitFor()
    expect(simulator.clock.now() - before).toBeGreaterThanOrEqual(7_200_000)
    await press(page, 'Tomorrow 10:05 (bills)')
    await expect.poll(() => new Date(simulator.clock.now() + 8 * 3_600_000).toISOString().slice(11, 15)).toBe('10:0')
    await press(page, '+24 hours')
    await expect.poll(() => simulator.clock.now() - before).toBeGreaterThan(86_400_000)
  })

  it('breaks endpoints by switches with counters, and mends all', async () => {
    const { page, mp, simulator } = await open()
    await mp.menu.create({ button: [{ type: 'click', name: 'Orders', key: 'ORDERS' }] })
    await openScreen(page, 'Faults')
    const row = page.getByRole('listitem').filter({ hasText: '/cgi-bin/getcallbackip' })
    const call = () => simulator.fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip')
    await call()
    await row.getByRole('switch', { name: '502 page' }).click()
    await page.getByText('hit 0 · until it is ended').waitFor()
    expect((await call()).status).toBe(502)
    await page.getByText('hit 1 · until it is ended').waitFor()
    await page.getByRole('textbox', { name: /Path contains/ }).fill('/cgi-bin/user/info')
    await page.getByRole('combobox', { name: 'Fault' }).selectOption('errcode')
    await page.getByRole('textbox', { name: 'Error code' }).fill('45009')
    await press(page, 'Add')
    await page.getByRole('main').getByText('errcode 45009').waitFor()
    await press(page, 'Recover all')
    await page.getByText('All is well').waitFor()
    expect((await call()).status).toBe(200)
  })

  it('logs in: consent, snapshot user, refusal, an expired code, and what wx.login gives', async () => {
    const { page, mp, mini, simulator } = await open()
    const url = mp.oauth.authorizeUrl({
      redirectUri: 'https://shop.example.com/login',
      scope: 'snsapi_userinfo',
      state: 'abc'
    })
    await openApp(page, 'Scan')
    await page.getByRole('textbox', { name: 'What is scanned' }).fill(String(url))
    await press(page, 'Scan')
    const codes: string[] = []
    for (const choice of ['Allow', 'As snapshot user', 'With an expired code']) {
      await press(page, choice)
      await expect
        .poll(async () => {
          const shown = (await page.locator('.result .result .mono').textContent()) ?? ''
          return codes.includes(shown) ? '' : shown
        })
        .toContain('https://shop.example.com/login?code=')
      codes.push((await page.locator('.result .result .mono').textContent()) ?? '')
    }
    const [allowed = '', snapshot = '', expired = ''] = codes.map(
      (shown) => new URL(shown).searchParams.get('code') ?? ''
    )
    expect((await mp.oauth.exchangeCode(allowed)).openid).toBe(simulator.user('ming').openid())
    expect(await mp.oauth.exchangeCode(snapshot)).toMatchObject({ is_snapshotuser: 1 })
    await expect(mp.oauth.exchangeCode(expired)).rejects.toThrow('42003')
    await press(page, 'Refuse')
    await page.getByText('https://shop.example.com/login?state=abc').waitFor()
    await openApp(page, 'Login')
    await press(page, 'wx.login')
    await press(page, 'Copy all')
    const made = JSON.parse(await clipboard(page)) as Record<string, string>
    const session = await mini.auth.code2Session(made.code ?? '')
    expect(
      mini.decrypt({ encryptedData: made.encryptedData ?? '', iv: made.iv ?? '', sessionKey: session.session_key })
    ).toMatchObject({ nickName: 'Ming' })
  })

  it('shows text messages, captchas and objects, with what the callback answered', async () => {
    const { page, simulator } = await open({ deliver: { qiniu: () => Response.json({ key: 'a.png', seen: true }) } })
    const options = simulator.clientOptions
    const sms = new Yunpian({ ...simulator.credentials.yunpian, ...options })
    const geetest = new Geetest({ ...simulator.credentials.geetest, ...options })
    const qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...options })
    await sms.sms.singleSend({ mobile: '13800138000', text: '【Shop】您的验证码是4829' })
    await openApp(page, 'SMS')
    await page.getByRole('button', { name: '4829', exact: true }).click()
    expect(await clipboard(page)).toBe('4829')
    const { challenge } = await geetest.register({ session: 'ming' })
    await qiniu.upload(Buffer.from('picture'), {
      key: 'a.png',
      policy: { callbackUrl: 'https://shop.example.com/up', callbackBody: 'key=$(key)' }
    })
    await openScreen(page, 'SMS, files')
    await press(page, 'Solve')
    const form = JSON.parse((await page.getByRole('main').locator('pre').first().textContent()) ?? '{}') as Record<
      'geetest_challenge' | 'geetest_validate' | 'geetest_seccode',
      string
    >
    expect(form.geetest_challenge).toContain(challenge.challenge)
    expect((await geetest.validate({ session: 'ming', form })).ok).toBe(true)
    await page.getByText('validated').waitFor()
    await press(page, 'Callback')
    await page.getByText('{"key":"a.png","seen":true}').waitFor()
  })

  it('lists the accounts to paste, per language', async () => {
    const { page, simulator, server } = await open()
    await openScreen(page, 'Accounts')
    for (const [name, text] of [
      ['.env', `WEIXIN_MP_APP_ID=${simulator.credentials.officialAccount.appId}`],
      ['Python', 'import requests'],
      ['Go', 'const ('],
      ['Java', '# application.properties'],
      ['PHP', '<?php'],
      ['curl', `curl '${server.url}/api.weixin.qq.com`],
      ['Node.js', "from 'weixin-kit/pay'"]
    ] as const) {
      await press(page, name)
      await page.locator('pre').first().filter({ hasText: text }).waitFor()
    }
  })

  it('has two phones, keeps everything over a reload, and fits 380 px', async () => {
    const { page, simulator } = await open()
    simulator.user({ id: 'hong', nickname: 'Hong' })
    simulator.clock.schedule(0, () => undefined)
    await press(page, 'Two phones side by side')
    const second = page.getByRole('region', { name: 'Phone 2' })
    await second.getByRole('tab', { name: 'Scan' }).click()
    await second.getByRole('textbox', { name: 'What is scanned' }).fill('https://shop.example.com/')
    await page
      .getByRole('region', { name: 'Phone 1' })
      .getByRole('textbox', { name: 'Message', exact: true })
      .fill('a draft')
    await page.getByRole('searchbox', { name: 'Filter' }).fill('token')
    await press(page, 'Dark')
    await page.reload()
    await second.getByRole('textbox', { name: 'What is scanned' }).waitFor()
    expect(await second.getByRole('textbox', { name: 'What is scanned' }).inputValue()).toBe(
      'https://shop.example.com/'
    )
    expect(
      await page
        .getByRole('region', { name: 'Phone 1' })
        .getByRole('textbox', { name: 'Message', exact: true })
        .inputValue()
    ).toBe('a draft')
    expect(await page.getByRole('searchbox', { name: 'Filter' }).inputValue()).toBe('token')
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.setViewportSize({ width: 380, height: 760 })
    const isFitting = () => page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    for (const name of ['Phone', 'List', 'Detail']) {
      await page.getByRole('navigation', { name: 'Columns' }).getByRole('button', { name }).click()
      expect([name, await isFitting()]).toEqual([name, true])
    }
    for (const name of ['Money', 'Faults', 'Time', 'Accounts']) {
      await openScreen(page, name)
      expect([name, await isFitting()]).toEqual([name, true])
    }
  })

  it('has the contrast of WCAG AA, light and dark', async () => {
    const console = await open()
    const { page, ming, mp, pay } = console
    await mp.menu.create({ button: [{ type: 'click', name: 'Orders', key: 'ORDERS' }] })
    await ming.follow()
    await ming.send('hello')
    await pay.transfers.create({
      out_bill_no: 'W0000001',
      transfer_scene_id: '1000',
      openid: ming.openid(),
      transfer_amount: 500,
      transfer_remark: 'Back',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: 'Spring' },
        { info_type: '奖励说明', info_content: 'Back' }
      ]
    })
    await callWronglySigned(console)
    for (const theme of ['Dark', 'Light']) {
      await press(page, theme)
      await openScreen(page, 'Live')
      await page.getByRole('option', { name: /unifiedorder/ }).click()
      await page.getByRole('note').waitFor()
      expect([theme, await page.evaluate(LOW_CONTRAST)]).toEqual([theme, []])
      for (const screen of ['Money', 'Faults', 'Time', 'Accounts']) {
        await openScreen(page, screen)
        await page.getByRole('main').getByRole('heading').first().waitFor()
        expect([theme, screen, await page.evaluate(LOW_CONTRAST)]).toEqual([theme, screen, []])
      }
    }
  })

  it('goes by keyboard through the exchanges', async () => {
    const { page, simulator } = await open()
    for (let i = 0; i < 3; i++) await simulator.fetch(`https://api.weixin.qq.com/cgi-bin/getcallbackip?n=${i}`)
    await page
      .getByRole('option', { name: /getcallbackip/ })
      .nth(2)
      .waitFor()
    const list = page.getByRole('listbox', { name: 'Exchanges' })
    await list.focus()
    await list.press('ArrowDown')
    await expect.poll(() => page.url()).toMatch(/#\/live\/3$/)
    await list.press('ArrowDown')
    await expect.poll(() => page.url()).toMatch(/#\/live\/2$/)
    await page.getByRole('option', { name: /getcallbackip/, selected: true }).waitFor()
  })

  it('shows hostile names, messages and bodies as text', async () => {
    const { page, mp, ming, simulator } = await open()
    const evil = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
    simulator.user({ id: evil, nickname: evil })
    const template = simulator.wechat.addTemplate({ title: evil, content: `${evil}: {{thing.DATA}}` })
    await ming.follow()
    await ming.send(evil)
    await mp.templateMessages.send({
      touser: ming.openid(),
      template_id: template,
      url: 'javascript:document.title="owned"',
      data: { thing: { value: evil } }
    })
    await simulator.fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip', { method: 'POST', body: evil })
    simulator.fail(evil, 'timeout')
    await page.getByText('You said: <img src=x').waitFor()
    await page.getByRole('option', { name: /getcallbackip/ }).click()
    await page.getByRole('article').getByText('<img src=x').first().waitFor()
    await openScreen(page, 'Faults')
    await page.getByText(evil).first().waitFor()
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
    expect(await page.title()).toBe('weixin-kit simulator')
  })

  it('cannot be steered or framed by a page of another origin', async () => {
    const { page, server, simulator } = await open()
    const elsewhere = await simulator.listen({ control: false })
    const other = await page.context().newPage()
    await other.goto(`${elsewhere.url}/open.weixin.qq.com/connect/qrconnect`)
    const tried = await other.evaluate(async (url) => {
      const asJson = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"ms":3600000}' }
      const asText = { method: 'POST', mode: 'no-cors' as const, body: '{"ms":3600000}' }
      const blocked = await fetch(`${url}/-/advance`, asJson).then(
        () => false,
        () => true
      )
      const seen = await fetch(`${url}/-/advance`, asText).then(
        ({ status }) => status,
        () => 0
      )
      return { blocked, seen }
    }, server.url)
    expect(tried).toEqual({ blocked: true, seen: 0 })
    expect(simulator.clock.now() - Date.now()).toBeLessThan(1_000)
    const policy = (await fetch(server.url)).headers.get('content-security-policy')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })
})
