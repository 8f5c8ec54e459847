import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import { AppError } from './error-codes.ts'

/** A phone number of the mainland. */
export const mobile = z.string().regex(/^1\d{10}$/)

/** The JSON body by its schema. Anything else is 参数错误, another content type too: a form of another site has no JSON. */
export function readJson<T>(koa: KoaContext, schema: z.ZodType<T>): T {
  const result = schema.safeParse(koa.request.body)
  if (!result.success) throw new AppError(1)
  return result.data
}

/** `YYYY-MM-DD HH:mm:ss` in Beijing. */
export const beijing = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .transform((value) => new Date(`${value.replace(' ', 'T')}+08:00`))
  .refine((date) => !Number.isNaN(date.getTime()))
