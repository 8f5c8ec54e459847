import { WeChatPay } from 'weixin-kit/pay'
import { toXml } from '../support/pay-v2.ts'
import { API_V3_KEY, APP_ID, BASE_OPTIONS, MCH_ID, NOW, notification, payWith } from '../support/pay-v3.ts'
import { type Mistake, Reported } from './mistake.ts'

const { pay } = payWith(() => new Response())
const PAYMENT = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'T100001',
  transaction_id: '42',
  trade_state: 'SUCCESS',
  amount: { total: 100 }
}
const came = (how: object = {}, resource: object = PAYMENT) => notification('TRANSACTION.SUCCESS', resource, how)

/** What the handler reports about one request. */
function deliver(request: { body: string; headers: Record<string, string> }, options: object = {}): Promise<string> {
  const reported = new Reported()
  const client = new WeChatPay({ ...BASE_OPTIONS, logger: reported.logger })
  const handler = client.notifyHandler({ onPaid: () => undefined, onError: reported.onError, ...options })
  return reported.after(handler(new Request('https://shop.example.com/notify', { method: 'POST', ...request })))
}

/** Receiving the notifications of API v3. */
export const PAY_NOTIFICATIONS: readonly Mistake[] = [
  {
    name: 'an address on localhost',
    make: () => {
      const { fetch: _, ...options } = BASE_OPTIONS as { fetch?: unknown } & typeof BASE_OPTIONS
      const { logger, lines } = new Reported()
      new WeChatPay({ ...options, notifyUrl: 'http://localhost:3000/pay/notify', logger })
      return lines.join()
    },
    code: 'text',
    cure: /cannot reach.*tunnel.*simulator/
  },
  {
    name: 'the key of API v2 as apiV3Key',
    make: () => deliver(came({ apiV3Key: '192006250b4c09247ec02edce69f6a2d' })),
    code: 'ERR_DECRYPT_KEY',
    cure: /apiV3Key.*merchant platform|API v2/
  },
  {
    name: 'the body that express.json() parsed',
    make: () => pay.parseNotification({ headers: came().headers, body: JSON.parse(came().body) }),
    code: 'ERR_BODY_ALREADY_PARSED',
    cure: /express\.raw/
  },
  {
    name: 'the body written anew with JSON.stringify',
    make: () =>
      pay.parseNotification({ headers: came().headers, body: JSON.stringify(JSON.parse(came().body), null, 1) }),
    code: 'ERR_SIGNATURE_MISMATCH',
    cure: /parsed and serialised again/
  },
  {
    name: 'the body without the headers',
    make: () => pay.parseNotification(came().body as never),
    code: 'ERR_INVALID_PARAM',
    cure: /\{ headers, body \}/
  },
  {
    name: 'a proxy that drops the headers',
    make: () => deliver({ body: came().body, headers: {} }),
    code: 'ERR_SIGNATURE_MISSING',
    cure: /proxy in between must not drop/
  },
  {
    name: 'a platform key that was replaced',
    make: () => deliver(came({ serial: 'PUB_KEY_ID_0119999999999999999999999999' })),
    code: 'ERR_SIGNATURE_UNKNOWN_SERIAL',
    cure: /platformKeys/
  },
  {
    name: 'a clock that is off',
    make: () => deliver(came({ timestamp: NOW - 3600 })),
    code: 'ERR_SIGNATURE_EXPIRED',
    cure: /clock of this machine.*NTP/
  },
  {
    name: 'the address of another merchant',
    make: () => deliver(came({}, { ...PAYMENT, mchid: '1900000001' })),
    code: 'ERR_DECRYPT_APPID',
    cure: /notify_url|notifyHandlerFor/
  },
  {
    name: 'a second app of the merchant',
    make: () => deliver(came({}, { ...PAYMENT, appid: 'wx00000000000000ff' })),
    code: 'ERR_DECRYPT_APPID',
    cure: /furtherAppIds/
  },
  {
    name: 'an event without a callback',
    make: () =>
      deliver(
        notification(
          'REFUND.SUCCESS',
          { ...PAYMENT, refund_id: '1', refund_status: 'SUCCESS', out_refund_no: 'R1' },
          { originalType: 'refund' }
        )
      ),
    code: 'ERR_UNEXPECTED_RESPONSE',
    cure: /add the callback/
  },
  {
    name: 'XML of API v2 at the address of v3',
    make: () => deliver({ body: toXml({ return_code: 'SUCCESS' }), headers: {} }),
    code: 'ERR_BODY_MALFORMED',
    cure: /option v2 to a WeChatPayV2/
  },
  {
    name: 'a misspelt callback',
    make: () => pay.notifyHandler({ onPay: () => undefined } as never),
    code: 'ERR_CONFIG',
    cure: /did you mean "onPaid"/
  },
  {
    name: 'a function in place of the callbacks',
    make: () => pay.notifyHandler((() => undefined) as never),
    code: 'ERR_CONFIG',
    cure: /\{ onPaid/
  },
  {
    name: 'what the callback returns called at once',
    make: () => pay.notifyHandler({ onPaid: Promise.resolve() } as never),
    code: 'ERR_CONFIG',
    cure: /pass the function itself/
  },
  {
    name: 'a callback that throws',
    make: () => deliver(came(), { onPaid: () => pay.jsapiParams(API_V3_KEY.slice(0, 3)) }),
    code: 'ERR_INVALID_PARAM',
    cure: /expected the prepay_id of an order/
  }
]
