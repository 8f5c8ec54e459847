// superagent, which takes none of the agents that read variables.
const WxPay = require('wechatpay-node-v3')
const { ming, number, steer, wait, NOTIFY } = require('./world.cjs')

const { WEIXIN_MP_APP_ID, WEIXIN_PAY_MCH_ID, WEIXIN_PAY_API_V3_KEY } = process.env

module.exports = async () => {
  const pay = new WxPay({
    appid: WEIXIN_MP_APP_ID,
    mchid: WEIXIN_PAY_MCH_ID,
    publicKey: Buffer.from(process.env.WEIXIN_PAY_CERT),
    privateKey: Buffer.from(process.env.WEIXIN_PAY_PRIVATE_KEY),
    key: WEIXIN_PAY_API_V3_KEY
  })
  const openid = await ming('openid')
  const [paid, refund, open, app] = Array.from({ length: 4 }, number)
  const order = (out_trade_no) => ({
    description: 'Tea',
    out_trade_no,
    notify_url: NOTIFY,
    amount: { total: 990 }
  })
  const amount = { refund: 990, total: 990, currency: 'CNY' }
  return [
    [
      'JSAPI order, paid by the page',
      async () => (await ming('pay', (await pay.transactions_jsapi({ ...order(paid), payer: { openid } })).data)).state,
      'SUCCESS'
    ],
    ['query', async () => (await pay.query({ out_trade_no: paid })).data.trade_state, 'SUCCESS'],
    [
      'refund',
      async () => (await pay.refunds({ out_trade_no: paid, out_refund_no: refund, amount })).data.out_refund_no,
      refund
    ],
    ['query the refund', async () => (await pay.find_refunds(refund)).data.amount.refund, 990],
    ['native order', async () => (await pay.transactions_native(order(open))).data.code_url, /^weixin:\/\/wxpay/],
    [
      'close',
      async () => {
        await wait(300_000)
        await pay.close(open)
        return (await steer('pay/order', open)).state
      },
      'CLOSED'
    ],
    ['APP order', async () => (await pay.transactions_app(order(app))).data.appid, WEIXIN_MP_APP_ID],
    [
      'receiver of a share',
      async () =>
        (
          await pay.profitsharing_receivers_add({
            type: 'PERSONAL_OPENID',
            account: openid,
            relation_type: 'PARTNER'
          })
        ).data.account,
      openid
    ],
    ['unknown order', async () => (await pay.query({ out_trade_no: number() })).status, 404]
  ]
}
