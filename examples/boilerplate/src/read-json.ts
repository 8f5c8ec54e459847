import type { z } from 'zod'
import { readJsonBody } from '../../shared/read-json-body.ts'
import { AppError } from './error-codes.ts'

/** The JSON body of a request by its schema; anything else is 1001. */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(await readJsonBody(request.headers.get('content-type'), request.body))
  if (!result.success) throw new AppError(1001)
  return result.data
}
