// request, which takes the agent of the proxy; sends <root> in place of <xml>.
const WXPay = require('weixin-pay')
const { called, ming, number, steer, wait, NOTIFY } = require('./world.cjs')

const { WEIXIN_MP_APP_ID, WEIXIN_PAY_MCH_ID, WEIXIN_PAY_API_KEY, WEIXIN_PAY_P12_BASE64 } = process.env

module.exports = async () => {
  await steer('pay/changeSettings', { acceptOtherRoots: true })
  const wxpay = WXPay({
    appid: WEIXIN_MP_APP_ID,
    mch_id: WEIXIN_PAY_MCH_ID,
    partner_key: WEIXIN_PAY_API_KEY,
    pfx: Buffer.from(WEIXIN_PAY_P12_BASE64, 'base64')
  })
  const openid = await ming('openid')
  const [paid, refund, open] = Array.from({ length: 3 }, number)
  const order = (out_trade_no) => ({
    body: 'Tea',
    out_trade_no,
    total_fee: 990,
    spbill_create_ip: '203.0.113.7',
    notify_url: NOTIFY
  })
  const native = { ...order(open), trade_type: 'NATIVE', product_id: '42' }
  const money = { op_user_id: WEIXIN_PAY_MCH_ID, total_fee: 990, refund_fee: 990 }
  return [
    ['native order', async () => (await called(wxpay, 'createUnifiedOrder', native)).code_url, /^weixin:\/\/wxpay/],
    [
      'order, paid by the page',
      async () =>
        (await ming('pay', await called(wxpay, 'getBrandWCPayRequestParams', { ...order(paid), openid }))).state,
      'SUCCESS'
    ],
    ['query', async () => (await called(wxpay, 'queryOrder', { out_trade_no: paid })).trade_state, 'SUCCESS'],
    [
      'close',
      async () => {
        await wait(300_000)
        await called(wxpay, 'closeOrder', { out_trade_no: open })
        return (await steer('pay/order', open)).state
      },
      'CLOSED'
    ],
    [
      'refund',
      async () =>
        (await called(wxpay, 'refund', { ...money, out_trade_no: paid, out_refund_no: refund })).out_refund_no,
      refund
    ]
  ]
}
