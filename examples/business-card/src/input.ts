import { z } from 'zod'
import { maybe } from '../../shared/fields.ts'
import { LARGEST_ID, wholeBetween } from '../../shared/numbers.ts'
import { AppError } from './error-codes.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Number of a row. */
export const id = wholeBetween(1, LARGEST_ID)

/** Of a login. The document writes that of its example in quotes. */
export const code = z
  .string()
  .transform((text) => text.replace(/^(['"])(.*)\1$/, '$2'))
  .pipe(z.string().regex(/^[\w-]{1,256}$/))

/** Of lists. */
export const PAGE = { current_page: maybe(wholeBetween(1, 1_000_000)), length: maybe(wholeBetween(1, 100)) }

/**
 * The fields of a request by their schema. What is missing, empty or too long is 303; what is of another type or form, as a
 * parameter that is given twice, is 301.
 */
export function read<T>(schema: z.ZodType<T>, fields: Fields): T {
  const result = schema.safeParse(fields)
  if (result.success) return result.data
  const isFormError = result.error.issues.every((issue) => {
    const value = fields[String(issue.path[0])]
    if (value === undefined || value === null || value === '') return true
    return issue.code === 'custom' && issue.params?.isLength === true
  })
  throw new AppError(isFormError ? 303 : 301)
}
