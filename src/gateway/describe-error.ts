import { redactText } from '../internal/redact.ts'

/**
 * Returns an error as log fields, secrets masked. The stack is included: for errors in user code, the message alone
 * does not show the place.
 */
export function describeError(error: unknown): Record<string, unknown> {
  try {
    if (!(error instanceof Error)) return { error: redactText(String(error)) }
    const code = (error as { code?: unknown }).code
    return {
      ...(typeof code === 'string' ? { code } : {}),
      error: redactText(String(error.message)),
      stack: redactText(String(error.stack ?? ''))
    }
  } catch {
    return { error: 'a value was thrown that cannot be turned into text' }
  }
}
