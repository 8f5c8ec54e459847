import type { ByteResponse } from '../core/byte-handler.ts'
import { sealFrame } from './message-frame.ts'
import type { MessageKey } from './message-key.ts'
import type { MessageFormat } from './parse-message.ts'
import { signatureOf } from './signature.ts'

const XML = { 'content-type': 'application/xml; charset=utf-8' }
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
export const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }

export interface SealReplyOptions {
  appId: string
  token: string
  /** Absent: the reply goes out as it is. */
  key: MessageKey | undefined
  format: MessageFormat
  timestamp: string
  nonce: string
}

/** Nothing to say. Plain in every mode. */
export const SUCCESS: ByteResponse = { status: 200, headers: PLAIN, body: 'success' }

/** The answer for a reply in plaintext. */
export function sealReply(reply: string, options: SealReplyOptions): ByteResponse {
  const { key, appId, token, format, timestamp, nonce } = options
  const headers = format === 'json' ? JSON_TYPE : XML
  if (!key) return { status: 200, headers, body: reply }
  const encrypt = sealFrame(key, reply, appId)
  const msgSignature = signatureOf(token, timestamp, nonce, encrypt)
  return { status: 200, headers, body: writeEnvelope(format, encrypt, msgSignature, timestamp, nonce) }
}

/** Base64, hexadecimal and digits need no escaping; the nonce was checked. */
function writeEnvelope(
  format: MessageFormat,
  encrypt: string,
  signature: string,
  timestamp: string,
  nonce: string
): string {
  if (format === 'json') {
    return JSON.stringify({ Encrypt: encrypt, MsgSignature: signature, TimeStamp: Number(timestamp), Nonce: nonce })
  }
  return (
    `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`
  )
}
