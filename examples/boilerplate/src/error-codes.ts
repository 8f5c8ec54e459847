import { AppError as SharedAppError } from '../../shared/app-error.ts'
import type { Envelope } from '../../shared/envelope.ts'

/** The document names `error_code` and no values; these are ours. 0 is success. */
export const ERROR_CODES = {
  1000: { status: 500, message: 'internal error' },
  1001: { status: 400, message: 'a parameter is missing or wrong' },
  1002: { status: 401, message: 'not logged in, or the token has expired' },
  1003: { status: 404, message: 'no such page' },
  2001: { status: 400, message: 'WeChat refused the code: call wx.login again' },
  2002: { status: 400, message: 'the data cannot be decrypted: log in again, then ask for it again' },
  2003: { status: 502, message: 'WeChat could not be asked' }
} as const

export type ErrorCode = keyof typeof ERROR_CODES

export class AppError extends SharedAppError<ErrorCode> {}

/** Errors leave as `{ error_code }` and nothing else. */
export const ENVELOPE: Envelope<ErrorCode> = {
  codes: ERROR_CODES,
  bodyOf: (error_code) => ({ error_code }),
  fault: 1000,
  badRequest: 1001,
  notFound: 1003,
  foreign: 1003
}
