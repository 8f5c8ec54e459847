// axios; the calls of API v2 that move money have an agent of their own for the client certificate.
const { createHash } = require('node:crypto')
const { Wechatpay, Rsa, FormData } = require('wechatpay-axios-plugin')
const { ming, number, steer, wait, NOTIFY, PNG } = require('./world.cjs')

const { WEIXIN_MP_APP_ID: appid, WEIXIN_PAY_MCH_ID: mchid, WEIXIN_PAY_PUBLIC_KEY_ID: keyId } = process.env

module.exports = async () => {
  const wxpay = new Wechatpay({
    mchid,
    serial: process.env.WEIXIN_PAY_CERT_SERIAL,
    privateKey: process.env.WEIXIN_PAY_PRIVATE_KEY,
    certs: { [keyId]: process.env.WEIXIN_PAY_PUBLIC_KEY },
    secret: process.env.WEIXIN_PAY_API_KEY,
    merchant: { cert: process.env.WEIXIN_PAY_CERT, key: process.env.WEIXIN_PAY_PRIVATE_KEY }
  })
  const { transactions } = wxpay.v3.pay
  const { refunds } = wxpay.v3.refund.domestic
  const platformKey = Rsa.from(process.env.WEIXIN_PAY_PUBLIC_KEY, Rsa.KEY_TYPE_PUBLIC)
  const openid = await ming('openid')
  const [paid, refund, open, bill, old, oldRefund] = Array.from({ length: 6 }, number)
  const order = (out_trade_no) => ({
    appid,
    mchid,
    description: 'Tea',
    out_trade_no,
    notify_url: NOTIFY,
    amount: { total: 990, currency: 'CNY' }
  })
  const amount = { refund: 990, total: 990, currency: 'CNY' }
  const v2 = { appid, mch_id: mchid }
  const oldOrder = {
    ...v2,
    body: 'Tea',
    out_trade_no: old,
    total_fee: '990',
    spbill_create_ip: '203.0.113.7',
    trade_type: 'JSAPI',
    openid,
    notify_url: NOTIFY
  }
  const oldMoney = { ...v2, out_trade_no: old, out_refund_no: oldRefund, total_fee: '990', refund_fee: '990' }
  const meta = { filename: 'a.png', sha256: createHash('sha256').update(PNG).digest('hex') }
  const form = new FormData().append('meta', JSON.stringify(meta), 'meta.json').append('file', PNG, 'a.png')
  return [
    [
      'v3 order, paid',
      async () => {
        const { data } = await transactions.jsapi.post({ ...order(paid), payer: { openid } })
        return (await ming('pay', data.prepay_id)).state
      },
      'SUCCESS'
    ],
    [
      'v3 query',
      async () =>
        (await transactions.outTradeNo._out_trade_no_.get({ params: { mchid }, out_trade_no: paid })).data.trade_state,
      'SUCCESS'
    ],
    [
      'v3 refund',
      async () => (await refunds.post({ out_trade_no: paid, out_refund_no: refund, amount })).data.out_refund_no,
      refund
    ],
    [
      'v3 query the refund',
      async () => (await refunds._out_refund_no_.get({ out_refund_no: refund })).data.amount.refund,
      990
    ],
    [
      'v3 close',
      async () => {
        await transactions.native.post(order(open))
        await wait(300_000)
        await transactions.outTradeNo._out_trade_no_.close.post({ mchid }, { out_trade_no: open })
        return (await steer('pay/order', open)).state
      },
      'CLOSED'
    ],
    [
      'v3 transfer with an encrypted name',
      async () => {
        const params = {
          appid,
          out_bill_no: bill.slice(-32),
          openid,
          transfer_scene_id: '1009',
          transfer_amount: 3000,
          transfer_remark: 'Goods',
          user_name: Rsa.encrypt('张三', platformKey),
          transfer_scene_report_infos: [{ info_type: '采购商品名称', info_content: '茶叶' }]
        }
        const headers = { 'Wechatpay-Serial': keyId }
        return (await wxpay.v3.fundApp.mchTransfer.transferBills.post(params, { headers })).data.state
      },
      'WAIT_USER_CONFIRM'
    ],
    [
      'v3 upload of a picture',
      async () =>
        (await wxpay.v3.merchant.media.upload.post(form.getBuffer(), { meta, headers: form.getHeaders() })).data
          .media_id,
      /^\S{20,}$/
    ],
    [
      'v2 order, paid',
      async () => (await ming('pay', (await wxpay.v2.pay.unifiedorder.post(oldOrder)).data.prepay_id)).state,
      'SUCCESS'
    ],
    [
      'v2 query',
      async () => (await wxpay.v2.pay.orderquery.post({ ...v2, out_trade_no: old })).data.trade_state,
      'SUCCESS'
    ],
    [
      'v2 refund, with the client certificate',
      async () => (await wxpay.v2.secapi.pay.refund.post(oldMoney, { security: true })).data.out_refund_no,
      oldRefund
    ]
  ]
}
