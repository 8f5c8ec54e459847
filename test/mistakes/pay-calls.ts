import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'
import { BASE_OPTIONS, KEYS, payWith, signedAnswer } from '../support/pay-v3.ts'
import type { Mistake } from './mistake.ts'

const { pay } = payWith(() => signedAnswer({ prepay_id: 'wx201410272009395522657a690389285100' }))
const ORDER = {
  description: 'Tea',
  out_trade_no: 'T20260101000001',
  amount: { total: 100 },
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' }
}
const REFUND = {
  out_trade_no: 'T20260101000001',
  out_refund_no: 'R1',
  amount: { refund: 1, total: 1, currency: 'CNY' }
}

/** A client on a simulator of its own, whose options may be wrong. */
function onSimulator(options: object = {}) {
  const simulator = createSimulator()
  const { credentials, clientOptions } = simulator
  const client = new WeChatPay({
    ...credentials.payV3,
    ...clientOptions,
    notifyUrl: 'https://shop.example.com/notify',
    maxRetries: 0,
    ...options
  })
  const user = simulator.user('ming')
  return { simulator, client, order: { ...ORDER, payer: { openid: user.openid() } } }
}

/** An order with something else in it. */
const order = (name: string, change: object, cure: RegExp): Mistake => ({
  name,
  make: () => pay.transactions.jsapi({ ...ORDER, ...change } as never),
  code: 'ERR_INVALID_PARAM',
  cure
})
const call = (name: string, make: () => unknown, cure: RegExp, not?: RegExp): Mistake => ({
  name,
  make,
  code: 'ERR_INVALID_PARAM',
  cure,
  ...(not ? { not } : {})
})
const refused = (name: string, make: () => unknown, cure: RegExp): Mistake => ({
  name,
  make,
  code: 'ERR_WECHAT_PAY',
  cure
})

