import { AppError as SharedAppError } from '../../shared/app-error.ts'
import type { Envelope } from '../../shared/envelope.ts'

/** The error codes of the document; the HTTP status is ours. */
export const ERROR_CODES = {
  10001: { status: 400, name: 'OPERATE_ERROR' },
  10002: { status: 404, name: 'DATA_NOT_EXIST' },
  10003: { status: 401, name: 'AUTH_REQUIRED' },
  10004: { status: 409, name: 'DUPLICATE_DATA' },
  10005: { status: 400, name: 'PARAMETER_ERROR' },
  10006: { status: 402, name: 'LOW_BALANCE' }
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** Thrown by routes and models: answered as `{ code, data: null }`. */
export class AppError extends SharedAppError<ErrorCode> {}

export const ENVELOPE: Envelope<ErrorCode> = {
  codes: ERROR_CODES,
  bodyOf: (code) => ({ code, data: null }),
  fault: 10001,
  faultStatus: 500,
  unavailable: 10001,
  badRequest: 10005,
  notFound: 10002,
  foreign: 10003
}
