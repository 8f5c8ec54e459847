import { redactText } from '../internal/redact.ts'

/** An error as log fields, secrets masked. The stack too: with user code in it, the message alone does not find the place. */
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
    return { error: 'something was thrown that cannot be turned into text' }
  }
}
