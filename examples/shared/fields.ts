import { z } from 'zod'

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

/** One of some numbers, as JSON or as text. Text that a number only can be made of, such as `2.0`, is none. */
export const oneOf = <const T extends number>(...values: T[]) =>
  z
    .union([z.string(), z.number()])
    .refine((given) => values.some((one) => String(one) === String(given)))
    .transform((given) => Number(given) as T)
