import { readResponseText } from '../core/read-response-text.ts'
import { BodyError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'

/**
 * Reads a JSON object.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readJson(response: Response, operation: string): Promise<Record<string, unknown>> {
  const text = await readResponseText(response, { product: 'geetest', operation })
  const { status } = response
  const unexpected = (cause?: unknown) =>
    new UnexpectedResponseError(
      `${operation}: expected a JSON object from Geetest, got HTTP ${status} with ${text.length} characters. Check baseUrl and any proxy in between.`,
      { product: 'geetest', status, cause }
    )
  if (!response.ok) throw unexpected()
  try {
    const body = parseJson(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause
    throw unexpected(cause)
  }
  throw unexpected()
}
