import { BodyError, DecryptError, SignatureError } from '../errors/index.ts'
import { explainPlaintextBody, explainSignature, explainUnsigned, failSignature } from './diagnose.ts'
import type { Account } from './gateway-options.ts'
import type { GatewayMode } from './handler-types.ts'
import { openFrame } from './message-frame.ts'
import type { MessageKey } from './message-key.ts'
import { formatOf, parseFields } from './parse-message.ts'
import type { GatewayQuery } from './read-query.ts'
import { isSignedWith } from './signature.ts'

/** A verified request. */
export interface OpenedRequest {
  raw: string
  fields: Record<string, unknown>
  mode: GatewayMode
  /** The token and key of the request: the reply uses the same, because the platform may not know newer ones. */
  token: string
  key: MessageKey | undefined
}

/** Thrown when the signature is right but the plaintext cannot be parsed. */
export interface UnreadRequest {
  unread: unknown
}

/** Which timestamps are accepted. */
export interface Window {
  nowSeconds: number
  windowSeconds: number
}

const SECONDS = /^[1-9]\d{0,11}$/
/**
 * WeChat's nonces have about ten digits. The parts are signed without separators, so the start of a ciphertext could
 * pass for the end of the nonce: from 64 characters on, base64 can hold whole cipher blocks.
 */
const LONGEST_NONCE = 63

type SignedQuery = GatewayQuery & { timestamp: string; nonce: string }

/** Verifies the URL check of the console and returns the text to echo. `echostr` is plain in every mode. */
export function openUrlCheck(query: GatewayQuery, account: Account, window: Window): string {
  const signed = requireParts(query)
  findToken(signed, account)
  checkTime(signed.timestamp, window)
  if (query.echostr === undefined)
    throw new SignatureError('missing', 'The query has no echostr.', { product: 'gateway' })
  return query.echostr
}

/**
 * Verifies and opens a POST. With a key only encrypted content covered by `msg_signature` is accepted; plain fields
 * next to it (compatible mode) are ignored, because no signature covers them.
 *
 * @throws {SignatureError} {DecryptError} {BodyError}
 */
export function openMessage(
  query: GatewayQuery,
  body: string,
  account: Account,
  window: Window
): OpenedRequest | UnreadRequest {
  const signed = requireParts(query)
  return account.keys.length > 0
    ? openEncrypted(signed, body, account, window)
    : openPlaintext(signed, body, account, window)
}

function openEncrypted(
  query: SignedQuery,
  body: string,
  account: Account,
  window: Window
): OpenedRequest | UnreadRequest {
  const signature = query.msg_signature
  if (signature === undefined) throw explainPlaintextBody(query, body, account)
  if (!isMessageText(body)) throw explainPlaintextBody(query, body, account)
  const wrapper = parseFields(body, body.length * 3)
  const encrypt = wrapper.Encrypt
  if (typeof encrypt !== 'string' || encrypt === '') throw explainPlaintextBody(query, body, account)
  const parts = { timestamp: query.timestamp, nonce: query.nonce, signature, encrypt }
  let token: string | undefined
  for (const candidate of account.tokens) if (token === undefined && isSignedWith(candidate, parts)) token = candidate
  if (token === undefined) throw explainSignature(query, encrypt, account)
  checkTime(query.timestamp, window)
  const { raw, key } = decryptWithAny(encrypt, account)
  const mode = wrapper.MsgType === undefined ? 'encrypted' : 'compatible'
  const fields = readFields(raw)
  if ('unread' in fields && fields.unread instanceof Error) return { unread: fields.unread }
  checkRoles(query, fields, window)
  checkReceiver(fields, account)
  return { raw, fields, mode, token, key }
}

/**
 * The signature sorts its parts, so timestamp and nonce can be swapped: a recorded message whose nonce looks like a
 * timestamp would become valid again at that time. Its creation time shows which one is which.
 */
function checkRoles({ timestamp, nonce }: SignedQuery, { CreateTime }: Record<string, unknown>, window: Window): void {
  if (!SECONDS.test(nonce)) return
  const isNear = (seconds: string) => Math.abs(Number(seconds) - Number(CreateTime)) <= window.windowSeconds
  if (isNear(nonce) && !isNear(timestamp)) {
    throw failSignature(
      'expired',
      'The nonce is the time of the message: timestamp and nonce were swapped, so this is a replay.'
    )
  }
}

