import { parseXml } from '../../internal/xml/index.ts'
import { decryptGateway, signGateway } from '../crypto/gateway-crypto.ts'
import type { WeChatAccount } from '../framework/accounts.ts'

/** What the application answered to a message. */
export type GatewayReply =
  | { readonly kind: 'none' }
  | { readonly kind: 'message'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'wrong'; readonly problem: string }

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

/**
 * The fields of an answer, decrypted.
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
    return isBare ? 'a plain answer in encrypted mode (安全模式)' : fields
  }
  const { token, encodingAESKey } = account.gateway
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = fields
  if (signGateway(token, String(TimeStamp), String(Nonce), String(Encrypt)) !== MsgSignature)
    return 'MsgSignature does not fit'
  const plain = decryptGateway(encodingAESKey, account.appId, String(Encrypt))
  if (plain === undefined) return 'Encrypt cannot be decrypted, or is for another appid'
  return fieldsOf(plain) ?? 'the decrypted answer is not XML or JSON'
}

/**
 * Reads an answer as the platform does.
 *
 * @param sentEncrypted Whether the message went out encrypted, so that the answer must be, too.
 * @param to Openid that the answer must be for.
 */
export function readGatewayReply(
  account: WeChatAccount,
  body: string,
  sentEncrypted: boolean,
  to: string
): GatewayReply {
  const fields = readReplyFields(account, body, sentEncrypted)
  if (typeof fields === 'string') return wrong(fields)
  if (!fields || fields.ErrCode === 0 || fields.ErrCode === '0') return { kind: 'none' }
  const type = String(fields.MsgType)
  if (!REPLY_TYPES.includes(type)) return wrong(`MsgType ${type} is not one of a reply`)
  if (account.kind === 'miniProgram' && type !== 'transfer_customer_service')
    return wrong('a mini program has no passive replies')
  if (fields.ToUserName !== to || fields.FromUserName !== account.originalId) {
    return wrong('ToUserName and FromUserName are not the received pair swapped')
  }
  if (!/^\d+$/.test(String(fields.CreateTime))) return wrong('CreateTime is missing')
  if (type === 'text' && typeof fields.Content !== 'string') return wrong('Content is missing')
  return { kind: 'message', fields }
}