/** Orders, refunds and other calls of API v3. */
export const PAY_CALLS: readonly Mistake[] = [
  order('yuan in place of fen', { amount: { total: 0.01 } }, /fen/),
  order('an amount as text', { amount: { total: '100' } }, /fen/),
  order('an amount without its object', { amount: 100 }, /amount.*total/),
  order('total_fee, as in v2', { amount: undefined, total_fee: 100 }, /amount.*total/),
  order('body, as in v2', { description: undefined, body: 'Tea' }, /"description".*required/),
  order('the openid beside the order, as in v2', { payer: undefined, openid: 'oUpF8' }, /payer.*openid/),
  order(
    'camelCase in place of the wire names',
    { out_trade_no: undefined, outTradeNo: 'T1' },
    /did you mean "out_trade_no"/
  ),
  order('a number of the order that is too long', { out_trade_no: 'T'.repeat(33) }, /6 to 32 of the characters/),
  order('Chinese in the number of the order', { out_trade_no: '订单2026010100' }, /0-9 A-Z a-z/),
  order('a number where text is due', { out_trade_no: 2026010100001 }, /text/),
  order('a time without its zone', { time_expire: '2026-03-01 13:15:40' }, /\+08:00/),
  order('milliseconds as time_expire', { time_expire: 1772342140000 }, /Date or a time with a zone/),
  order('a notify_url with a query', { notify_url: 'https://a.example.com/n?shop=1' }, /without query/),
  order('a relative notify_url', { notify_url: '/pay/notify' }, /absolute http: or https: URL/),
  call(
    'no notify_url anywhere',
    () => new WeChatPay({ ...BASE_OPTIONS, notifyUrl: undefined }).transactions.jsapi(ORDER),
    /option notifyUrl/
  ),
  {
    name: 'no appid anywhere',
    make: () => new WeChatPay({ ...BASE_OPTIONS, appId: undefined }).transactions.jsapi(ORDER),
    code: 'ERR_CONFIG',
    cure: /option appId/
  },
  call(
    'the await before the order forgotten',
    () => pay.jsapiParams(Promise.resolve({ prepay_id: 'wx' }) as never),
    /await/
  ),
  call(
    'the whole response as prepay_id',
    () => pay.jsapiParams({ prepay_id: 'wx201410272009395522657a' } as never),
    /order\.prepay_id/
  ),
  call('prepay_id with its name', () => pay.jsapiParams('prepay_id=wx201410272009395522657a'), /without "prepay_id="/),
  call(
    'a code of a QR picture as prepay_id',
    () => pay.jsapiParams('weixin://wxpay/bizpayurl?pr=p4lpSuKzz'),
    /prepay_id of an order/
  ),
  call(
    'a refund without the total of the order',
    () => pay.refunds.create({ ...REFUND, amount: { refund: 1, currency: 'CNY' } } as never),
    /amount\.total.*required/
  ),
  call(
    'a refund that is larger than the order',
    () => pay.refunds.create({ ...REFUND, amount: { refund: 2, total: 1, currency: 'CNY' } }),
    /total/
  ),
  call(
    'a refund in yuan',
    () => pay.refunds.create({ ...REFUND, amount: { refund: 19.8, total: 19.8, currency: 'CNY' } }),
    /fen/
  ),
  call(
    'a refund that names no order',
    () => pay.refunds.create({ ...REFUND, out_trade_no: undefined } as never),
    /transaction_id|out_trade_no/
  ),
  call('a query with the bare number', () => pay.transactions.query('T20260101000001' as never), /\{ out_trade_no \}/),
  call('a bill by a date with slashes', () => pay.bills.trade({ bill_date: '2026/03/01' }), /2026-03-01/),
  call(
    'a transfer number with a hyphen',
    () => pay.transfers.create({ out_bill_no: 'T-1' } as never),
    /letters and digits only/
  ),
  call(
    'the whole address as path',
    () => pay.request({ method: 'GET', path: 'https://api.mch.weixin.qq.com/v3/x' }),
    /slash|without host|path/
  ),
  refused(
    'the openid of another app',
    () => {
      const { client, order, simulator } = onSimulator()
      const openid = simulator.user('ming').openid(simulator.credentials.miniProgram.appId)
      return client.transactions.jsapi({ ...order, payer: { openid } })
    },
    /appid|app that placed/
  ),
  refused(
    'the appid of another account',
    () => {
      const { client, order } = onSimulator({ appId: 'wx00000000000000ff' })
      return client.transactions.jsapi(order)
    },
    /bound|AppID account management/
  ),
  refused(
    'the private key of another certificate',
    () => {
      const { client, order } = onSimulator({ privateKey: KEYS.merchantPrivateKey })
      return client.transactions.jsapi(order)
    },
    /private key.*serial|certSerial|apiclient/
  ),
  refused(
    'a serial number that WeChat Pay does not know',
    () => {
      const { client, order } = onSimulator({ certSerial: 'AB'.repeat(20) })
      return client.transactions.jsapi(order)
    },
    /openssl x509 -noout -serial/
  ),
  {
    name: 'a clock that is an hour off',
    make: () => {
      const { client, order } = onSimulator({ clock: () => Date.now() + 3_600_000 })
      return client.transactions.jsapi(order)
    },
    code: 'ERR_WECHAT_PAY',
    cure: /clock of this machine.*NTP/
  },
  refused(
    'a number that was used with another amount',
    async () => {
      const { client, order } = onSimulator()
      await client.transactions.jsapi(order)
      return client.transactions.jsapi({ ...order, amount: { total: 200 } })
    },
    /new number for a new order/
  ),
  refused(
    'a product that is not activated',
    () => {
      const { client, order, simulator } = onSimulator()
      simulator.fail('/v3/pay/transactions/jsapi', { errcode: 'NO_AUTH', status: 403, times: 1 })
      return client.transactions.jsapi(order)
    },
    /merchant platform, product centre/
  ),
  {
    name: 'the public key of another merchant as platform key',
    make: () => {
      const { client, order } = onSimulator({
        platformKeys: { PUB_KEY_ID_0119999999999999999999999999: KEYS.platformPublicKey }
      })
      return client.transactions.jsapi(order)
    },
    code: 'ERR_SIGNATURE_UNKNOWN_SERIAL',
    cure: /platformKeys/
  }
]
