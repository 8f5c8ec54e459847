import { expect, it } from 'vitest'
import { APP_ID, payWith, signedAnswer } from '../support/pay-v3.ts'

const identity = { type: 'IDCARD', number: '11010119900101001X', name: '张三丰' } as const
const order = {
  description: 'tea',
  out_trade_no: 'T202603010001',
  notify_url: 'https://shop.example.com/pay/notify',
  amount: { total: 1, currency: 'CNY' }
} as const
const partner = { ...order, sub_mchid: '1900009231' }
const scene_info = { payer_client_ip: '192.0.2.1', h5_info: { type: 'Wap' } } as const

it.each(['jsapi', 'app', 'native', 'h5'] as const)(
  'transactions.%s sends the name and the number of the payer encrypted, for sub-merchants too',
  async (name) => {
    const bodies: string[] = []
    const { pay } = payWith(({ body, headers }) => {
      bodies.push(`${body} ${headers.get('wechatpay-serial')}`)
      return signedAnswer({ prepay_id: 'wx1', code_url: 'weixin://x', h5_url: 'https://wx.tenpay.com/x' })
    })
    const scene = name === 'h5' ? { scene_info } : {}
    const payer = name === 'jsapi' ? { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', identity } : { identity }
    const sub = name === 'jsapi' ? { sp_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', identity } : { identity }
    await pay.transactions[name]({ ...order, ...scene, appid: APP_ID, payer } as never)
    await pay.partnerTransactions[name]({ ...partner, ...scene, payer: sub } as never)
    expect(bodies).toHaveLength(2)
    for (const body of bodies) {
      expect(body).not.toMatch(/11010119900101001X|张三丰/)
      expect(body).toMatch(/"number":"[\w+/=]{300,}".* PUB_KEY_ID_/)
    }
  }
)
