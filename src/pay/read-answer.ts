import { SignatureError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { valuesAt } from './check-params.ts'
import type { Endpoint } from './endpoint.ts'
import type { describePayError } from './error-codes.ts'
import type { MessageVerifier } from './message-verifier.ts'
import { readFailure } from './read-failure.ts'
import type { RawAnswer } from './transport.ts'
import { unexpected } from './transport.ts'

export interface AnswerContext {
  readonly operation: string
  readonly verifier: Pick<MessageVerifier, 'verify'>
  readonly nowMs: number
  readonly describeError: typeof describePayError
}

/**
 * Verifies an answer, then parses it. Nothing of a successful answer is looked at before its signature, time and serial were
 * checked, be it empty; an error answer that carries no signature is reported as such.
 *
 * @throws {SignatureError} with every reason
 * @throws {WeChatPayError} ERR_WECHAT_PAY
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readVerified(answer: RawAnswer, context: AnswerContext): Promise<unknown> {
  const { status, bytes } = answer
  if (status === 200 || status === 204) {
    await context.verifier.verify(answer.header, bytes, 'answer')
    if (bytes.byteLength === 0) return undefined
    return parseJson(bytes)
  }
  const isVerified = await verifyFailure(answer, context)
  throw readFailure(answer, { ...context, isVerified })
}

/**
 * A gateway that refuses a call (401 above all) does not always sign, and in a new merchant's first call its key may be
 * unknown: then the error is told, but marked. What is signed wrongly is refused whatever its status.
 */
async function verifyFailure(answer: RawAnswer, { verifier }: AnswerContext): Promise<boolean> {
  try {
    await verifier.verify(answer.header, answer.bytes, 'answer')
    return true
  } catch (error) {
    if (error instanceof SignatureError && (error.reason === 'missing' || error.reason === 'unknown_serial'))
      return false
    // The download of certificates failed: the answer at hand says more.
    if (!(error instanceof SignatureError)) return false
    throw error
  }
}

/** The parsed body must be what the endpoint promises, and for this very request. */
export function checkAnswer(endpoint: Endpoint, sent: unknown, value: unknown): Record<string, unknown> | undefined {
  const { operation } = endpoint
  if (endpoint.answer === 'empty') return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unexpected(operation, 'a JSON object was expected as the answer.', 200)
  }
  for (const name of endpoint.expects ?? []) {
    const [first] = valuesAt(value, name)
    if (typeof first?.[1] !== 'string' || first[1] === '') {
      throw unexpected(operation, `the answer lacks ${name}.`, 200)
    }
  }
  for (const entry of endpoint.echo ?? []) checkEcho(operation, entry, sent, value)
  return value as Record<string, unknown>
}

function checkEcho(operation: string, entry: string, sent: unknown, received: unknown): void {
  const isOptional = entry.endsWith('?')
  const name = isOptional ? entry.slice(0, -1) : entry
  const ours = valuesAt(sent, name)[0]?.[1]
  if (ours === undefined || ours === null) return
  const theirs = valuesAt(received, name)[0]?.[1]
  if (isOptional && (theirs === undefined || theirs === null || theirs === '')) return
  if (String(theirs) === String(ours)) return
  throw new UnexpectedResponseError(
    `${operation}: the answer is about another ${name} than the request (${theirs === undefined ? 'it has none' : 'both are genuine; an answer was mixed up or replayed'}).`,
    { product: 'pay', status: 200 }
  )
}
