import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import { beijingTime } from '../../shared/beijing-time.ts'
import { AppError } from './error-codes.ts'

/** A phone number of the mainland. */
export const mobile = z.string().regex(/^1\d{10}$/)

/** The JSON body by its schema. Anything else is 参数错误, another content type too: a form of another site has no JSON. */
export function readJson<T>(koa: KoaContext, schema: z.ZodType<T>): T {
  const result = schema.safeParse(koa.request.body)
  if (!result.success) throw new AppError(1)
  return result.data
}

const toDate = (value: string) => new Date(`${value.replace(' ', 'T')}+08:00`)
const isInCalendar = (value: string) => {
  const date = toDate(value)
  return !Number.isNaN(date.getTime()) && beijingTime(date) === value
}

/** `YYYY-MM-DD HH:mm:ss` in Beijing. 30 February is no time. */
export const beijing = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .refine(isInCalendar)
  .transform(toDate)
