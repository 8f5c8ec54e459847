import { BodyError } from '../errors/index.ts'
import type { EncryptedMessage } from './message-crypto.ts'
import { type MessageFormat, parseFields } from './parse-message.ts'

/** The content of the wrapper (`<Encrypt>`) of a message or reply. */
export interface MessageEnvelope {
  /** The text of `<Encrypt>`, base64. */
  encrypt: string
  /** Only in replies; a message has its signature, timestamp and nonce in the query of the request. */
  msgSignature?: string
  /** Seconds since 1970, as text. */
  timestamp?: string
  nonce?: string
  /** Original id (`gh_…`) of the account; only in messages. */
  toUserName?: string
}

/**
 * Parses the wrapper of an encrypted message or reply, XML or JSON. Nothing is verified yet: `decryptMessage` does
 * that. Document: "Message encryption and decryption" (消息加解密说明).
 *
 * @param body The body of the request or reply.
 * @throws {BodyError} ERR_BODY_MALFORMED when it has no `<Encrypt>`, ERR_BODY_TOO_LARGE
 * @example
 * import { decryptMessage, parseEnvelope } from 'weixin-kit/gateway'
 *
 * const account = { appId: 'wx0123456789abcdef', token: 'token', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
 * export const open = (url: URL, body: string) =>
 *   decryptMessage(
 *     {
 *       encrypt: parseEnvelope(body).encrypt,
 *       msgSignature: url.searchParams.get('msg_signature') ?? '',
 *       timestamp: url.searchParams.get('timestamp') ?? '',
 *       nonce: url.searchParams.get('nonce') ?? ''
 *     },
 *     account
 *   )
 */
export function parseEnvelope(body: string | Uint8Array): MessageEnvelope {
  const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  const fields = parseFields(text, MAX_BYTES)
  const { Encrypt, MsgSignature, TimeStamp, Nonce, ToUserName } = fields
  if (typeof Encrypt !== 'string' || Encrypt === '') {
    throw new BodyError('malformed', 'The body has no <Encrypt>: it is not encrypted.', { product: 'gateway' })
  }
  const envelope: MessageEnvelope = { encrypt: Encrypt }
  if (MsgSignature !== undefined) envelope.msgSignature = String(MsgSignature)
  if (TimeStamp !== undefined) envelope.timestamp = String(TimeStamp)
  if (Nonce !== undefined) envelope.nonce = String(Nonce)
  if (ToUserName !== undefined) envelope.toUserName = String(ToUserName)
  return envelope
}

const MAX_BYTES = 1024 * 1024

/**
 * Writes the wrapper of an encrypted reply.
 *
 * @param message What `encryptMessage` returned.
 * @param format Default `xml`; `json` for a mini program whose console is set to JSON.
 * @example
 * import { buildEnvelope, encryptMessage } from 'weixin-kit/gateway'
 *
 * const account = { appId: 'wx0123456789abcdef', token: 'token', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
 * const body = buildEnvelope(encryptMessage('<xml>…</xml>', account))
 */
export function buildEnvelope(message: EncryptedMessage, format: MessageFormat = 'xml'): string {
  return writeEnvelope(format, message.encrypt, message.msgSignature, message.timestamp, message.nonce)
}

/** Base64, hexadecimal and digits need no escaping, and neither does our own nonce. */
export function writeEnvelope(
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
