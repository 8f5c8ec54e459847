import { randomBytes } from 'node:crypto'
import { encryptGateway, signGateway } from '../crypto/gateway-crypto.ts'
import { writeMessageJson, writeMessageXml } from '../crypto/message-xml.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** A message or event with the fields of the document; numbers are written bare, 64-bit ones as `bigint`. */
export type GatewayMessageFields = Readonly<Record<string, unknown>>

/** Options of `signedGatewayMessage`. */
export interface SignedGatewayMessageOptions {
  readonly appId: string
  readonly token: string
  readonly encodingAESKey: string
  /** Fields such as `MsgType` and `Content`; the common ones are filled in when absent. */
  readonly message: GatewayMessageFields
  /** Where the application receives messages. */
  readonly url?: string | URL | undefined
  /** 明文 / 兼容 / 安全模式; `encrypted` by default. */
  readonly mode?: 'plain' | 'compatible' | 'encrypted' | undefined
  /** `xml` by default; mini programs may choose `json`. */
  readonly format?: 'xml' | 'json' | undefined
  /** Seconds since 1970; the current time by default. */
  readonly timestamp?: number | string | undefined
  readonly nonce?: string | undefined
  /** The 16 random bytes at the start of the plain text. */
  readonly random16?: Uint8Array | undefined
  /** Makes exactly one thing wrong. */
  readonly tamper?: 'signature' | 'msg_signature' | 'appId' | 'ciphertext' | undefined
}

const flip = (text: string) => (text.startsWith('0') ? '1' : '0') + text.slice(1)

/**
 * A message or event of the platform, signed and encrypted, as a `Request` for your gateway handler.
 *
 * @param options Account, message and mode.
 * @example
 * import { signedGatewayMessage } from 'weixin-kit/simulator'
 *
 * const request = signedGatewayMessage({
 *   appId: 'wx0123456789abcdef',
 *   token: 'my-token',
 *   encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
 *   message: { MsgType: 'text', Content: '你好' }
 * })
 * console.log(request.url)
 */
export function signedGatewayMessage(options: SignedGatewayMessageOptions): Request {
  checkSignerOptions(
    'signedGatewayMessage',
    options,
    ['appId', 'token', 'encodingAESKey', 'message'],
    ['signature', 'msg_signature', 'appId', 'ciphertext']
  )
  const { appId, token, encodingAESKey, tamper } = options
  const mode = options.mode ?? 'encrypted'
  const write = options.format === 'json' ? writeMessageJson : writeMessageXml
  const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000))
  const nonce = options.nonce ?? String(randomBytes(4).readUInt32BE())
  const fields: GatewayMessageFields = {
    ToUserName: 'gh_0123456789ab',
    FromUserName: 'oSimulatedUser0000000000000',
    CreateTime: Number(timestamp),
    ...options.message,
    ...(options.message.MsgType === 'event' || options.message.MsgId !== undefined ? {} : { MsgId: randomMessageId() })
  }
  const url = new URL(options.url ?? 'https://app.example.com/gateway')
  const signature = signGateway(token, timestamp, nonce)
  url.searchParams.set('signature', tamper === 'signature' ? flip(signature) : signature)
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('nonce', nonce)
  url.searchParams.set('openid', String(fields.FromUserName))
  let body = write(fields)
  if (mode !== 'plain') {
    const owner = tamper === 'appId' ? `wx${'f'.repeat(16)}` : appId
    let encrypted = encryptGateway(encodingAESKey, owner, body, options.random16 ?? randomBytes(16))
    const msgSignature = signGateway(token, timestamp, nonce, encrypted)
    if (tamper === 'ciphertext') encrypted = (encrypted.startsWith('A') ? 'B' : 'A') + encrypted.slice(1)
    url.searchParams.set('encrypt_type', 'aes')
    url.searchParams.set('msg_signature', tamper === 'msg_signature' ? flip(msgSignature) : msgSignature)
    body = write(
      mode === 'compatible' ? { ...fields, Encrypt: encrypted } : { ToUserName: fields.ToUserName, Encrypt: encrypted }
    )
  }
  const contentType = options.format === 'json' ? 'application/json' : 'text/xml'
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': contentType, 'user-agent': 'Mozilla/4.0' },
    body
  })
}

function randomMessageId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 1n) | (1n << 62n)
}
