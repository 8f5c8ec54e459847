import { createHmac } from 'node:crypto'

const hmac = (key: string, text: string | Buffer) =>
  createHmac('sha256', Buffer.from(key, 'utf8')).update(text).digest('hex')

/** `pay_sig`: the path (or `requestVirtualPayment`), `&`, and the body, under the AppKey. */
export function payTag(appKey: string, uri: string, body: Buffer): string {
  return hmac(appKey, Buffer.concat([Buffer.from(`${uri}&`), body]))
}

/** `signature`: the body under the session key as text. */
export function sessionTag(sessionKey: string, body: Buffer): string {
  return hmac(sessionKey, body)
}
