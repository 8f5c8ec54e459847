import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Qiniu } from 'weixin-kit/qiniu'
import { codeOf, toXml, signedAnswer as v2Answer, clientWith as v2With } from '../support/pay-v2.ts'
import { APP_ID, MCH_ID, notification, payWith, platformHeaders } from '../support/pay-v3.ts'

const PAID = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: '20260301000001',
  transaction_id: '4200001',
  trade_state: 'SUCCESS',
  amount: { total: 1 }
}
const { pay } = payWith(() => new Response(null))

describe('a notification of API v3', () => {
  it('is refused when a line break in the nonce hides the start of what was signed', async () => {
    const { body } = notification('TRANSACTION.SUCCESS', PAID)
    const headers = platformHeaders(`first line\n${body}`, { nonce: 'nonce' })
    for (const nonce of ['nonce\nfirst line', 'nonce\r\nfirst line'])
      expect(
        await codeOf(() => pay.parseNotification({ headers: { ...headers, 'wechatpay-nonce': nonce }, body }))
      ).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it('is refused when its text is not what was signed, though it has the same bytes', async () => {
    const { body } = notification('TRANSACTION.SUCCESS', PAID)
    const text = body.replace('"id":"', '"id":"\ufffd')
    const headers = platformHeaders(text)
    await pay.parseNotification({ headers, body: text })
    expect(await codeOf(() => pay.parseNotification({ headers, body: text.replace('\ufffd', '\ud800') }))).toBe(
      'ERR_SIGNATURE_MISMATCH'
    )
  })

  it('has a key also when a number of it is half of a surrogate pair', async () => {
    const { headers, body } = notification('TRANSACTION.SUCCESS', { ...PAID, transaction_id: '42\ud800' })
    const paid: string[] = []
    const handler = pay.notifyHandler({ onPaid: ({ out_trade_no }) => paid.push(out_trade_no) })
    const deliver = () => handler(new Request('https://shop.example.com/n', { method: 'POST', headers, body }))
    expect([(await deliver()).status, (await deliver()).status]).toEqual([204, 204])
    expect(paid).toEqual([PAID.out_trade_no])
  })
})

describe('elements where XML of API v2 has text', () => {
  const { pay: pay2 } = v2With('')
  const outer = { return_code: 'SUCCESS', appid: 'wx2421b1c4370ec43b', mch_id: '1900000109', req_info: 'AAAA' }

  it.each(Object.keys(outer))('make a refund notification malformed: %s', async (name) => {
    const nested = toXml({ ...outer, [name]: '' }).replace(
      new RegExp(`<${name}>.*?</${name}>`),
      `<${name}><a>1</a><a>2</a></${name}>`
    )
    expect(nested).toContain('<a>2</a>')
    expect(await codeOf(() => pay2.parseRefundNotification(nested))).toBe('ERR_UNEXPECTED_RESPONSE')
  })
})

describe('a text that is not what was signed, though it has the same bytes', () => {
  it('is no notification of API v2', async () => {
    const { pay: pay2 } = v2With('')
    const paid = { transaction_id: '4200001', out_trade_no: '20260301000001', total_fee: '1', attach: 'a\ufffdb' }
    const xml = v2Answer(paid)
    expect(pay2.parseNotification(xml)).toMatchObject({ attach: paid.attach })
    expect(await codeOf(() => pay2.parseNotification(xml.replace('\ufffd', '\ud800')))).toBe('ERR_BODY_MALFORMED')
  })

  it('is no callback of Qiniu', () => {
    const [accessKey, secretKey] = ['access-key', 'secret-key']
    const qiniu = new Qiniu({ accessKey, secretKey, bucket: 'photos', domain: 'https://cdn.example.com' })
    const body = 'key=a\ufffdb'
    const sign = createHmac('sha1', secretKey).update(`/q\n${body}`).digest('base64url')
    const request = {
      method: 'POST',
      host: 'shop.example.com',
      target: '/q',
      contentType: 'application/x-www-form-urlencoded',
      authorization: `QBox ${accessKey}:${sign}=`
    }
    expect(qiniu.verifyCallback({ ...request, body })).toBe('QBox')
    expect(() => qiniu.verifyCallback({ ...request, body: 'key=a\ud800b' })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' })
    )
  })
})
