import { BodyAlreadyParsedError, BodyError, ConfigError, DecryptError, SignatureError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import type { HeaderReader, MessageVerifier } from './message-verifier.ts'
import type { Notification } from './notification.ts'
import type { Account } from './prepare-call.ts'
import { openResource } from './resource-cipher.ts'

/** Headers as any framework has them. */
export type HeadersInput =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A notification as it arrived. */
export interface RawNotification {
  headers: HeadersInput
  /** The raw body: the bytes that were signed, before any parser. */
  body: string | Uint8Array
}

export interface NotificationContext {
  readonly verifier: MessageVerifier
  readonly account: Account
}

const MAX_BYTES = 1024 * 1024
/** Fields that name the merchant to whom a resource belongs, and the app. */
const MERCHANT_FIELDS = ['mchid', 'mch_id', 'sp_mchid', 'combine_mchid', 'stock_creator_mchid'] as const
const APP_FIELDS = ['appid', 'sp_appid', 'combine_appid'] as const
/** Contents that always name their merchant. */
const NAMED = /^(TRANSACTION|REFUND)\./

/**
 * Verifies, then parses, then decrypts, then compares the account: one way in, and no other.
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
  const resource = parseContent(openResource(envelope.resource, context.account.apiV3Key))
  checkAccount(envelope.event_type, resource, context.account)
  const notification: Notification = { ...envelope, resource }
  if (typeof type === 'string') notification.original_type = type
  return notification
}

type Envelope = Omit<Notification, 'resource'> & { resource: object }

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

/** The APIv3 key already proves the merchant; several apps of one merchant share it. */
function checkAccount(eventType: string, resource: object, { mchId, appIds }: Account): void {
  const fields = resource as Readonly<Record<string, unknown>>
  let isNamed = false
  let isOther = false
  for (const name of MERCHANT_FIELDS) {
    const merchant = fields[name]
    if (merchant === undefined) continue
    isNamed = true
    isOther ||= merchant !== mchId
  }
  if (isOther || (!isNamed && NAMED.test(eventType))) {
    throw new DecryptError('appid', `The ${eventType} notification is not about this merchant (mchId).`, {
      product: 'pay'
    })
  }
  if (appIds.length === 0) return
  for (const name of APP_FIELDS) {
    const app = fields[name]
    if (typeof app !== 'string' || app === '' || appIds.includes(app)) continue
    throw new DecryptError(
      'appid',
      `The ${eventType} notification is about another app of the merchant. If that app is yours too, name it in furtherAppIds.`,
      { product: 'pay' }
    )
  }
}

function readRaw(raw: RawNotification): Uint8Array {
  if (typeof raw !== 'object' || raw === null || typeof raw.headers !== 'object' || raw.headers === null) {
    throw new ConfigError('parseNotification: expected { headers, body }.', {
      code: 'ERR_INVALID_PARAM',
      product: 'pay'
    })
  }
  const { body } = raw
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  if (!(bytes instanceof Uint8Array)) {
    throw new BodyAlreadyParsedError(
      'parseNotification: the body is an object, so a body parser ran first; the signature covers the raw bytes. Express: express.raw({ type: () => true }) on this route; Koa: read ctx.req before any body parser; Fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, …); or use notifyHandler with the adapter of your framework.',
      { product: 'pay' }
    )
  }
  if (bytes.byteLength > MAX_BYTES) {
    throw new BodyError('too_large', `The notification is larger than ${MAX_BYTES} bytes.`, { product: 'pay' })
  }
  return bytes
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

/** A header that is spelt otherwise, or that is a list. */
function findHeader(headers: PlainHeaders, name: string): string | undefined {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name)
  const value = key === undefined ? undefined : headers[key]
  if (typeof value === 'string' || value === undefined) return value
  // Two values of one signature header are not a signature.
  if (value.length > 1) throw new SignatureError('missing', 'A Wechatpay header came twice.', { product: 'pay' })
  return value[0]
}
