import type { WeChatAccount } from '../framework/accounts.ts'
import { sendToGateway } from './gateway.ts'
import type { WeChatState } from './state.ts'

const SEND_RESULT_MS = 1_000
const MEDIA_CHECK_MS = 3_000

/** Sends an event later, when the account has a server at all. */
export function push(
  wx: WeChatState,
  account: WeChatAccount,
  openid: string,
  delayMs: number,
  event: Readonly<Record<string, unknown>>
): void {
  if (!wx.context.hasTarget('gateway', account.appId)) return
  wx.context.clock.schedule(delayMs, async () => {
    await sendToGateway(wx, account, openid, { MsgType: 'event', ...event })
  })
}

export function pushTemplateResult(wx: WeChatState, account: WeChatAccount, openid: string, msgid: string): void {
  push(wx, account, openid, SEND_RESULT_MS, { Event: 'TEMPLATESENDJOBFINISH', MsgID: BigInt(msgid), Status: 'success' })
}

/** Subscription events have a wrapper in XML and none in JSON. */
export function subscribeEvent(
  account: WeChatAccount,
  event: string,
  wrapper: string,
  items: readonly object[]
): Record<string, unknown> {
  return account.gateway.format === 'json'
    ? { Event: event, List: items }
    : { Event: event, [wrapper]: { List: items } }
}

export function pushSubscribeResult(
  wx: WeChatState,
  account: WeChatAccount,
  openid: string,
  templateId: string,
  msgid: string
): void {
  const items = [{ TemplateId: templateId, MsgID: BigInt(msgid), ErrorCode: 0, ErrorStatus: 'success' }]
  push(
    wx,
    account,
    openid,
    SEND_RESULT_MS,
    subscribeEvent(account, 'subscribe_msg_sent_event', 'SubscribeMsgSentEvent', items)
  )
}

export function pushMediaCheck(
  wx: WeChatState,
  account: WeChatAccount,
  openid: string,
  traceId: string,
  result: { suggest: string; label: number }
): void {
  push(wx, account, openid, MEDIA_CHECK_MS, {
    Event: 'wxa_media_check',
    appid: account.appId,
    trace_id: traceId,
    version: 2,
    detail: [{ strategy: 'content_model', errcode: 0, ...result, prob: 90 }],
    errcode: 0,
    errmsg: 'ok',
    result
  })
}
