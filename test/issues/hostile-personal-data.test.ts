import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clientWith, codeOf, errorOf, networkError } from '../support/pay-v2.ts'

const PERSON = {
  contract_display_account: '张三',
  mobile: '13800001234',
  email: 'zhangsan@mail.example.com',
  creid: '110101199001010010',
  qq: '99887766'
}
const CONTRACT = {
  plan_id: '12535',
  contract_code: 'C20260301000001',
  request_serial: '1',
  notify_url: 'https://shop.example.com/n',
  clientip: '203.0.113.7',
  ...PERSON
}

describe('a contract that is signed in a browser', () => {
  it('tells no log and no error about the person whose data are in its address', async () => {
    const lines: string[] = []
    const note = (message: string, fields?: unknown) => void lines.push(message, inspect(fields))
    const logger = { debug: note, info: note, warn: note, error: note }
    const { pay } = clientWith([networkError('ECONNRESET')], { logger, maxRetries: 0 })
    const error = await errorOf(() => pay.papay.signH5(CONTRACT))
    const shown = [inspect(error, { depth: 9 }), JSON.stringify(error), ...lines].join('\n')
    expect(shown).toContain('contract_code=C20260301000001')
    for (const value of Object.values(PERSON)) {
      expect(shown).not.toContain(value)
      expect(shown).not.toContain(encodeURIComponent(value))
    }
  })

  it.each([
    'weixin:javascript:alert(1)',
    'weixin://dl/business',
    ' https://wx.tenpay.com/a',
    'https://wx.tenpay.com/a\n"><script>',
    'https://evil.example\\@wx.tenpay.com/',
    'https://user:word@wx.tenpay.com/',
    'http://wx.tenpay.com/',
    'https://wx.tenpay.com.evil.example/'
  ])('goes to pages of WeChat only, not to %j', async (url) => {
    const { pay } = clientWith(answer(`<![CDATA[${url}]]>`))
    expect(await codeOf(() => pay.papay.signH5(CONTRACT))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('goes to pages of WeChat', async () => {
    for (const url of ['weixin://wap/pay?appid=wx1&sign=A%2B', 'https://payapp.weixin.qq.com/h5?a=1&b=2']) {
      const { pay } = clientWith(answer(`<![CDATA[${url}]]>`))
      expect(await pay.papay.signH5(CONTRACT)).toEqual({ redirect_url: url })
    }
  })

  it('says what is wrong with a response that has elements for an address', async () => {
    const { pay } = clientWith(answer('<a>1</a><a>2</a>'))
    expect(await codeOf(() => pay.papay.signH5(CONTRACT))).toBe('ERR_UNEXPECTED_RESPONSE')
  })
})

function answer(url: string): string {
  return `<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><redirect_url>${url}</redirect_url></xml>`
}
