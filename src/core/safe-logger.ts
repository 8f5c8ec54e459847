import type { Logger } from './logger.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/**
 * A logger of the application that can fail nothing: what it throws, or what a promise that it returns rejects with, is dropped. It must
 * not turn a payment that succeeded into an error, refuse a login, or end the process.
 */
export function safeLogger(logger: Logger): Logger
export function safeLogger(logger: Logger | undefined): Logger | undefined
export function safeLogger(logger: Logger | undefined): Logger | undefined {
  if (!logger) return undefined
  const safe: Logger = {}
  for (const level of LEVELS) {
    safe[level] = (...line) => {
      try {
        // An async function is assignable to the type, too.
        const result: unknown = logger[level]?.(...line)
        if (result instanceof Promise) result.catch(() => undefined)
      } catch {
        // There is nowhere left to report it.
      }
    }
  }
  return safe
}
