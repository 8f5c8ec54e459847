import { parseXml } from '../../internal/xml/index.ts'
import { decryptGateway, signGateway } from '../crypto/gateway-crypto.ts'
import type { WeChatAccount } from '../framework/accounts.ts'
import type { SignatureFinding } from '../framework/signature-finding.ts'
import { explainReplySign } from './explain-reply-sign.ts'

/** What the application answered to a message. */
export type GatewayReply =
  | { readonly kind: 'none' }
  | { readonly kind: 'message'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'wrong'; readonly problem: string; readonly signature?: SignatureFinding }

/** What a person would see of a reply, or WeChat needs of it: the path to a text. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  text: ['Content'],
  image: ['Image', 'MediaId'],
  voice: ['Voice', 'MediaId'],
  video: ['Video', 'MediaId'],
  music: ['Music', 'ThumbMediaId']
}
const MAX_TEXT_BYTES = 2048
/** Replies of logistics and devices, to messages that no person wrote. */
const PLATFORM_TYPE = /^(?:event|hardware|device_\w+)$/

const REPLY_TYPES = ['text', 'image', 'voice', 'video', 'music', 'news', 'transfer_customer_service']

function fieldsOf(text: string): Record<string, unknown> | undefined {
  try {
    if (text.trimStart().startsWith('{')) {
      const value: unknown = JSON.parse(text)
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
    }
    return parseXml(text, { lists: ['item'] })
  } catch {
    return undefined
  }
}

const wrong = (problem: string): GatewayReply => ({ kind: 'wrong', problem })

/** Why the signature of an encrypted response does not fit; `undefined` where it does. */
export function replySignature({ gateway }: WeChatAccount, body: string): SignatureFinding | undefined {
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = fieldsOf(body) ?? {}
  if (Encrypt === undefined) return undefined
  const parts = { timestamp: String(TimeStamp), nonce: String(Nonce), encrypt: String(Encrypt) }
  const finding = explainReplySign({ token: gateway.token, ...parts }, String(MsgSignature))
  return finding.expected === finding.given ? undefined : finding
}

/**
 * The fields of a response, decrypted.
 *
 * @returns `undefined` for an empty body and `success`; text says what is wrong
 */
export function readReplyFields(
  account: WeChatAccount,
  body: string,
  sentEncrypted: boolean
): Record<string, unknown> | undefined | string {
  if (body === '' || body === 'success') return undefined
  const fields = fieldsOf(body)
  if (!fields) return 'neither "success" nor XML or JSON'
  if (fields.Encrypt === undefined) {
    const isBare = sentEncrypted && account.gateway.mode === 'encrypted' && fields.ErrCode === undefined
    return isBare ? 'a plain response in encrypted mode (安全模式)' : fields
  }
  const { token, encodingAESKey } = account.gateway
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = fields
  if (signGateway(token, String(TimeStamp), String(Nonce), String(Encrypt)) !== MsgSignature)
    return 'MsgSignature does not fit'
  const plain = decryptGateway(encodingAESKey, account.appId, String(Encrypt))
  if (plain === undefined) return 'Encrypt cannot be decrypted, or is for another appid'
  return fieldsOf(plain) ?? 'the decrypted response is not XML or JSON'
}

/**
 * Reads a response as the platform does.
 *
 * @param sentEncrypted Whether the message went out encrypted, so that the response must be, too.
 * @param to Openid that the response must be for.
 * @param sentType `MsgType` of the message.
 */
export function readGatewayReply(
  account: WeChatAccount,
  body: string,
  sentEncrypted: boolean,
  to: string,
  sentType = 'text'
): GatewayReply {
  const fields = readReplyFields(account, body, sentEncrypted)
  if (typeof fields === 'string') return wrong(fields)
  if (!fields || fields.ErrCode === 0 || fields.ErrCode === '0') return { kind: 'none' }
  const type = String(fields.MsgType)
  const isPlatform = PLATFORM_TYPE.test(type) && PLATFORM_TYPE.test(sentType)
  if (!isPlatform && !REPLY_TYPES.includes(type)) return wrong(`MsgType ${type} is not one of a reply`)
  if (account.kind === 'miniProgram' && !isPlatform && type !== 'transfer_customer_service')
    return wrong('a mini program has no passive replies')
  if (fields.ToUserName !== to || fields.FromUserName !== account.originalId) {
    return wrong('ToUserName and FromUserName are not the received pair swapped')
  }
  if (!/^\d+$/.test(String(fields.CreateTime))) return wrong('CreateTime is missing')
  let content: unknown = CONTENTS[type] && fields
  for (const name of CONTENTS[type] ?? []) content = (content as Record<string, unknown> | undefined)?.[name]
  if (CONTENTS[type] && (typeof content !== 'string' || content.trim() === '')) {
    return wrong(`${CONTENTS[type].join('.')} is missing or empty`)
  }
  if (type === 'text' && Buffer.byteLength(String(content)) > MAX_TEXT_BYTES) {
    return wrong(`Content has more than ${MAX_TEXT_BYTES} bytes`)
  }
  if (type === 'news' && fields.ArticleCount === '0') return wrong('ArticleCount is 0')
  return { kind: 'message', fields }
}
