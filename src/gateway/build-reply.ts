import { ConfigError } from '../errors/index.ts'
import { buildXml, inCdata, type XmlInputObject } from '../internal/xml/index.ts'
import { type MessageBase, USER_MESSAGE_TYPES } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import type { Reply } from './replies.ts'
import { hasContent } from './visible-text.ts'

const MAX_ARTICLES = 8
/** Required text of each type of reply, as the path to it. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['Content']],
  ['image', ['Image', 'MediaId']],
  ['voice', ['Voice', 'MediaId']],
  ['video', ['Video', 'MediaId']],
  ['music', ['Music', 'ThumbMediaId']],
  ['news', []],
  ['transfer_customer_service', []]
])
/** Messages that users write; WeChat accepts no other replies to them. */
const FROM_PEOPLE: ReadonlySet<string> = new Set(USER_MESSAGE_TYPES)

type Receiver = Pick<MessageBase, 'ToUserName' | 'FromUserName'> & { MsgType?: string | undefined }

/** Format and time of a reply. */
export interface BuildReplyOptions {
  /** Default `xml`; `json` for a mini program whose console is set to JSON. */
  format?: MessageFormat | undefined
  /** Seconds since 1970; default now. */
  createTime?: number | undefined
}

/**
 * Writes a passive reply in plaintext: sender and receiver swapped, text in CDATA or well-formed JSON; further fields are written as they are. Document: "Passive replies" (被动回复用户消息).
 *
 * @param message The message to reply to; its `ToUserName` and `FromUserName` are used. If it has a `MsgType` of a
 * message that users do not write, the reply can have any type.
 * @param reply Text, or a typed reply.
 * @throws {ConfigError} ERR_INVALID_PARAM for a reply of an unknown type, without content, or with more than 8 articles.
 * @example
 * import { buildReply } from 'weixin-kit/gateway'
 *
 * const xml = buildReply({ ToUserName: 'gh_1', FromUserName: 'o1' }, 'hello')
 */
export function buildReply(message: Receiver, reply: Reply | string, options: BuildReplyOptions = {}): string {
  checkReceiver(message)
  const createTime = options?.createTime ?? Math.floor(Date.now() / 1000)
  if (options?.format === 'json') return JSON.stringify(replyFields(message, reply, createTime), wellFormed)
  // Nearly all replies are text. The general XML writer would cost as much as the encryption.
  return typeof reply === 'string'
    ? writeText(message, reply, createTime)
    : buildXml(replyFields(message, reply, createTime))
}

function checkReceiver(message: Receiver): void {
  for (const name of ['ToUserName', 'FromUserName'] as const) {
    if (typeof message?.[name] === 'string') continue
    const problem = `buildReply: the message to reply to has no ${name}.`
    throw new ConfigError(problem, { code: 'ERR_INVALID_PARAM', option: name, product: 'gateway' })
  }
}

function writeText({ ToUserName, FromUserName }: Receiver, content: string, createTime: number): string {
  return (
    `<xml><ToUserName><![CDATA[${inCdata(FromUserName)}]]></ToUserName>` +
    `<FromUserName><![CDATA[${inCdata(ToUserName)}]]></FromUserName><CreateTime>${Math.floor(createTime)}</CreateTime>` +
    `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${inCdata(content)}]]></Content></xml>`
  )
}

/** Half an emoji would be sent as `\ud83d`, which WeChat cannot read. */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' && /[\ud800-\udfff]/.test(value) ? Buffer.from(value).toString() : value
}

function replyFields(message: Receiver, reply: Reply | string, CreateTime: number): XmlInputObject {
  const envelope = { ToUserName: message.FromUserName, FromUserName: message.ToUserName, CreateTime }
  if (typeof reply === 'string') return { ...envelope, MsgType: 'text', Content: reply }
  checkReply(reply, message)
  const fields = reply as XmlInputObject
  if (!('MsgType' in reply)) return 'ErrCode' in reply ? { ErrCode: fields.ErrCode, ErrMsg: '', ...fields } : fields
  if (!('Articles' in reply) || !isList(reply.Articles)) return { ...envelope, ...fields }
  return {
    ...envelope,
    ...fields,
    ArticleCount: reply.Articles.length,
    Articles: { item: reply.Articles as XmlInputObject[] }
  }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** @throws {ConfigError} ERR_INVALID_PARAM for a reply that WeChat would show to the user as an error. */
export function checkReply(reply: Reply, { MsgType: repliedTo }: { MsgType?: string | undefined }): void {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) throw wrongReply('must be text or an object')
  if ('ErrCode' in reply && !('MsgType' in reply)) {
    if (!Number.isInteger(reply.ErrCode)) throw wrongReply('must have an integer as its ErrCode', 'ErrCode')
    return
  }
  const { MsgType } = reply as { MsgType?: unknown }
  const isForPeople = repliedTo === undefined || FROM_PEOPLE.has(repliedTo)
  if (MsgType === undefined && !isForPeople) return
  const path = typeof MsgType === 'string' ? REQUIRED.get(MsgType) : undefined
  if (!path) {
    // Logistics, devices and future products have their own types.
    if (typeof MsgType === 'string' && MsgType !== '' && !isForPeople) return
    throw wrongReply(`has no known MsgType; known are ${[...REQUIRED.keys()].join(', ')}`)
  }
  let value: unknown = reply
  for (const name of path) value = (value as Record<string, unknown> | null | undefined)?.[name]
  if (path.length > 0 && (typeof value !== 'string' || !hasContent(value))) {
    throw wrongReply(`has no text in ${path.join('.')}`, path[0])
  }
  if (MsgType !== 'news') return
  const { Articles } = reply as { Articles?: unknown }
  if (!Array.isArray(Articles) || Articles.length < 1 || Articles.length > MAX_ARTICLES) {
    throw wrongReply(`must have 1 to ${MAX_ARTICLES} articles`, 'Articles')
  }
}

function wrongReply(problem: string, option?: string): ConfigError {
  return new ConfigError(`The reply ${problem}.`, { code: 'ERR_INVALID_PARAM', option, product: 'gateway' })
}