function openPlaintext(
  query: SignedQuery,
  body: string,
  account: Account,
  window: Window
): OpenedRequest | UnreadRequest {
  const token = findToken(query, account)
  checkTime(query.timestamp, window)
  if (!isMessageText(body)) throw explainPlaintextBody(query, body, account)
  const fields = readFields(body)
  if ('unread' in fields && fields.unread instanceof Error) return { unread: fields.unread }
  checkReceiver(fields, account)
  if (fields.MsgType === undefined && fields.Encrypt !== undefined) {
    throw new DecryptError(
      'key',
      'The message is encrypted and signed with this token, but the gateway has no encodingAESKey: set the one on the ' +
        'server configuration page, or choose plaintext mode (明文模式) there.',
      { product: 'gateway' }
    )
  }
  return { raw: body, fields, mode: fields.Encrypt === undefined ? 'plaintext' : 'compatible', token, key: undefined }
}

/** The platform sends XML or JSON; anything else was damaged in transit and may arrive intact the next time. */
const isMessageText = (body: string) => formatOf(body) !== undefined && !/^\s*\{\s*"xml"\s*:/.test(body)

function readFields(text: string): Record<string, unknown> {
  try {
    return parseFields(text, text.length * 3)
  } catch (error) {
    // A fault of the server (a missing package) is not the fault of the message.
    if (error instanceof BodyError) return { unread: error }
    throw error
  }
}

/** Nothing else binds a plaintext message to the account. */
function checkReceiver({ ToUserName }: Record<string, unknown>, { originalId, appId }: Account): void {
  if (originalId === undefined || ToUserName === undefined || ToUserName === originalId) return
  const shown = /^\w{2,64}$/.test(String(ToUserName)) ? ` "${ToUserName}"` : ''
  throw failSignature(
    'mismatch',
    `The message is for another account${shown}: the gateway of ${appId} has the originalId "${originalId}".`
  )
}

function decryptWithAny(encrypt: string, { keys, appId }: Account): { raw: string; key: MessageKey } {
  let failure: unknown
  for (const key of keys) {
    try {
      return { raw: openFrame(key, encrypt, appId), key }
    } catch (error) {
      // Report the failure with the current key; of the two, a wrong appid is the better clue.
      if (failure === undefined || (error instanceof DecryptError && error.reason === 'appid')) failure = error
    }
  }
  throw failure
}

function requireParts(query: GatewayQuery): SignedQuery {
  if (query.repeated !== undefined) {
    throw new SignatureError(
      'missing',
      `The query has ${query.repeated} twice, so it is not defined which one counts.`,
      {
        product: 'gateway'
      }
    )
  }
  if (!query.timestamp || !query.nonce || (!query.signature && !query.msg_signature)) throw explainUnsigned(query)
  if (!SECONDS.test(query.timestamp)) throw failSignature('mismatch', 'The timestamp is not a number of seconds.')
  if (query.nonce.length > LONGEST_NONCE)
    throw failSignature('mismatch', 'The nonce is longer than any that WeChat sends.')
  return query as SignedQuery
}

function findToken(query: SignedQuery, account: Account): string {
  const { timestamp, nonce, signature } = query
  if (signature === undefined) throw explainUnsigned(query)
  for (const token of account.tokens) if (isSignedWith(token, { timestamp, nonce, signature })) return token
  throw explainSignature(query, undefined, account)
}

function checkTime(timestamp: string, { nowSeconds, windowSeconds }: Window): void {
  const age = nowSeconds - Number(timestamp)
  if (Math.abs(age) <= windowSeconds) return
  throw failSignature(
    'expired',
    `The signature is right, but its timestamp is ${Math.abs(Math.round(age))} s ${age > 0 ? 'behind' : 'ahead of'} the clock ` +
      `of this machine; ${windowSeconds} s are accepted. It is a replay, or the clock is wrong: compare it with a time server.`
  )
}
