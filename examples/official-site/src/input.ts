import type { Request } from 'express'
import { z } from 'zod'
import { AppError } from './error-codes.ts'

/** Chosen by the client, so that the same request sent twice is one request. */
export const REQUEST_ID = z.string().regex(/^[\w-]{8,40}$/)

/** An amount in fen. */
export const FEN = z.int().min(1).max(10_000_000)

/** The JSON body of a POST or PUT: 1100 when it is no object, 1401 when a field is missing, 1402 when one is wrong. */
export function readJson<T>(request: Request, schema: z.ZodType<T>): T {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new AppError(1100)
  return parse(body, schema, 1401, 1402)
}

/** The query of a GET: 1201 when a parameter is missing, 1202 when one is wrong. */
export function readQuery<T>(request: Request, schema: z.ZodType<T>): T {
  return parse(request.query, schema, 1201, 1202)
}

/** The query of a DELETE: 1601 when a parameter is missing, 1602 when one is wrong. */
export function readDeleteQuery<T>(request: Request, schema: z.ZodType<T>): T {
  return parse(request.query, schema, 1601, 1602)
}

function parse<T>(value: object, schema: z.ZodType<T>, missing: 1201 | 1401 | 1601, wrong: 1202 | 1402 | 1602): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const isMissing = result.error.issues.some(
    ({ path: [name, ...deeper] }) => name !== undefined && deeper.length === 0 && !Object.hasOwn(value, name)
  )
  throw new AppError(isMissing ? missing : wrong)
}
