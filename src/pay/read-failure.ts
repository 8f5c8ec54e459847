import { WeChatPayError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { isSecretName, redactData, redactText } from '../internal/redact.ts'
import { describePayError } from './error-codes.ts'
import type { RawResponse } from './pay-call.ts'
import { payscoreHint } from './payscore-reasons.ts'
import { describeRefusedFields } from './refused-fields.ts'
import { describeSignDifference } from './sign-difference.ts'

/** Beyond this our own clock is the likely cause of a refused signature. */
const NOTABLE_SKEW_SECONDS = 240

/** Turns a failure (any status except 2xx, and 202) into an error. `isVerified`: its signature was verified. */
export function readFailure(
  response: RawResponse,
  context: { operation: string; isVerified: boolean; nowMs: number }
): WeChatPayError {
  const { status } = response
  const body = readBody(response.bytes)
  const code = body?.code ?? `HTTP_${status}`
  const { kind, retryable, hint: general } = describePayError(code, status, body?.message)
  const requestId = response.header('request-id') ?? undefined
  const hint = payscoreHint(requestId) ?? general
  const upstreamMessage = redactText((body?.message ?? '').slice(0, 512))
  const parts = [
    `${context.operation}: WeChat Pay responded ${status} ${code}${upstreamMessage ? ` (${upstreamMessage})` : ''}.`
  ]
  const refused = describeRefusedFields(body?.detail)
  if (refused) parts.push(refused)
  if (code === 'SIGN_ERROR') parts.push(...explainSignError(response, body?.detail, context.nowMs))
  parts.push(hint.en)
  if (!context.isVerified) parts.push('This response has no signature that could be verified.')
  if (requestId) parts.push(`Request-ID ${requestId}.`)
  return new WeChatPayError(parts.join(' '), {
    version: 3,
    product: 'pay',
    status,
    upstreamCode: code,
    upstreamMessage,
    requestId,
    kind,
    retryable,
    hint,
    body: body ? redactData(withoutRequest(body)) : undefined
  })
}

function explainSignError(response: RawResponse, detail: unknown, nowMs: number): string[] {
  const lines: string[] = []
  const date = Date.parse(response.header('date') ?? '')
  const skew = Math.round((nowMs - date) / 1000)
  if (Math.abs(skew) > NOTABLE_SKEW_SECONDS) {
    lines.push(
      `The clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the server's: set it (NTP).`
    )
  }
  const difference = describeSignDifference(response.signedMessage, detail)
  if (difference) lines.push(difference)
  return lines
}

interface FailureBody {
  readonly code: string
  readonly message: string
  readonly detail: unknown
  readonly value: Readonly<Record<string, unknown>>
}

function readBody(bytes: Uint8Array): FailureBody | undefined {
  let value: unknown
  try {
    value = parseJson(bytes)
  } catch {
    // An error page of a gateway: only the status is useful.
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { code, message, detail } = value as Record<string, unknown>
  if (typeof code !== 'string' || !/^[A-Za-z0-9_]{1,64}$/.test(code)) return undefined
  return {
    code,
    message: typeof message === 'string' ? message : '',
    detail,
    value: value as Record<string, unknown>
  }
}

/**
 * Without the parts that repeat the request: the message that the platform built, which may contain personal data, and
 * the value of a secret field, which is in `value` while its name is in the text.
 */
function withoutRequest({ value, message, detail }: FailureBody): Readonly<Record<string, unknown>> {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return value
  const { sign_information: _, ...rest } = detail as Record<string, unknown>
  const named = typeof rest.field === 'string' ? rest.field : message
  const words = named.slice(0, 512).match(/\w+/g) ?? []
  if ('value' in rest && words.some(isSecretName)) rest.value = '[redacted]'
  return { ...value, detail: rest }
}
