import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { Yunpian } from 'weixin-kit/yunpian'
import { describeConsole, openApp, openScreen, order, press } from '../support/console.ts'
import { LOW_CONTRAST } from '../support/contrast.ts'

/** What a person drops on the page, or pastes into it. */
const give = (page: Page, event: 'drop' | 'paste', picture: Uint8Array) =>
  page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${Buffer.from(picture).toString('base64')}'), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], 'code.jpg', { type: 'image/jpeg' }))
    const init = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data }
    const made = '${event}' === 'drop' ? new DragEvent('drop', init) : new ClipboardEvent('paste', init)
    document.querySelector('textarea').dispatchEvent(made)
  })()`)

describeConsole('the console, pictures and shares', (open) => {
  it.each(['drop', 'paste'] as const)('scans a picture that somebody gives it: %s', async (event) => {
    const { page, mini } = await open()
    const { bytes } = await mini.wxacode.unlimited({ scene: `by=${event}`, page: 'pages/index' })
    await openApp(page, 'Scan')
    await give(page, event, bytes)
    await page.locator('.result').getByText(`by=${event}`).waitFor()
  })

  it('moves what ends by itself to its end, and agrees to and ends an authorization', async () => {
    const { page, pay, ming, simulator } = await open()
    simulator.pay.settings.payoutDelayMs = 600_000
    const row = (text: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: text })
    const openid = ming.openid()
    const toEnd = (text: string) => row(text).getByRole('button', { name: 'Go to its end' })
    await openScreen(page, 'Money')

    const { prepay_id } = await pay.transactions.jsapi({
      ...order('M000001', 10_000),
      payer: { openid },
      settle_info: { profit_sharing: true }
    })
    await ming.pay(prepay_id)
    const { transaction_id } = await pay.transactions.query({ out_trade_no: 'M000001' })
    const receiver = { type: 'PERSONAL_OPENID', account: openid } as const
    await pay.profitSharing.addReceiver({ ...receiver, relation_type: 'STAFF' })
    await pay.profitSharing.create({
      transaction_id: transaction_id ?? '',
      out_order_no: 'P000001',
      receivers: [{ ...receiver, amount: 100, description: 'Commission' }],
      unfreeze_unsplit: true
    })
    await toEnd('P000001').click()
    await row('P000001').getByText('done', { exact: true }).waitFor()

    await pay.transferBatches.create({
      out_batch_no: 'B000001',
      batch_name: 'Commission',
      batch_remark: 'March',
      total_amount: 100,
      total_num: 1,
      transfer_detail_list: [{ out_detail_no: 'D000001', transfer_amount: 100, transfer_remark: 'March', openid }]
    })
    await toEnd('B000001').click()
    await row('B000001').getByText('done', { exact: true }).waitFor()

    await pay.transferAuthorizations.create({
      out_authorization_no: 'A000001',
      openid,
      transfer_scene_id: '1005',
      user_display_name: 'Rider 7',
      authorization_notify_url: 'https://shop.example.com/pay/notify'
    })
    await row('A000001').getByRole('button', { name: 'Agree' }).click()
    await row('A000001').getByRole('button', { name: 'End it' }).click()
    await expect
      .poll(async () => (await pay.transferAuthorizations.query({ out_authorization_no: 'A000001' })).state)
      .toBe('CLOSED')
  })

  it('has the contrast of WCAG AA where text messages and files are', async () => {
    const { page, simulator } = await open()
    const sms = new Yunpian({ ...simulator.credentials.yunpian, ...simulator.clientOptions })
    await sms.sms.singleSend({ mobile: '13800138000', text: '【Shop】您的验证码是4829' })
    for (const theme of ['Dark', 'Light']) {
      await press(page, theme)
      await openScreen(page, 'SMS, files')
      await page.getByRole('main').getByText('4829').first().waitFor()
      await openApp(page, 'SMS')
      expect([theme, await page.evaluate(LOW_CONTRAST)]).toEqual([theme, []])
    }
  })
})
