import { signGateway } from '../crypto/gateway-crypto.ts'
import type { WeChatAccount } from '../framework/accounts.ts'
import type { Delivery, Verdict } from '../framework/delivery.ts'
import { signedGatewayMessage } from '../signers/signed-gateway-message.ts'
import { type GatewayReply, readGatewayReply, replySignature } from './gateway-reply.ts'
import type { SentMessage } from './records.ts'
import type { WeChatState } from './state.ts'

/** The platform waits five seconds and sends a message three times in all: 0, 5 and 10 s after it was written. */
const TIMEOUT_MS = 5_000
const RETRY_AFTER_MS = [5_000, 5_000]

/** A message or event on its way, and what the application answered last. */
export interface GatewayResult {
  readonly delivery: Delivery
  /** The reply as fields (`MsgType`, `Content`, …), decrypted; `undefined` for `success` or an empty response. */
  readonly reply: Readonly<Record<string, unknown>> | undefined
}

const UNAVAILABLE = '该公众号提供的服务出现故障，请稍后再试'

type Trick = 'forged' | 'unsigned'

/** Whether the next message is one that has to be refused. */
function takeTrick(wx: WeChatState): Trick | 'none' {
  for (const trick of ['forged', 'unsigned'] as const) {
    if (wx.tricks[trick] <= 0) continue
    wx.tricks[trick]--
    return trick
  }
  return 'none'
}

function withoutSignature(request: Request): Request {
  const url = new URL(request.url)
  for (const name of ['signature', 'msg_signature', 'timestamp', 'nonce']) url.searchParams.delete(name)
  return new Request(url, request)
}

/** Nobody sends it again: whoever accepts it does not verify. */
function judgeTrick(trick: Trick, response: Response): Verdict {
  const note = response.ok
    ? `the ${trick} message was ACCEPTED: the signature is not verified`
    : `the ${trick} message was refused, as it should be`
  return { delivered: true, note }
}

/** Sends a message or event to the server of an account and resolves after the first attempt. */
export async function sendToGateway(
  wx: WeChatState,
  account: WeChatAccount,
  openid: string,
  fields: Readonly<Record<string, unknown>>
): Promise<GatewayResult> {
  const { context } = wx
  const { mode, format, token, encodingAESKey } = account.gateway
  const message = {
    ToUserName: account.originalId,
    FromUserName: openid,
    CreateTime: Math.floor(context.receiverTime('gateway', account.appId) / 1000),
    ...(fields.MsgType === 'event' ? fields : { ...fields, MsgId: BigInt(context.random.id64()) })
  }
  let reply: GatewayReply = { kind: 'none' }
  let made: Request | undefined
  let trick: Trick | 'none' | undefined
  const sent: { line?: SentMessage } = {}
  const delivery = context.deliver({
    kind: 'gateway',
    account: account.appId,
    subject: subjectOf(fields),
    // Repeats are the same bytes at the same address, timestamp and nonce included.
    request: (_, url, timeMs) => {
      trick ??= takeTrick(wx)
      made ??= signedGatewayMessage({
        ...(trick === 'forged' ? { tamper: mode === 'plain' ? 'signature' : 'msg_signature' } : {}),
        appId: account.appId,
        token,
        encodingAESKey,
        url,
        message,
        mode,
        format,
        timestamp: Math.floor(timeMs / 1000),
        nonce: context.random.digits(10),
        random16: context.random.bytes(16)
      })
      return trick === 'unsigned' ? withoutSignature(made.clone()) : made.clone()
    },
    retryAfterMs: RETRY_AFTER_MS,
    timeoutMs: TIMEOUT_MS,
    judge: (response, body) => {
      if (trick === 'forged' || trick === 'unsigned') return judgeTrick(trick, response)
      if (!response.ok) return { delivered: false, note: `HTTP ${response.status}` }
      reply = readGatewayReply(account, body, mode !== 'plain', openid, String(fields.MsgType))
      if (reply.kind === 'wrong') {
        const note = `the person sees an error: ${reply.problem}`
        return { delivered: true, note, signature: replySignature(account, body) }
      }
      return { delivered: true, note: reply.kind === 'none' ? 'no reply' : `reply ${String(reply.fields.MsgType)}` }
    },
    finished: ({ state }) => {
      const appId = account.appId
      if (sent.line) sent.line.outcome = outcomeOf(reply, state)
      if (reply.kind === 'message') wx.receive({ appId, openid, kind: 'reply', content: reply.fields })
      // Only messages make the platform apologise; events fail in silence.
      else if ((state === 'failed' || reply.kind === 'wrong') && fields.MsgType !== 'event') {
        wx.receive({ appId, openid, kind: 'notice', content: UNAVAILABLE })
      }
    }
  })
  sent.line = rememberSent(wx, account, openid, message, delivery)
  await delivery.first
  const [attempt] = delivery.attempts
  if (attempt) {
    sent.line.tookMs = attempt.tookMs
    sent.line.note = attempt.note
  }
  sent.line.outcome = outcomeOf(reply, delivery.state)
  return {
    delivery,
    get reply() {
      return reply.kind === 'message' ? reply.fields : undefined
    }
  }
}

/** In a word, for people. */
function subjectOf({ MsgType, Content, Event, EventKey }: Readonly<Record<string, unknown>>): string {
  const parts = MsgType === 'event' ? [Event, EventKey] : [MsgType, Content]
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
    .slice(0, 60)
}

function outcomeOf(reply: GatewayReply, state: Delivery['state']): SentMessage['outcome'] {
  if (state === 'pending' || state === 'held') return 'pending'
  if (reply.kind === 'wrong' || state !== 'delivered') return 'failed'
  return reply.kind === 'message' ? 'replied' : 'silent'
}

function rememberSent(
  wx: WeChatState,
  account: WeChatAccount,
  openid: string,
  message: Readonly<Record<string, unknown>>,
  { id }: Delivery
): SentMessage {
  // Numbers of 64 bits are text in a snapshot.
  const { ToUserName: _, FromUserName: __, CreateTime: ___, MsgId: ____, ...fields } = message
  const time = wx.now
  const line: SentMessage = { time, appId: account.appId, openid, fields, deliveryId: id, outcome: 'pending' }
  wx.sent.set(`${time} ${id}`, line)
  return line
}

/** The check that the console makes when a server URL is saved: `echostr` must come back as it is. */
export async function verifyServer(wx: WeChatState, account: WeChatAccount): Promise<Delivery> {
  const { context } = wx
  const echo = context.random.digits(19)
  const delivery = context.deliver({
    kind: 'gateway',
    account: account.appId,
    request: (_, target, timeMs) => {
      const url = new URL(target)
      const timestamp = String(Math.floor(timeMs / 1000))
      const nonce = context.random.digits(10)
      url.searchParams.set('signature', signGateway(account.gateway.token, timestamp, nonce))
      url.searchParams.set('echostr', echo)
      url.searchParams.set('timestamp', timestamp)
      url.searchParams.set('nonce', nonce)
      return new Request(url)
    },
    retryAfterMs: [],
    timeoutMs: TIMEOUT_MS,
    judge: (response, body) => {
      const isRight = response.ok && body === echo
      return { delivered: isRight, note: isRight ? 'server URL verified' : 'the response is not exactly the echostr' }
    }
  })
  return await delivery.done
}
