import type { Logger } from './logger.ts'

const EVERY_MS = 60_000
const MAX_LINES = 50
const printed = new Map<string, number>()

/**
 * Where lines go that nobody took: neither a logger nor an `onError` was given, and a refusal that nobody sees is the worst
 * response. Anybody can cause one by a request, so each line is printed once a minute, and only so many of them.
 */
export const CONSOLE_LOGGER: Logger = {
  // Without the fields: the stack of a refusal says nothing that the line does not.
  warn: (message) => isDue(message) && console.warn(message),
  error: (message, fields) => isDue(message) && console.error(message, ...(fields ? [fields] : []))
}

function isDue(message: string): boolean {
  const now = Date.now()
  for (const [line, at] of printed) if (now - at >= EVERY_MS) printed.delete(line)
  if (printed.has(message) || printed.size >= MAX_LINES) return false
  printed.set(message, now)
  return true
}
