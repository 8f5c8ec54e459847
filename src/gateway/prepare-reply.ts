import type { Logger } from '../core/index.ts'
import { checkReply } from './build-reply.ts'
import type { Received } from './handler-context.ts'
import type { Answer } from './outcome.ts'
import type { Reply, ReplyLike } from './replies.ts'
import { hasContent } from './visible-text.ts'

/** The longest text that WeChat accepts; with a longer one the user sees a failure. */
const MAX_TEXT_BYTES = 2048
const ELLIPSIS = '…'
/** Messages in response to which WeChat shows only one article. */
const SINGLE_ARTICLE = new Set(['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'file'])

/** How replies are checked before they are sent. */
export interface PrepareOptions {
  readonly logger: Logger
  /** What happens to a text that is too long. */
  readonly longText: 'cut' | 'late'
}

/** `answer` is sent as the response; `late` is what would be sent later another way. */
export interface Prepared {
  readonly answer: Answer
  readonly late: Reply | string | undefined
}

const NOTHING: Prepared = { answer: undefined, late: undefined }

/**
 * Checks the result of a handler before it is sent: WeChat must not show the user a failure.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM for a typed reply that cannot be sent.
 */
export function prepareReply(reply: ReplyLike, received: Received, options: PrepareOptions): Prepared {
  if (reply === undefined || reply === null || reply === '') return NOTHING
  const { logger } = options
  const { message, format, key } = received
  if (typeof reply === 'string') {
    if (!hasContent(reply)) {
      logger.warn?.('weixin-kit gateway: the reply has no visible characters and was not sent', { key })
      return NOTHING
    }
  } else checkReply(reply, message)
  const type = typeof reply === 'string' ? 'text' : 'MsgType' in reply ? reply.MsgType : undefined
  if (format === 'json' && type === 'text') {
    logger.warn?.(
      'weixin-kit gateway: a mini program shows no passive replies except the transfer to customer service: send a customer-service message',
      { key }
    )
  }
  if (
    typeof reply === 'object' &&
    'Articles' in reply &&
    Array.isArray(reply.Articles) &&
    reply.Articles.length > 1 &&
    SINGLE_ARTICLE.has(message.MsgType)
  ) {
    logger.warn?.('weixin-kit gateway: WeChat shows only the first article in response to a message of a user', { key })
  }
  const text = typeof reply === 'string' ? reply : type === 'text' && 'Content' in reply ? String(reply.Content) : ''
  // At most three bytes per UTF-16 unit.
  if (text.length * 3 <= MAX_TEXT_BYTES || Buffer.byteLength(text) <= MAX_TEXT_BYTES)
    return { answer: reply, late: reply }
  const isLate = options.longText === 'late'
  logger.warn?.(
    `weixin-kit gateway: the text has ${Buffer.byteLength(text)} bytes but WeChat accepts ${MAX_TEXT_BYTES}: ${isLate ? 'it goes to onLateReply' : 'it was cut'}`,
    { key }
  )
  return isLate ? { answer: undefined, late: reply } : { answer: cut(text), late: reply }
}

/** The start of a text, cut at a character boundary. */
function cut(text: string): string {
  const room = MAX_TEXT_BYTES - Buffer.byteLength(ELLIPSIS)
  const bytes = Buffer.from(text)
  let end = room
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end) + ELLIPSIS
}
