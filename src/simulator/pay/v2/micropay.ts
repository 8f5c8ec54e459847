import { askForPassword, reverseOrder } from '../code-payment.ts'
import { PayFailure } from '../failures.ts'
import { payEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { may, need, ORDER_NUMBERS } from './fields.ts'
import { paidFields } from './order-fields.ts'
import { draftOf, MICROPAY_RULES, orderOf } from './orders.ts'

function micropay(call: V2Call): V2Answer {
  const { world, fields } = call
  // The money is there or not at once: a second call with the same number asks for the first one's state.
  const draft = draftOf(call, 'MICROPAY')
  const order = askForPassword(world, draft, fields.auth_code ?? '')
  if (order.state === 'USERPAYING') throw new PayFailure('USERPAYING')
  return paidFields(order)
}

function reverse(call: V2Call): V2Answer {
  reverseOrder(call.world, orderOf(call))
  return { recall: 'N' }
}

function authCodeToOpenid(call: V2Call): V2Answer {
  const { world, merchant, fields } = call
  const { user } = world.authCodes.read(fields.auth_code ?? '', merchant.mchId, false)
  const sub = fields.sub_appid ? { sub_openid: user.openid(fields.sub_appid) } : {}
  return { openid: user.openid(fields.appid ?? ''), ...sub }
}

const SHORT_URL = 'weixin://wxpay/s/'

export const MICROPAY_ENDPOINTS: readonly V2Endpoint[] = [
  payEndpoint('/pay/micropay', MICROPAY_RULES, micropay),
  payEndpoint('/secapi/pay/reverse', { appid: need(32), sub_mch_id: may(32), ...ORDER_NUMBERS }, reverse, {
    needsCertificate: true
  }),
  payEndpoint('/tools/authcodetoopenid', { appid: need(32), auth_code: need(128) }, authCodeToOpenid),
  payEndpoint('/tools/shorturl', { appid: need(32), long_url: need(512) }, ({ world }) => ({
    short_url: `${SHORT_URL}${world.context.random.text(8)}`
  })),
  payEndpoint('/payitil/report', { appid: need(32) }, () => ({}), { signsAnswer: false })
]
