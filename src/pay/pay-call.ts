import type { QueryValue } from '../core/endpoints.ts'
import type { ResultQuery } from '../errors/index.ts'
import type { HttpMethod, MoneyRule } from './endpoint.ts'
import type { HeaderReader } from './message-verifier.ts'

/** One call to the platform. */
export interface PayCall {
  operation: string
  method: HttpMethod
  /** Encoded, with leading slash. */
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Encrypted in place, then serialised once. */
  json?: Record<string, unknown> | undefined
  /** The exact bytes to send, if they are not JSON. */
  body?: Uint8Array | undefined
  contentType?: string | undefined
  /** The text to sign in place of the body, for uploads. */
  signedBody?: string | undefined
  /** Default `application/json`. */
  accept?: string | undefined
  encrypted?: readonly string[] | undefined
  decrypted?: readonly string[] | undefined
  /**
   * Sent as `Wechatpay-Serial`: the key for which fields are encrypted, and with which the response should be signed.
   */
  platformKeyId?: string | undefined
  idempotent: boolean
  money?: { open: MoneyRule['open']; query: ResultQuery } | undefined
  /** The parameters with which the response is compared. */
  sent?: Readonly<Record<string, unknown>> | undefined
  maxBytes?: number | undefined
  timeoutMs?: number | undefined
}

/** A response as received, before parsing. */
export interface RawResponse {
  /** The host that was called. */
  readonly host: string
  readonly status: number
  readonly bytes: Uint8Array
  readonly header: HeaderReader
  /** The signed text of this attempt. */
  readonly signedMessage: Buffer
}
