import { ConfigError } from '../errors/index.ts'
import { randomNonce } from '../internal/random.ts'
import { buildXml, type XmlInputObject } from '../internal/xml/index.ts'
import type { GatewayMode } from './handler-types.ts'
import { encryptMessage } from './message-crypto.ts'
import type { MessageFormat } from './parse-message.ts'
import { signatureOf } from './signature.ts'

/** Account, mode and form of the request. */
export interface SignedGatewayRequestOptions {
  appId: string
  token: string
  /** If set, the message is encrypted. */
  encodingAESKey?: string | undefined
  /** Default: `encrypted` with a key, else `plaintext`. */
  mode?: GatewayMode | undefined
  /** Format of a message that is given as fields. Default `xml`. */
  format?: MessageFormat | undefined
  /** Default `http://localhost/`. Its query parameters are kept. */
  url?: string | URL | undefined
  /** Seconds since 1970; default now. */
  timestamp?: string | undefined
  nonce?: string | undefined
  openid?: string | undefined
}

/**
 * Builds the request that WeChat would send, to test handlers without a public URL.
 *
 * @param message Fields (`CreateTime` is filled in), the text of a message, or `{ echostr }` for the URL check of the console.
 * @param options Account and mode.
 * @throws {ConfigError} ERR_INVALID_PARAM if the mode needs a key and none is given.
 * @example
 * import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
 *
 * const account = { appId: 'wx0123456789abcdef', token: 'token' }
 * const gateway = new MessageGateway(account)
 * gateway.on('text', () => 'pong')
 * const request = signedGatewayRequest(
 *   { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'ping', MsgId: '1' },
 *   account
 * )
 * const response = await gateway.handler()(request)
 */
export function signedGatewayRequest(
  message: string | XmlInputObject | { echostr: string },
  options: SignedGatewayRequestOptions
): Request {
  checkArguments(message, options)
  const { appId, token, encodingAESKey } = options
  const timestamp = options.timestamp ?? String(Math.floor(Date.now() / 1000))
  const nonce = options.nonce ?? randomNonce(10)
  const mode = options.mode ?? (encodingAESKey === undefined ? 'plaintext' : 'encrypted')
  const url = new URL(options.url ?? 'http://localhost/')
  const query = { signature: signatureOf(token, timestamp, nonce), timestamp, nonce }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  if (typeof message === 'object' && 'echostr' in message) {
    url.searchParams.set('echostr', String(message.echostr))
    return new Request(url)
  }
  const fields: XmlInputObject | undefined =
    typeof message === 'string' ? undefined : { CreateTime: Number(timestamp), ...message }
  const format = options.format ?? (typeof message === 'string' && message.trimStart().startsWith('{') ? 'json' : 'xml')
  const text = fields === undefined ? String(message) : format === 'json' ? JSON.stringify(fields) : buildXml(fields)
  url.searchParams.set('openid', options.openid ?? String(fields?.FromUserName ?? 'openid'))
  const headers = { 'content-type': format === 'json' ? 'application/json' : 'text/xml' }
  if (mode === 'plaintext') return new Request(url, { method: 'POST', headers, body: text })

  if (encodingAESKey === undefined) {
    throw new ConfigError(`signedGatewayRequest: the mode "${mode}" needs encodingAESKey.`, {
      code: 'ERR_INVALID_PARAM',
      option: 'encodingAESKey',
      product: 'gateway'
    })
  }
  const { encrypt, msgSignature } = encryptMessage(text, { appId, token, encodingAESKey, timestamp, nonce })
  url.searchParams.set('encrypt_type', 'aes')
  url.searchParams.set('msg_signature', msgSignature)
  return new Request(url, { method: 'POST', headers, body: wrap(text, encrypt, format, mode) })
}

function checkArguments(message: unknown, options: unknown): void {
  for (const [option, value] of Object.entries({ message, options })) {
    if ((typeof value === 'object' && value !== null) || (option === 'message' && typeof value === 'string')) continue
    const problem = `signedGatewayRequest: ${option} must be ${option === 'message' ? 'text or ' : ''}an object.`
    throw new ConfigError(problem, { code: 'ERR_INVALID_PARAM', option, product: 'gateway' })
  }
}

function wrap(text: string, encrypt: string, format: MessageFormat, mode: GatewayMode): string {
  const receiver = /<ToUserName>(?:<!\[CDATA\[)?([^\]<]*)|"ToUserName":"([^"]*)"/.exec(text)
  const ToUserName = receiver?.[1] ?? receiver?.[2] ?? ''
  if (format === 'json') {
    const plain = mode === 'compatible' ? (JSON.parse(text) as object) : { ToUserName }
    return JSON.stringify({ ...plain, Encrypt: encrypt })
  }
  if (mode === 'encrypted') return buildXml({ ToUserName, Encrypt: encrypt })
  return text.replace(/<\/xml>\s*$/, `<Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`)
}
