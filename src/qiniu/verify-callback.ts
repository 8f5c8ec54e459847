import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime } from '../internal/hash.ts'
import { isWellFormed } from '../internal/is-well-formed.ts'
import { redactUrl } from '../internal/redact.ts'
import { type AuthorizationScheme, authorize, coversBody, type SignableRequest } from './authorization.ts'
import type { QiniuSigner } from './signer.ts'

/** A callback as received. Host and target are those that Qiniu called, not those behind a proxy. */
export interface CallbackRequest extends SignableRequest {
  /** The `Authorization` header. */
  authorization: string | null | undefined
  body: Uint8Array | string
}

/** How far the date of a callback may be off, in either direction. */
export const MAX_SKEW_MS = 15 * 60_000

export interface VerifiedCallback {
  scheme: AuthorizationScheme
  /** Whether the signature covers a date, so that the callback is known to be recent. */
  isDated: boolean
}

/**
 * Verifies a callback of Qiniu. Source: Qiniu, "Callback" (回调鉴权).
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_UNKNOWN_SERIAL (another access key),
 *   ERR_SIGNATURE_MISMATCH, ERR_SIGNATURE_EXPIRED
 */
export function verifyCallback(signer: QiniuSigner, request: CallbackRequest, nowMs: number): VerifiedCallback {
  const [, scheme, accessKey] = /^(QBox|Qiniu) ([^:\s]+):[\w=-]+$/.exec(request.authorization ?? '') ?? []
  if (scheme !== 'QBox' && scheme !== 'Qiniu') {
    const found = request.authorization ? 'has another scheme' : 'is missing'
    throw new SignatureError(
      'missing',
      `The Authorization header ${found}; Qiniu sends "QBox …" or "Qiniu …". Configure any proxy in front to forward the header.`,
      { product: 'qiniu' }
    )
  }
  if (accessKey !== signer.accessKey) {
    throw new SignatureError(
      'unknown_serial',
      'The callback was signed with another access key than the configured one.',
      {
        product: 'qiniu'
      }
    )
  }
  const length = typeof request.body === 'string' ? request.body.length : request.body.byteLength
  if (length > 0 && !coversBody(scheme, request.contentType)) {
    throw new SignatureError(
      'mismatch',
      `A signature of the scheme ${scheme} does not cover a body of the type ${request.contentType || '(none)'}, so anybody could have changed it. Keep callbackBodyType at the form type.`,
      { product: 'qiniu' }
    )
  }
  const expected = authorize(signer, scheme, request)
  // A lone surrogate would be verified as U+FFFD but read as something else.
  const isText = typeof request.body !== 'string' || isWellFormed(request.body)
  if (!isText || !equalsConstantTime(request.authorization ?? '', expected)) {
    const seen = redactUrl(request.target)
    throw new SignatureError(
      'mismatch',
      `The signature does not match ${request.method} ${seen} on ${request.host}. Either secretKey is wrong, or a proxy changed path or host: set "publicUrl" to the URL that Qiniu calls.`,
      { product: 'qiniu' }
    )
  }
  const hasDate = checkDate(request, nowMs)
  // QBox signs no headers: anybody can add a date.
  return { scheme, isDated: hasDate && scheme === 'Qiniu' }
}

/** All of them, if there are several: the signature covers only the last one. */
function checkDate(request: CallbackRequest, nowMs: number): boolean {
  let hasDate = false
  for (const [name, value] of request.headers ?? []) {
    if (name.toLowerCase() !== 'x-qiniu-date') continue
    const time = Date.parse(value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    if (Math.abs(time - nowMs) <= MAX_SKEW_MS) {
      hasDate = true
      continue
    }
    throw new SignatureError(
      'expired',
      'The X-Qiniu-Date of the callback is more than 15 minutes off; check the clock of this machine.',
      {
        product: 'qiniu'
      }
    )
  }
  return hasDate
}
