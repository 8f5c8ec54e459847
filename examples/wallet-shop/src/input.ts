import type { Request } from 'express'
import type { z } from 'zod'
import { LARGEST_ID, wholeBetween } from '../../shared/numbers.ts'
import { IDEMPOTENCY_KEY } from '../../shared/requests.ts'
import { AppError } from './error-codes.ts'

/** The number of a row. What no table can have is for the caller like what is not there. */
export const id = wholeBetween(1, 1e16).transform((value) => {
  if (value > LARGEST_ID) throw new AppError(10002)
  return value
})

/** Input by its schema, or 10005. */
export function read<T>(value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value)
  if (!result.success) throw new AppError(10005)
  return result.data
}

/** The header `Idempotency-Key`, if the client sends one. */
export function keyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key')
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) throw new AppError(10005)
  return key
}
