import type { QiniuSigner } from './signer.ts'

export const FORM_TYPE = 'application/x-www-form-urlencoded'
const UNSIGNED_BODY_TYPE = 'application/octet-stream'

/** `QBox` signs path and form body; `Qiniu` (V2) signs method, host, type and body too. */
export type AuthorizationScheme = 'QBox' | 'Qiniu'

/** The parts of a request that the signature covers. */
export interface SignableRequest {
  method: string
  /** Host with port, as in the `Host` header. */
  host: string
  /** Path and query exactly as sent. */
  target: string
  contentType?: string | undefined
  /** Only the `X-Qiniu-…` ones are signed. */
  headers?: Iterable<readonly [string, string]> | undefined
  body?: string | Uint8Array | undefined
}

/** Returns the `Authorization` header of a management call or an upload callback. */
export function authorize(signer: QiniuSigner, scheme: AuthorizationScheme, request: SignableRequest): string {
  const body = coversBody(scheme, request.contentType) ? (request.body ?? '') : ''
  const head = scheme === 'QBox' ? `${request.target}\n` : headOf(request)
  return `${scheme} ${signer.sign(head, body)}`
}

/** Whether a signature of this scheme covers a body of this type. */
export function coversBody(scheme: AuthorizationScheme, contentType: string | undefined): boolean {
  const type = mediaType(contentType)
  return scheme === 'QBox' ? type === FORM_TYPE : type !== UNSIGNED_BODY_TYPE
}

function mediaType(contentType: string | undefined): string {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function headOf({ method, host, target, contentType, headers }: SignableRequest): string {
  const signed = new Map<string, string>()
  for (const [name, value] of headers ?? []) {
    const canonical = canonicalName(name)
    if (canonical.startsWith('X-Qiniu-') && canonical.length > 'X-Qiniu-'.length) signed.set(canonical, value)
  }
  const lines = [...signed.keys()].sort().map((name) => `${name}: ${signed.get(name)}\n`)
  return (
    `${method.toUpperCase()} ${target}\nHost: ${host}\n` +
    `Content-Type: ${contentType || FORM_TYPE}\n${lines.join('')}\n`
  )
}

function canonicalName(name: string): string {
  return name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('-')
}
