import { z } from 'zod'
import { LARGEST_ID, wholeBetween } from '../../shared/numbers.ts'
import { AppError } from './error-codes.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Number of a row. */
export const id = wholeBetween(1, LARGEST_ID)

/** Absent or empty is the same. */
export const maybe = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

/** Text of people without control characters; line feeds only where `lines`. */
export const plain = (max: number, lines = false) =>
  z
    .string()
    .regex(lines ? /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u : /^[^\p{Cc}\p{Cs}]*$/u)
    .refine((value) => [...value].length <= max, { params: { isLength: true } })

export const filled = (max: number, lines = false) => plain(max, lines).refine((value) => value.trim() !== '', FORM)
const FORM = { params: { isLength: true } }

/** One of some numbers, as JSON or as text. */
export const oneOf = <const T extends number>(...values: T[]) =>
  z
    .union([z.string(), z.number()])
    .transform(Number)
    .refine((value): value is T => values.some((one) => one === value))

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
