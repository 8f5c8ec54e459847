import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, signedPayNotification } from 'weixin-kit/simulator'
import { API_KEY, APP_ID, clientWith, MCH_ID, OPENID, OTHER_KEY } from '../support/pay-v2.ts'
import { notification } from '../support/pay-v3.ts'
import { type Mistake, Reported } from './mistake.ts'

const OPTIONS = { appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY, notifyUrl: 'https://shop.example.com/pay/notify' }
const { pay } = clientWith('')
const ORDER = {
  trade_type: 'JSAPI',
  openid: OPENID,
  body: 'Tea',
  out_trade_no: 'T20260101000001',
  total_fee: 100,
  spbill_create_ip: '203.0.113.7'
} as const
const REFUND = { out_trade_no: 'T20260101000001', out_refund_no: 'R1', total_fee: 1, refund_fee: 1 }

const config = (name: string, options: object, cure: RegExp): Mistake => ({
  name,
  make: () => new WeChatPayV2({ ...OPTIONS, ...options }),
  code: 'ERR_CONFIG',
  cure
})
const order = (name: string, change: object, cure: RegExp): Mistake => ({
  name,
  make: () => pay.orders.unified({ ...ORDER, ...change } as never),
  code: 'ERR_INVALID_PARAM',
  cure
})
const call = (name: string, make: () => unknown, cure: RegExp): Mistake => ({
  name,
  make,
  code: 'ERR_INVALID_PARAM',
  cure
})

function onSimulator(options: object = {}) {
  const simulator = createSimulator()
  const { credentials, clientOptions } = simulator
  const client = new WeChatPayV2({
    ...credentials.payV2,
    ...clientOptions,
    notifyUrl: OPTIONS.notifyUrl,
    maxRetries: 0,
    ...options
  })
  return { simulator, client, order: { ...ORDER, openid: simulator.user('ming').openid() } }
}

function deliver(request: Request): Promise<string> {
  const reported = new Reported()
  const client = new WeChatPayV2({ ...OPTIONS, logger: reported.logger })
  return reported.after(client.notifyHandler({ onPaid: () => undefined, onError: reported.onError })(request))
}
const signed = {
  appId: APP_ID,
  mchId: MCH_ID,
  apiKey: API_KEY,
  signType: 'HMAC-SHA256',
  fields: { total_fee: 100 }
} as const

/** API v2: options, orders, refunds, notifications. */
export const PAY_V2: readonly Mistake[] = [
  config('the APIv3 key under its own name', { apiV3Key: API_KEY }, /apiKey/),
  config('a key of another length', { apiKey: API_KEY.slice(1) }, /API v2 key.*32 characters/),
  config('a key with a line break', { apiKey: `${API_KEY}\n` }, /paste it without/),
  config('the names of another library', { partnerKey: API_KEY, apiKey: undefined }, /apiKey/),
  config('the path of the .p12', { clientCert: { pfx: './apiclient_cert.p12' } }, /readFileSync/),
  config('a certificate without its key', { clientCert: { cert: 'x' } }, /key/),
  config('the .p12 as clientCert itself', { clientCert: Buffer.from([0x30, 0x82]) }, /\{ pfx/),
  order('yuan in place of fen', { total_fee: 0.01 }, /fen/),
  order('yuan as text', { total_fee: '1.00' }, /fen/),
  order('no openid', { openid: undefined }, /openid.*required.*JSAPI/),
  order('a trade_type in lower case', { trade_type: 'jsapi' }, /"JSAPI"/),
  order('a native order without product_id', { trade_type: 'NATIVE', openid: undefined }, /product_id/),
  order('description, as in v3', { body: undefined, description: 'Tea' }, /"body".*required/),
  order('the signature made by hand', { sign: 'ABC' }, /filled by the client: leave it out/),
  order('the appid beside the order', { appid: 'wx00000000000000ff' }, /furtherAppIds/),
  order('camelCase in place of the wire names', { outTradeNo: 'T20260101000001' }, /did you mean "out_trade_no"/),
  order('no address of the payer', { spbill_create_ip: 'localhost' }, /IPv4 or IPv6/),
  order('a time that is no time', { time_expire: '2026-03-01 13:15' }, /20260301131540/),
  order('a notify_url with a query', { notify_url: 'https://a.example.com/n?x=1' }, /without query/),
  call('the await before the order forgotten', () => pay.jsapiParams(Promise.resolve({}) as never), /await/),
  call('the whole response as prepay_id', () => pay.jsapiParams({ prepay_id: 'wx' } as never), /order\.prepay_id/),
  {
    name: 'a refund without the certificate',
    make: () => pay.refunds.create(REFUND),
    code: 'ERR_CONFIG',
    cure: /clientCert/
  },
  call('a refund larger than the order', () => pay.refunds.create({ ...REFUND, refund_fee: 2 }), /total_fee/),
  call('a bill by a date with hyphens', () => pay.bills.trade({ bill_date: '2026-03-01' } as never), /20260301/),
  {
    name: 'the key of another merchant, or that of v3',
    make: () => {
      const { client, order } = onSimulator({ apiKey: OTHER_KEY })
      return client.orders.unified(order)
    },
    code: 'ERR_WECHAT_PAY',
    cure: /apiKey|API v2 key|API 密钥/
  },
  {
    name: 'the openid of another app',
    make: () => {
      const { client, order, simulator } = onSimulator()
      const openid = simulator.user('ming').openid(simulator.credentials.miniProgram.appId)
      return client.orders.unified({ ...order, openid })
    },
    code: 'ERR_WECHAT_PAY',
    cure: /appid/
  },
  {
    name: 'a notification under another key',
    make: () => deliver(signedPayNotification({ ...signed, apiKey: OTHER_KEY })),
    code: 'ERR_SIGNATURE_MISMATCH',
    cure: /apiKey|API v2 key/
  },
  {
    name: 'orders in MD5 and a client in HMAC-SHA256',
    make: () => deliver(signedPayNotification({ ...signed, signType: 'MD5' })),
    code: 'ERR_SIGNATURE_MISMATCH',
    cure: /signType/
  },
  {
    name: 'a notification of API v3 at the address of v2',
    make: () => {
      const { body, headers } = notification('TRANSACTION.SUCCESS', {})
      return deliver(new Request('https://shop.example.com/n', { method: 'POST', body, headers }))
    },
    code: 'ERR_BODY_MALFORMED',
    cure: /API v3|weixin-kit\/pay/
  },
  {
    name: 'the parsed XML in place of the bytes',
    make: () => pay.parseNotification({ return_code: 'SUCCESS' } as never),
    code: 'ERR_BODY_ALREADY_PARSED',
    cure: /raw/
  }
]
