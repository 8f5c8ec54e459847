import type { MessageBase } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'
import type { Reply } from './replies.ts'

const MAX_TEXT_BYTES = 2048
/** The messages to which WeChat shows one article only. */
const SINGLE_ARTICLE = new Set(['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'file'])

/** What WeChat will probably not show of a reply that is well-formed; `undefined` when there is nothing to say. */
export function explainReply(
  reply: Reply | string,
  message: Pick<MessageBase, 'MsgType'>,
  format: MessageFormat
): string | undefined {
  const type = typeof reply === 'string' ? 'text' : 'MsgType' in reply ? reply.MsgType : undefined
  if (format === 'json' && type !== undefined && type !== 'transfer_customer_service') {
    return 'a mini program shows no passive replies but the transfer to customer service: use a customer-service message'
  }
  const text = typeof reply === 'string' ? reply : type === 'text' && 'Content' in reply ? reply.Content : ''
  if (text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    return `the text has ${Buffer.byteLength(text)} bytes, and WeChat may refuse more than ${MAX_TEXT_BYTES}`
  }
  if (
    typeof reply === 'object' &&
    'Articles' in reply &&
    reply.Articles.length > 1 &&
    SINGLE_ARTICLE.has(message.MsgType)
  ) {
    return 'WeChat shows only the first article in answer to a message of a user'
  }
  return undefined
}
