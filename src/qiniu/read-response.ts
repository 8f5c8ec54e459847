import { readResponseText } from '../core/read-response-text.ts'
import { BodyError, QiniuError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { redactData, redactText } from '../internal/redact.ts'
import { describeStatus } from './statuses.ts'

const NO_RETRY = new Set([501, 579])

/**
 * Reads a response and returns the parsed body of a 2xx, or `{}` for an empty one.
 *
 * @throws {QiniuError} ERR_QINIU for any other status
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for a 2xx that is not JSON; {BodyError} ERR_BODY_TOO_LARGE
 */
export async function readResponse(response: Response, operation: string): Promise<unknown> {
  const text = await readResponseText(response, { product: 'qiniu', operation })
  const { status } = response
  const requestId = response.headers.get('x-reqid') ?? undefined
  if (status < 200 || status > 299) throw qiniuError(operation, { status, text, requestId })
  if (text.trim() === '') return {}
  try {
    return parseJson(text)
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause
    const start = redactText(text.slice(0, 80).replace(/\s+/g, ' '))
    throw new UnexpectedResponseError(
      `${operation}: expected JSON from Qiniu, got HTTP ${status} with ${text.length} characters beginning "${start}". Check baseUrl and any proxy in between.`,
      { product: 'qiniu', status, cause }
    )
  }
}

/** Returns the error for a failed response. */
export function qiniuError(
  operation: string,
  response: { status: number; text: string; requestId?: string | undefined }
): QiniuError {
  const { status, text, requestId } = response
  const body = parseQuietly(text)
  const upstreamMessage = redactText(messageOf(body, text))
  const { kind, retryable, hint } = describeStatus(status, upstreamMessage, operation)
  return new QiniuError(`Qiniu refused ${operation}: ${status} ${upstreamMessage} — ${hint.en}`, {
    product: 'qiniu',
    status,
    upstreamCode: String(status),
    upstreamMessage,
    requestId,
    kind,
    retryable: retryable && !NO_RETRY.has(status),
    hint,
    body: redactData(body)
  })
}

/** Returns the object in a response. */
export function recordOf(value: unknown, operation: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new UnexpectedResponseError(`${operation}: expected a JSON object from Qiniu.`, { product: 'qiniu' })
}

/** `putTime` has more digits than a number can hold, so it is always returned as text. */
export function withTextTime(info: Record<string, unknown>): Record<string, unknown> {
  return typeof info.putTime === 'number' ? { ...info, putTime: String(info.putTime) } : info
}

function parseQuietly(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function messageOf(body: unknown, text: string): string {
  if (typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string')
    return body.error.slice(0, 500)
  return text.slice(0, 200).replace(/\s+/g, ' ').trim() || 'no message'
}
