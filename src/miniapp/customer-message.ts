import type { CustomerMessageBase } from '../wechat-api/customer-messages.ts'

/** A customer-service message of a mini program: only four types are allowed. */
export type CustomerMessage = CustomerMessageBase &
  (
    | { msgtype: 'text'; text: { content: string } }
    | { msgtype: 'image'; image: { media_id: string } }
    | { msgtype: 'link'; link: { title: string; description: string; url: string; thumb_url: string } }
    | { msgtype: 'miniprogrampage'; miniprogrampage: { title: string; pagepath: string; thumb_media_id: string } }
  )

export const CUSTOMER_MESSAGE_TYPES: readonly CustomerMessage['msgtype'][] = [
  'text',
  'image',
  'link',
  'miniprogrampage'
]
