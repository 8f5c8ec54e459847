import type { QueryValue } from '../core/endpoints.ts'
import type { ResultQuery } from '../errors/index.ts'
import type { HttpMethod, MoneyRule } from './endpoint.ts'
import type { HeaderReader } from './message-verifier.ts'

/** One call on its way to the platform. */
export interface PayCall {
  operation: string
  method: HttpMethod
  /** Encoded, with leading slash. */
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Encrypted in place, then serialised once. */
  json?: Record<string, unknown> | undefined
  /** The very bytes that are sent, where they are not JSON. */
  body?: Uint8Array | undefined
  contentType?: string | undefined
  /** What is signed in place of the body, for uploads. */
  signedBody?: string | undefined
  /** Default `application/json`. */
  accept?: string | undefined
  encrypted?: readonly string[] | undefined
  decrypted?: readonly string[] | undefined
  /** Sent as `Wechatpay-Serial`: the key that fields are encrypted for, and with which the response is to be signed. */
  platformKeyId?: string | undefined
  idempotent: boolean
  money?: { open: MoneyRule['open']; query: ResultQuery } | undefined
  /** What the response is compared with. */
  sent?: Readonly<Record<string, unknown>> | undefined
  maxBytes?: number | undefined
  timeoutMs?: number | undefined
}

/** A response as it came, before anything was made of it. */
export interface RawResponse {
  /** Who was asked. */
  readonly host: string
  readonly status: number
  readonly bytes: Uint8Array
  readonly header: HeaderReader
  /** What was signed for this attempt. */
  readonly signedMessage: Buffer
}
