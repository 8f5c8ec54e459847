import { describe, expectTypeOf, it } from 'vitest'
import type { MiniProgram, OpenData, PhoneInfo, Session } from 'weixin-kit/miniapp'

declare const mini: MiniProgram

describe('MiniProgram', () => {
  it('keeps session_key away from the client', () => {
    expectTypeOf(mini.session.start('code')).resolves.not.toHaveProperty('session_key')
    expectTypeOf(mini.session.find('token')).resolves.toEqualTypeOf<Session | undefined>()
    expectTypeOf(mini.auth.code2Session('code')).resolves.toHaveProperty('session_key').toBeString()
  })

  it('types what was decrypted', () => {
    const params = { sessionKey: 'k', encryptedData: 'e', iv: 'i' }
    expectTypeOf(mini.decrypt(params)).toEqualTypeOf<OpenData>()
    expectTypeOf(mini.decrypt(params).watermark.appid).toBeString()
    expectTypeOf(mini.phone.get('code')).resolves.toEqualTypeOf<PhoneInfo>()
    // @ts-expect-error the iv is missing
    mini.decrypt({ sessionKey: 'k', encryptedData: 'e' })
  })

  it('names a payment in one of two ways', () => {
    mini.auth.paidUnionid({ openid: 'o', transaction_id: 't' })
    mini.auth.paidUnionid({ openid: 'o', mch_id: 'm', out_trade_no: 'n' })
    // @ts-expect-error half of the second way
    mini.auth.paidUnionid({ openid: 'o', mch_id: 'm' })
  })

  it('gives pictures, links and results', () => {
    expectTypeOf(mini.wxacode.unlimited({ scene: 'a' }))
      .resolves.toHaveProperty('contentType')
      .toEqualTypeOf<'image/jpeg' | 'image/png'>()
    expectTypeOf(mini.urlLinks.generateScheme()).resolves.toBeString()
    expectTypeOf(mini.urlLinks.queryScheme('s')).resolves.toHaveProperty('scheme_info')
    expectTypeOf(mini.security.msgSecCheck({ content: 'x', scene: 1, openid: 'o' })).resolves.toHaveProperty('result')
    // @ts-expect-error no such scene
    mini.security.msgSecCheck({ content: 'x', scene: 5, openid: 'o' })
    // @ts-expect-error no such version
    mini.wxacode.limited({ path: 'p', env_version: 'beta' })
  })

  it('sends its four types of message and pictures only', () => {
    const touser = 'o'
    const link = { title: '', description: '', url: '', thumb_url: '' }
    mini.customerService.send({ touser, msgtype: 'link', link })
    // @ts-expect-error a type of Official Accounts
    mini.customerService.send({ touser, msgtype: 'voice', voice: { media_id: 'm' } })
    // @ts-expect-error mini programs upload pictures
    mini.media.upload({ type: 'video', data: new Uint8Array(1), fileName: 'a.mp4' })
    // @ts-expect-error data values are texts
    mini.subscribeMessages.send({ touser, template_id: 't', data: { number1: { value: 7 } } })
  })
})
