import type { Logger } from '../core/logger.ts'
import { isWeixinKitError } from '../errors/index.ts'
import { redactText } from '../internal/redact.ts'

/**
 * Logs a failure of which the visitor of a page sees only a code. Without a logger it goes to the console: an error
 * that nobody sees is the worst outcome.
 */
export function reportFailure(logger: Logger | undefined, title: string, error: unknown): void {
  try {
    const { error: log } = logger ?? { error: (message: string, fields: object) => console.error(message, fields) }
    const text = error instanceof Error ? error.message : String(error)
    const fields = {
      ...(isWeixinKitError(error) ? { code: error.code } : {}),
      ...(error instanceof Error ? { stack: redactText(String(error.stack)) } : {})
    }
    log?.call(logger, `${title}: ${redactText(text)}`, fields)
  } catch {
    // A logger that throws must not change the response, and there is nowhere left to report it.
  }
}
