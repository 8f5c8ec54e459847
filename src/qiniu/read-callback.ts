import { BodyError, SignatureError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { type AuthorizationScheme, FORM_TYPE } from './authorization.ts'
import type { QiniuSigner } from './signer.ts'
import { verifyCallback } from './verify-callback.ts'

/** The content of a verified callback. */
export interface VerifiedUpload {
  scheme: AuthorizationScheme
  isDated: boolean
  fields: Record<string, unknown>
  /** Identical for a redelivery of the same signed bytes. */
  identity: string
}

/**
 * Verifies a callback and reads its fields.
 *
 * @throws {SignatureError} ERR_SIGNATURE_…; {BodyError} ERR_BODY_MALFORMED
 */
export function readCallback(
  signer: QiniuSigner,
  request: Request,
  body: Uint8Array,
  options: { publicUrl?: string | URL | undefined; requireDate?: boolean | undefined; nowMs: number }
): VerifiedUpload {
  const { host, target } = calledAddress(request, options.publicUrl)
  const contentType = request.headers.get('content-type') ?? undefined
  const authorization = request.headers.get('authorization')
  const { scheme, isDated } = verifyCallback(
    signer,
    { method: 'POST', host, target, contentType, headers: request.headers, body, authorization },
    options.nowMs
  )
  if (options.requireDate && !isDated) throw undated(scheme)
  return { scheme, isDated, fields: parseFields(body, contentType), identity: `${authorization} ${target}` }
}

function undated(scheme: AuthorizationScheme): SignatureError {
  const message =
    `The signature of the callback (${scheme}) covers no date, so its age is unknown, and "requireDate" is set. ` +
    'Let the bucket sign callbacks with the scheme Qiniu and X-Qiniu-Date, or leave out the option.'
  return new SignatureError('missing', message, { product: 'qiniu' })
}

function calledAddress(request: Request, publicUrl: string | URL | undefined): { host: string; target: string } {
  const called = new URL(request.url)
  if (publicUrl === undefined) return { host: called.host, target: called.pathname + called.search }
  const visible = new URL(publicUrl)
  return { host: visible.host, target: visible.pathname + called.search }
}

function parseFields(body: Uint8Array, contentType: string | undefined): Record<string, unknown> {
  const text = new TextDecoder().decode(body)
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === undefined || type === '' || type === FORM_TYPE) return Object.fromEntries(new URLSearchParams(text))
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BodyError('malformed', 'The body of the callback is not a JSON object; see callbackBody.', {
    product: 'qiniu'
  })
}
