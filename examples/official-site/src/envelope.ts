import type { Request, Response } from 'express'
import type { Envelope } from '../../shared/envelope.ts'
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

export const ENVELOPE: Envelope<ErrorCode> = {
  codes: ERROR_CODES,
  bodyOf: (code) => ({ code, message: ERROR_CODES[code].message, data: {} }),
  fault: 1000,
  badRequest: 1100,
  notFound: 1104,
  foreign: 1103
}
