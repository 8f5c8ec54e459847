import { BodyAlreadyParsedError, BodyError, ConfigError, DecryptError, SignatureError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import type { HeaderReader, MessageVerifier } from './message-verifier.ts'
import type { Notification } from './notification.ts'
import { kindOf, type NotificationKind } from './notification-kind.ts'
import type { Account } from './prepare-call.ts'
import { openResource } from './resource-cipher.ts'
import { unifyPayscore } from './unify-payscore.ts'

/** Headers in the form of any framework. */
export type HeadersInput =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A notification as received. */
export interface RawNotification {
  headers: HeadersInput
  /** The raw body: the signed bytes, before any parser. */
  body: string | Uint8Array
}

export interface NotificationContext {
  readonly verifier: MessageVerifier
  readonly account: Account
}

const MAX_BYTES = 1024 * 1024
/** Fields that name the merchant and the app to which a resource belongs. */
const MERCHANT_FIELDS = ['mchid', 'mch_id', 'sp_mchid', 'combine_mchid', 'stock_creator_mchid'] as const
const APP_FIELDS = ['appid', 'sp_appid', 'combine_appid'] as const
/** Contents that always name their merchant. */
const NAMED = /^((TRANSACTION|REFUND)\.|PAYSCORE\.USER_(CONFIRM|PAID|OPEN_SERVICE|CLOSE_SERVICE)$)/
/** Contents that name another merchant or app: only signature and key prove the recipient. */
const OTHERS_MERCHANT = /^MALL_/
const OTHERS_APP = /^(MALL_|MCHTRANSFER\.QQWALLETBILL\.)/

/**
 * Verifies, then parses, then decrypts a notification and checks the account. There is no other way in.
 *
 * @throws {SignatureError} {DecryptError} {BodyError}
 */
export async function parseNotification(raw: RawNotification, context: NotificationContext): Promise<Notification> {
  const body = readRaw(raw)
  const verified = context.verifier.verify(headerReader(raw.headers), body, 'notification')
  if (verified) await verified
  const envelope = parseJson(body)
  if (!isEnvelope(envelope)) {
    throw new BodyError('malformed', 'The notification lacks id, event_type or resource.', { product: 'pay' })
  }
  const { original_type: type } = envelope.resource as { original_type?: unknown }
  const resource = parseContent(open(envelope.resource, context.account))
  const kind = kindOf(envelope, resource)
  unifyPayscore(kind, resource)
  checkAccount(envelope.event_type, kind, resource, context.account)
  const notification: Notification = Object.assign(envelope, { kind, resource })
  if (typeof type === 'string') notification.original_type = type
  return notification
}

/** With the current key, else with the previous one. */
function open(resource: object, { apiV3Key, formerApiV3Key }: Account): Buffer {
  try {
    return openResource(resource, apiV3Key)
  } catch (error) {
    const mayBeOld = formerApiV3Key && error instanceof DecryptError && error.reason === 'key'
    if (!mayBeOld) throw error
    return openResource(resource, formerApiV3Key)
  }
}

type Envelope = Omit<Notification, 'resource' | 'kind'> & { resource: object }

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false
  const { id, event_type: type, resource } = value as Record<string, unknown>
  return (
    typeof id === 'string' &&
    id !== '' &&
    typeof type === 'string' &&
    /^[A-Z0-9_.-]{1,64}$/.test(type) &&
    typeof resource === 'object' &&
    resource !== null
  )
}

function parseContent(bytes: Uint8Array): object {
  const value = parseJson(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new DecryptError('malformed', 'The decrypted resource is not a JSON object.', { product: 'pay' })
}

/** The APIv3 key already proves the merchant, but several apps of one merchant share it. */
function checkAccount(eventType: string, kind: NotificationKind, resource: object, { mchId, appIds }: Account): void {
  const fields = resource as Readonly<Record<string, unknown>>
  const named: unknown[] = []
  for (const name of MERCHANT_FIELDS) if (fields[name] !== undefined) named.push(fields[name])
  if (kind === 'share') {
    // It is sent to the receiver; the merchant that it names is the one that shares.
    const { account } = fields.receiver as { account?: unknown }
    if (account !== mchId && !named.includes(mchId)) throw foreign(eventType)
  } else if (kind !== 'shareReturn' && !OTHERS_MERCHANT.test(eventType)) {
    const isOther = named.some((merchant) => merchant !== mchId)
    if (isOther || (named.length === 0 && NAMED.test(eventType))) throw foreign(eventType)
  }
  if (appIds.length === 0 || OTHERS_APP.test(eventType)) return
  for (const name of APP_FIELDS) {
    const app = fields[name]
    if (app === undefined || app === null || app === '' || appIds.includes(app as string)) continue
    throw new DecryptError(
      'appid',
      `The ${eventType} notification is for another app of the merchant. If that app is yours too, add it to furtherAppIds.`,
      { product: 'pay' }
    )
  }
}

function foreign(eventType: string): DecryptError {
  return new DecryptError(
    'appid',
    `The ${eventType} notification is not for this merchant (mchId). The notify_url of the order leads to the wrong client; if several merchants share a URL, use notifyHandlerFor.`,
    {
      product: 'pay'
    }
  )
}

function readRaw(raw: RawNotification): string | Uint8Array {
  if (typeof raw !== 'object' || raw === null || typeof raw.headers !== 'object' || raw.headers === null) {
    throw new ConfigError('parseNotification: expected { headers, body }.', {
      code: 'ERR_INVALID_PARAM',
      product: 'pay'
    })
  }
  const { body } = raw
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new BodyAlreadyParsedError(
      'parseNotification: the body is an object, so a body parser ran first; the signature covers the raw bytes. Express: express.raw({ type: () => true }) on this route; Koa: read ctx.req before any body parser; Fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, …); or use notifyHandler with the adapter of your framework.',
      { product: 'pay' }
    )
  }
  if (body.length > MAX_BYTES || Buffer.byteLength(body) > MAX_BYTES) {
    throw new BodyError('too_large', `The notification is larger than ${MAX_BYTES} bytes.`, { product: 'pay' })
  }
  return body
}

function headerReader(headers: HeadersInput): HeaderReader {
  if (typeof headers.get === 'function') {
    const { get } = headers as { get(name: string): string | null }
    return (name) => get.call(headers, name)
  }
  const plain = headers as PlainHeaders
  return (name) => {
    const value = plain[name]
    return typeof value === 'string' ? value : findHeader(plain, name)
  }
}

type PlainHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A header whose name has another case, or whose value is a list. */
function findHeader(headers: PlainHeaders, name: string): string | undefined {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name)
  const value = key === undefined ? undefined : headers[key]
  if (typeof value === 'string' || value === undefined) return value
  // Two values of one signature header are not a signature.
  if (value.length > 1) throw new SignatureError('missing', 'A Wechatpay header occurs twice.', { product: 'pay' })
  return value[0]
}
