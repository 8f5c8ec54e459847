import { readResponseText } from '../core/read-response-text.ts'
import { BodyError, UnexpectedResponseError, YunpianError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { numberOf } from '../internal/number-of.ts'
import { redactData, redactText } from '../internal/redact.ts'
import { describeCode } from './codes.ts'
import { maskMobiles } from './mask-mobiles.ts'

/**
 * Reads a response and returns the parsed body, ids as text.
 *
 * @throws {YunpianError} ERR_YUNPIAN for any code except 0
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if it is not JSON, or a failure without a code
 */
export async function readResponse(response: Response, operation: string): Promise<unknown> {
  const { status } = response
  const text = await readResponseText(response, { product: 'yunpian', operation })
  let body: unknown
  try {
    body = parseJson(text)
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause
    throw unexpected(operation, status, text, cause)
  }
  const error = errorOf(body, operation, status)
  if (error) throw error
  if (status < 200 || status > 299 || typeof body !== 'object' || body === null)
    throw unexpected(operation, status, text)
  return withTextIds(body)
}

/** Returns the error in a response or in one of its items. */
export function errorOf(body: unknown, operation: string, status: number): YunpianError | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined
  const code = numberOf(body.code)
  if (code === 0 || body.code === null) return undefined
  const upstreamCode = Number.isNaN(code) ? 'unknown' : String(code)
  const { msg, detail } = body as { msg?: unknown; detail?: unknown }
  const parts = [msg, detail].filter((part) => typeof part === 'string' && part !== '')
  const upstreamMessage = maskMobiles(redactText(parts.join(': ').slice(0, 500)))
  const { kind, retryable, hint } = describeCode(code)
  return new YunpianError(`Yunpian refused ${operation}: ${upstreamCode} ${upstreamMessage} — ${hint.en}`, {
    product: 'yunpian',
    status,
    upstreamCode,
    upstreamMessage,
    kind,
    retryable,
    hint,
    body: maskDeep(redactData(body))
  })
}

/** `sid` is a 64-bit number on the wire, in some calls text: always text here. */
export function withTextIds(value: unknown, depth = 3): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value
  if (Array.isArray(value)) return value.map((item) => withTextIds(item, depth - 1))
  // Not by assignment: a field "__proto__" would become the prototype of the copy.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      name,
      name === 'sid' && typeof item === 'number' ? String(item) : withTextIds(item, depth - 1)
    ])
  )
}

function maskDeep(value: unknown): unknown {
  if (typeof value === 'string') return maskMobiles(value)
  if (Array.isArray(value)) return value.map(maskDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskDeep(item)]))
}

function unexpected(operation: string, status: number, text: string, cause?: unknown): UnexpectedResponseError {
  const start = maskMobiles(redactText(text.slice(0, 80).replace(/\s+/g, ' ')))
  return new UnexpectedResponseError(
    `${operation}: expected JSON from Yunpian, got HTTP ${status} with ${text.length} characters beginning "${start}". A send may have been executed: check with sms.getRecord before you send again.`,
    { product: 'yunpian', status, cause }
  )
}
