import { expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { QiniuEndpoints } from '../../src/qiniu/hosts.ts'
import { describeErrcode } from '../../src/wechat-api/errcodes/describe-errcode.ts'

// A pattern that begins anew at every character takes minutes for these: the time limit of a test is what fails.

it('an error text of half a megabyte gets its hint at once', () => {
  const errmsg = `${'a'.repeat(500_000)} data.thing1.value`
  expect(describeErrcode(47003, { operation: 'messages.send', errmsg })?.hint.en).not.toContain('The field a')
  expect(
    describeErrcode(47003, { operation: 'messages.send', errmsg: 'argument invalid! data.thing1.value' })?.hint.en
  ).toContain('The field thing1')
  for (const text of ['1.'.repeat(500_000), ':'.repeat(500_000), 'a:'.repeat(500_000)])
    expect(describeErrcode(40164, { operation: 'users.info', errmsg: text })).toBeDefined()
})

it('notifications of sections that never end are refused at once', { timeout: 5_000 }, async () => {
  const pay = new WeChatPayV2({
    appId: 'wx8888888888888888',
    mchId: '1900000109',
    apiKey: '192006250b4c09247ec02edce69f6a2d'
  })
  const codes: unknown[] = []
  const handler = pay.notifyHandler({
    onPaid: () => undefined,
    onRefund: () => undefined,
    onError: (error) => codes.push((error as { code: string }).code)
  })
  const body = `<xml>${'<![CDATA['.repeat(7_200)}`
  for (let i = 0; i < 100; i++) await handler(new Request('https://shop.example.com/n', { method: 'POST', body }))
  expect(codes).toEqual(Array.from({ length: 100 }, () => 'ERR_BODY_MALFORMED'))
})

it('a host of a megabyte in a response of Qiniu is no host of Qiniu, at once', () => {
  const endpoints = new QiniuEndpoints('http://127.0.0.1:8080/uc.qiniuapi.com')
  expect(endpoints.url('rs-z0.qiniuapi.com', '/').host).toBe('127.0.0.1:8080')
  for (const host of ['a'.repeat(1_000_000), 'a.'.repeat(500_000)])
    expect(endpoints.url(host, '/').host).toHaveLength(host.length)
})

it('the handlers of API v2 take a limit for bodies', async () => {
  const body = `<xml>${' '.repeat(200)}</xml>`
  const pay = new WeChatPayV2({
    appId: 'wx8888888888888888',
    mchId: '1900000109',
    apiKey: '192006250b4c09247ec02edce69f6a2d'
  })
  const callback = () => undefined
  const errors: unknown[] = []
  const options = { bodyLimitBytes: 100, onError: (error: unknown) => errors.push(error) }
  for (const handler of [
    pay.notifyHandler({ onPaid: callback, ...options }),
    pay.refundNotifyHandler({ onRefund: callback, ...options }),
    pay.contractNotifyHandler({ onContract: callback, ...options })
  ])
    await handler(new Request('https://shop.example.com/n', { method: 'POST', body }))
  expect(errors).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ code: 'ERR_BODY_TOO_LARGE' })))
  expect(() => pay.notifyHandler({ onPaid: callback, bodyLimitBytes: 0 })).toThrow('bodyLimitBytes')
})
