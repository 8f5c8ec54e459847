import type { Logger } from './logger.ts'

const EVERY_MS = 60_000
const LINES_PER_CODE = 10
/** When each line was last printed, by error code. */
const printed = new Map<string, Map<string, number>>()

/**
 * Prints errors when neither a logger nor an `onError` is given: a refusal that nobody sees is the worst outcome. Any
 * request can cause one, so each line is printed once a minute, with a limit per code: forged requests do not hide that
 * a callback fails.
 */
export const CONSOLE_LOGGER: Logger = {
  // Without the fields: the stack of a refusal adds nothing to the line.
  warn: (message, fields) => isDue(message, fields) && console.warn(message),
  error: (message, fields) => isDue(message, fields) && console.error(message, ...(fields ? [fields] : []))
}

function isDue(message: string, fields: Record<string, unknown> | undefined): boolean {
  const now = Date.now()
  const code = String(fields?.code)
  const lines = printed.get(code) ?? new Map<string, number>()
  printed.set(code, lines)
  for (const [line, at] of lines) if (now - at >= EVERY_MS) lines.delete(line)
  if (lines.has(message) || lines.size >= LINES_PER_CODE) return false
  lines.set(message, now)
  return true
}
