import type { WeChatAccount } from '../../framework/accounts.ts'
import type { Delivery } from '../../framework/delivery.ts'
import { signedGatewayMessage } from '../../signers/signed-gateway-message.ts'
import { readReplyFields } from '../gateway-reply.ts'
import type { WeChatState } from '../state.ts'

/** Fifteen attempts in all, at doubling intervals. (虚拟支付: 重试) */
const RETRY_AFTER_MS = Array.from({ length: 14 }, (_, i) => 2 ** (i + 1) * 1000)
/** An iOS refund query is asked three times, and each must be answered within three seconds. */
const IOS_RETRY_AFTER_MS = [3_000, 3_000]

/** An event of virtual payment on its way, and what the application answered last. */
export interface VirtualPaymentPush {
  readonly delivery: Delivery
  readonly reply: Readonly<Record<string, unknown>> | undefined
}

/** Sends an event until `ErrCode` 0, an empty body or `success` is answered. */
export async function pushVirtualPayment(
  wx: WeChatState,
  account: WeChatAccount,
  fields: Readonly<Record<string, unknown>>,
  onSuccess: () => void
): Promise<VirtualPaymentPush> {
  const { clock, random } = wx.context
  const { mode, format, token, encodingAESKey } = account.gateway
  const isIos = String(fields.Event).includes('ios_refund_query')
  const message = {
    ToUserName: account.originalId,
    FromUserName: 'oSimulatorWeChatTeam00000000',
    CreateTime: clock.seconds(),
    MsgType: 'event',
    ...fields
  }
  let reply: Readonly<Record<string, unknown>> | undefined
  const delivery = wx.context.deliver({
    kind: 'gateway',
    account: account.appId,
    request: (attempt, url, timeMs) =>
      signedGatewayMessage({
        appId: account.appId,
        token,
        encodingAESKey,
        url,
        message: 'RetryTimes' in message ? { ...message, RetryTimes: attempt - 1 } : message,
        mode,
        format,
        timestamp: Math.floor(timeMs / 1000),
        nonce: random.digits(10),
        random16: random.bytes(16)
      }),
    retryAfterMs: isIos ? IOS_RETRY_AFTER_MS : RETRY_AFTER_MS,
    timeoutMs: isIos ? 3_000 : 5_000,
    judge: (response, body) => {
      if (!response.ok) return { delivered: false, note: `HTTP ${response.status}` }
      const answer = readReplyFields(account, body, mode !== 'plain')
      if (typeof answer === 'string') return { delivered: false, note: answer }
      if (answer && answer.ErrCode !== undefined && Number(answer.ErrCode) !== 0) {
        return { delivered: false, note: `ErrCode ${String(answer.ErrCode)}` }
      }
      reply = answer
      return { delivered: true, note: answer ? 'processed' : 'success' }
    },
    finished: ({ state }) => {
      if (state === 'delivered') onSuccess()
    }
  })
  await delivery.first
  return {
    delivery,
    get reply() {
      return reply
    }
  }
}
