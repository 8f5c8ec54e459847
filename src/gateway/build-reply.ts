import { ConfigError } from '../errors/index.ts'
import { buildXml, inCdata, type XmlInputObject } from '../internal/xml/index.ts'
import type { MessageBase } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import type { Reply } from './replies.ts'

const MAX_ARTICLES = 8
const REPLY_PARTS: Readonly<Record<string, readonly string[]>> = {
  text: ['Content'],
  image: ['Image'],
  voice: ['Voice'],
  video: ['Video'],
  music: ['Music'],
  news: ['Articles'],
  transfer_customer_service: []
}

type Receiver = Pick<MessageBase, 'ToUserName' | 'FromUserName'>

export interface BuildReplyOptions {
  /** Default `xml`; `json` for a mini program whose console says JSON. */
  format?: MessageFormat
  /** Seconds since 1970; default now. */
  createTime?: number
}

/**
 * Writes a passive reply in plaintext: sender and receiver swapped, text in CDATA. Document: "Passive replies" (被动回复用户消息).
 *
 * @param message The message that is answered; its `ToUserName` and `FromUserName` are used.
 * @param reply Text, or a typed reply.
 * @throws {ConfigError} ERR_INVALID_PARAM for a reply of an unknown type, without its content, or with more than 8 articles.
 * @example
 * import { buildReply } from 'weixin-kit/gateway'
 *
 * const xml = buildReply({ ToUserName: 'gh_1', FromUserName: 'o1' }, 'hello')
 */
export function buildReply(
  message: Pick<MessageBase, 'ToUserName' | 'FromUserName'>,
  reply: Reply | string,
  options: BuildReplyOptions = {}
): string {
  checkReceiver(message)
  const createTime = options?.createTime ?? Math.floor(Date.now() / 1000)
  if (options?.format === 'json') return JSON.stringify(replyFields(message, reply, createTime))
  // Nearly all replies are text. The general writer would cost as much as the encryption.
  return typeof reply === 'string'
    ? writeText(message, reply, createTime)
    : buildXml(replyFields(message, reply, createTime))
}

function checkReceiver(message: Receiver): void {
  for (const name of ['ToUserName', 'FromUserName'] as const) {
    if (typeof message?.[name] === 'string') continue
    const problem = `buildReply: the message that is answered has no ${name}.`
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

function replyFields(message: Receiver, reply: Reply | string, CreateTime: number): XmlInputObject {
  const envelope = { ToUserName: message.FromUserName, FromUserName: message.ToUserName, CreateTime }
  if (typeof reply === 'string') return { ...envelope, MsgType: 'text', Content: reply }
  checkReply(reply)
  if ('ErrCode' in reply) return { ErrCode: reply.ErrCode, ErrMsg: reply.ErrMsg ?? '' }
  if (reply.MsgType !== 'news') return { ...envelope, ...(reply as unknown as XmlInputObject) }
  const item = reply.Articles.map(({ Title, Description, PicUrl, Url }) => ({ Title, Description, PicUrl, Url }))
  return { ...envelope, MsgType: 'news', ArticleCount: item.length, Articles: { item } }
}

/** @throws {ConfigError} ERR_INVALID_PARAM for what WeChat would answer with an error to the user. */
export function checkReply(reply: Reply): void {
  if (typeof reply !== 'object' || reply === null) throw wrongReply('must be text or an object')
  if ('ErrCode' in reply) {
    if (!Number.isInteger(reply.ErrCode)) throw wrongReply('must have an integer as its ErrCode', 'ErrCode')
    return
  }
  const parts = Object.hasOwn(REPLY_PARTS, reply.MsgType) ? REPLY_PARTS[reply.MsgType] : undefined
  if (!parts) throw wrongReply(`has no known MsgType; known are ${Object.keys(REPLY_PARTS).join(', ')}`)
  for (const part of parts) {
    if ((reply as unknown as Record<string, unknown>)[part] == null) throw wrongReply(`lacks ${part}`, part)
  }
  if (reply.MsgType === 'text' && typeof reply.Content !== 'string') throw wrongReply('must have text as its Content')
  if (reply.MsgType !== 'news') return
  const { Articles } = reply
  if (!Array.isArray(Articles) || Articles.length < 1 || Articles.length > MAX_ARTICLES) {
    throw wrongReply(`must have 1 to ${MAX_ARTICLES} articles`, 'Articles')
  }
}

function wrongReply(problem: string, option?: string): ConfigError {
  return new ConfigError(`The reply ${problem}.`, { code: 'ERR_INVALID_PARAM', option, product: 'gateway' })
}
