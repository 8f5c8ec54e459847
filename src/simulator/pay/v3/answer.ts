import { PAY_V3_SCHEMA, payV3AnswerMessage, SIGN_TEST_PREFIX, signPayV3 } from '../../crypto/pay-v3.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { textResponse } from '../../framework/text-response.ts'
import { transportTime } from '../../framework/transport-time.ts'
import { upstreamJson } from '../../framework/upstream-json.ts'
import type { V3Failure } from '../failures.ts'
import type { PayWorld } from '../world.ts'
import { requestId } from './notification.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** A response with its Wechatpay-* headers; a 204 is signed too, over an empty body. */
export function signedAnswer(
  world: PayWorld,
  exchange: Exchange,
  merchant: MerchantAccount,
  status: number,
  content: object | undefined,
  reason = 0
): Response {
  const body = content === undefined ? '' : upstreamJson(content)
  const { serial, key } = world.platform.forAnswer(merchant, exchange.headers.get('wechatpay-serial'))
  const timestamp = Math.floor(transportTime(world.context.clock, exchange) / 1000)
  const nonce = world.context.random.hex(32)
  const signature = signPayV3(payV3AnswerMessage(timestamp, nonce, body), key)
  const isProbe = world.answerProbes > 0
  if (isProbe) world.answerProbes--
  const headers: [string, string][] = [
    ['request-id', requestId(world, reason)],
    ['wechatpay-timestamp', String(timestamp)],
    ['wechatpay-nonce', nonce],
    ['wechatpay-signature', isProbe ? SIGN_TEST_PREFIX + signature : signature],
    ['wechatpay-signature-type', PAY_V3_SCHEMA],
    ['wechatpay-serial', serial]
  ]
  if (status === 204) return new Response(null, { status, headers })
  return textResponse(body, ['content-type', JSON_TYPE, ...headers.flat()], status)
}

/** What the number at the end of `Request-ID` says of a service order where nothing more special is known. (支付分: 错误码) */
const SERVICE_REASONS: Readonly<Record<string, number>> = {
  PARAM_ERROR: 268435464,
  FREQUENCY_LIMITED: 268435472,
  SIGN_ERROR: 270924332
}

/** An error. Without a known caller, and for a refused signature, it is not signed. */
export function failureAnswer(
  world: PayWorld,
  exchange: Exchange,
  merchant: MerchantAccount | undefined,
  { status, code, message, detail, reason: given }: V3Failure
): Response {
  const reason = given || (exchange.path.startsWith('/v3/payscore/') ? (SERVICE_REASONS[code] ?? 0) : 0)
  const content = { code, message, ...(detail === undefined ? {} : { detail }) }
  if (merchant && status !== 401) return signedAnswer(world, exchange, merchant, status, content, reason)
  return textResponse(
    JSON.stringify(content),
    ['content-type', JSON_TYPE, 'request-id', requestId(world, reason)],
    status
  )
}
