import type { QueryValue } from '../core/endpoints.ts'
import type { AuthorizationScheme } from './authorization.ts'
import type { QiniuService } from './hosts.ts'

/** Parameters of `qiniu.request`, for management APIs without a method of their own. */
export interface QiniuRequest {
  /** HTTP method. */
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With leading slash. */
  path: string
  /** Appended to the path. */
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Sent as JSON; a string is sent as a form. */
  body?: unknown
  /** Service: `rs` (default), `rsf`, `io`, `api` or `uc`. */
  service?: QiniuService | 'uc' | undefined
  /** Whether the call may be retried. Default: `true` for GET, `false` otherwise. */
  idempotent?: boolean | undefined
}

/** A request to sign with `qiniu.authorization`. */
export interface ManagementRequest {
  /** Default `Qiniu` (V2). */
  scheme?: AuthorizationScheme | undefined
  /** HTTP method. */
  method: string
  /** Absolute, with its query. */
  url: string | URL
  /** Default: the form type. */
  contentType?: string | undefined
  /** The `X-Qiniu-…` ones are signed. */
  headers?: Readonly<Record<string, string>> | undefined
  /** The body exactly as sent. */
  body?: string | Uint8Array | undefined
}
