import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { isWeixinKitError } from 'weixin-kit'
import { describeError } from '../../shared/describe-error.ts'
import { AppError, ERROR_CODES, type ErrorCode } from './error-codes.ts'

/** Answers `{ code: 0, message: 'Success', data }`; on a GET, `fields` names what the objects in `data` keep, or `data` without any. */
export function sendData(request: Request, response: Response, data: Record<string, unknown>): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  response.json({ code: 0, message: 'Success', data: isRead ? pick(data, fieldsOf(request)) : data })
}

function fieldsOf(request: Request): ReadonlySet<string> | undefined {
  const { fields } = request.query
  if (fields === undefined) return undefined
  if (typeof fields !== 'string') throw new AppError(1202)
  const names = fields
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0 || names.some((name) => !/^[a-z][a-z_]{0,40}$/.test(name))) throw new AppError(1202)
  return new Set(names)
}

function pick(data: Record<string, unknown>, fields: ReadonlySet<string> | undefined): Record<string, unknown> {
  if (!fields) return data
  const only = (object: object) => Object.fromEntries(Object.entries(object).filter(([name]) => fields.has(name)))
  const keep = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(keep) : isObject(value) ? only(value) : value
  // The JS-SDK configuration is itself the object.
  if (!Object.values(data).some(isObject)) return only(data)
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, keep(value)]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function sendError(response: Response, errorCode: ErrorCode): void {
  const { status, message } = ERROR_CODES[errorCode]
  response.status(status).json({ code: errorCode, message, data: {} })
}

export const notFound: RequestHandler = (_request, response) => sendError(response, 1104)

/** The last middleware: nothing of an error but its code leaves the server; the log gets the cause. */
export function errorHandler(log: (line: string) => void): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    // What one of our handlers threw comes through a converter of the library wrapped.
    const error = isWeixinKitError(thrown) && thrown.code === 'ERR_HANDLER' ? thrown.cause : thrown
    const errorCode = codeOf(error)
    const cause = error instanceof AppError ? error.cause : error
    if (errorCode >= 1800 || errorCode === 1000)
      log(`${request.method} ${request.path} → ${errorCode} ${describeError(cause)}`)
    if (response.headersSent) return void response.destroy()
    sendError(response, errorCode)
  }
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof AppError) return error.errorCode
  // What express.json() and the router throw: malformed JSON, a body over the limit, a broken URL.
  const status = (error as { status?: unknown } | null)?.status
  return typeof status === 'number' && status >= 400 && status < 500 && !isWeixinKitError(error) ? 1100 : 1000
}
