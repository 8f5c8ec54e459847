import { type CustomerMessageBase, CustomerMessages } from '../wechat-api/customer-messages.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import { CustomerAccounts } from './customer-accounts.ts'

interface OfficialMessageBase extends CustomerMessageBase {
  /** Shows the message as sent by this customer-service account (`prefix@account`). */
  customservice?: { kf_account: string } | undefined
}

/** A customer-service message of an Official Account; `msgtype` names the payload field. */
export type OfficialCustomerMessage = OfficialMessageBase &
  (
    | {
        msgtype: 'text'
        /** May contain `<a href>` and `data-miniprogram-*` links. */
        text: { content: string }
      }
    | { msgtype: 'image'; image: { media_id: string } }
    | { msgtype: 'voice'; voice: { media_id: string } }
    | {
        msgtype: 'video'
        video: {
          media_id: string
          thumb_media_id: string
          title?: string | undefined
          description?: string | undefined
        }
      }
    | {
        msgtype: 'music'
        music: {
          title?: string | undefined
          description?: string | undefined
          musicurl: string
          hqmusicurl: string
          thumb_media_id: string
        }
      }
    | {
        msgtype: 'news'
        /** Exactly one article (45008 otherwise). */
        news: { articles: [{ title: string; description: string; url: string; picurl: string }] }
      }
    | { msgtype: 'mpnews'; mpnews: { media_id: string } }
    | { msgtype: 'mpnewsarticle'; mpnewsarticle: { article_id: string } }
    | {
        msgtype: 'msgmenu'
        msgmenu: {
          head_content?: string | undefined
          list: { id: string; content: string }[]
          tail_content?: string | undefined
        }
      }
    | { msgtype: 'wxcard'; wxcard: { card_id: string } }
    | {
        msgtype: 'miniprogrampage'
        miniprogrampage: { title: string; appid: string; pagepath: string; thumb_media_id: string }
      }
  )

const TYPES = [
  'text',
  'image',
  'voice',
  'video',
  'music',
  'news',
  'mpnews',
  'mpnewsarticle',
  'msgmenu',
  'wxcard',
  'miniprogrampage'
] as const satisfies readonly OfficialCustomerMessage['msgtype'][]

/**
 * Customer-service messages (客服消息): 5 after a user's message, 3 after a menu click, a scan or a follow, within 48 hours
 * or 1 minute. WeChat may change these figures.
 */
export class CustomerService extends CustomerMessages<OfficialCustomerMessage> {
  /** Customer-service agents (客服帐号). */
  readonly accounts: CustomerAccounts

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    super(api, TYPES)
    this.accounts = new CustomerAccounts(api)
  }
}
