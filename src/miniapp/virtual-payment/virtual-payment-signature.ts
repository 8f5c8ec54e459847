import { createHmac } from 'node:crypto'

/**
 * Returns the `pay_sig` of server calls, or the `paySig` of the client (虚拟支付: 支付签名).
 *
 * @param uri path without query, or `requestVirtualPayment` for the client
 * @param body exactly the bytes that are sent, or `signData`
 * @param appKey of the environment
 * @returns lower-case hex
 */
export function paySignature(uri: string, body: string, appKey: string): string {
  return createHmac('sha256', appKey).update(`${uri}&${body}`).digest('hex')
}

/**
 * Returns the `signature` that proves the login of the payer (虚拟支付: 用户态签名).
 *
 * @param body as for {@link paySignature}
 * @param sessionKey base64 text as `code2Session` returns it; it is not decoded
 * @returns lower-case hex
 */
export function sessionSignature(body: string, sessionKey: string): string {
  return createHmac('sha256', sessionKey).update(body).digest('hex')
}
