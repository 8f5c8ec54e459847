// urllib 2, with an agent of its own that carries the client certificate.
const Tenpay = require('tenpay')
const { ming, number, steer, wait, NOTIFY } = require('./world.cjs')

const { WEIXIN_MP_APP_ID, WEIXIN_PAY_MCH_ID, WEIXIN_PAY_API_KEY, WEIXIN_PAY_P12_BASE64 } = process.env

module.exports = async () => {
  const api = new Tenpay({
    appid: WEIXIN_MP_APP_ID,
    mchid: WEIXIN_PAY_MCH_ID,
    partnerKey: WEIXIN_PAY_API_KEY,
    pfx: Buffer.from(WEIXIN_PAY_P12_BASE64, 'base64'),
    notify_url: NOTIFY,
    refund_url: NOTIFY,
    spbill_create_ip: '203.0.113.7'
  })
  const openid = await ming('openid')
  const [paid, refund, open, shop, pack, transfer] = Array.from({ length: 6 }, number)
  const order = (out_trade_no) => ({ out_trade_no, body: 'Tea', total_fee: 990 })
  const native = () => api.unifiedOrder({ ...order(open), trade_type: 'NATIVE', product_id: '42' })
  return [
    [
      'order, paid by the page',
      async () => (await ming('pay', await api.getPayParams({ ...order(paid), openid }))).state,
      'SUCCESS'
    ],
    ['query', async () => (await api.orderQuery({ out_trade_no: paid })).trade_state, 'SUCCESS'],
    [
      'refund',
      async () =>
        (await api.refund({ out_trade_no: paid, out_refund_no: refund, total_fee: 990, refund_fee: 990 })).refund_fee,
      '990'
    ],
    ['query the refund', async () => (await api.refundQuery({ out_refund_no: refund })).out_refund_no_0, refund],
    ['native order', async () => (await native()).code_url, /^weixin:\/\/wxpay\/bizpayurl/],
    [
      'close',
      async () => {
        await wait(300_000)
        await api.closeOrder({ out_trade_no: open })
        return (await steer('pay/order', open)).state
      },
      'CLOSED'
    ],
    [
      'payment code',
      async () => (await api.micropay({ ...order(shop), auth_code: await ming('paymentCode') })).trade_type,
      'MICROPAY'
    ],
    ['reverse', async () => (await api.reverse({ out_trade_no: shop })).recall, 'N'],
    [
      'red packet',
      async () =>
        (
          await api.sendRedpack({
            mch_billno: pack,
            re_openid: openid,
            total_amount: 100,
            send_name: 'Shop',
            wishing: 'Thanks',
            act_name: 'Spring',
            remark: '-'
          })
        ).mch_billno,
      pack
    ],
    [
      'transfer',
      async () =>
        (
          await api.transfers({
            partner_trade_no: transfer,
            openid,
            check_name: 'NO_CHECK',
            amount: 100,
            desc: 'Bonus'
          })
        ).partner_trade_no,
      transfer
    ],
    ['unknown order', () => api.orderQuery({ out_trade_no: number() }).catch((error) => error.message), /ORDERNOTEXIST/]
  ]
}
