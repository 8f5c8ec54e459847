import { z } from 'zod'

/** A whole number from 0, as JSON or as a path or query has it. */
export const whole = z.union([z.string().regex(/^(?:0|[1-9]\d{0,15})$/), z.int().min(0)]).transform(Number)

/** A whole number between two bounds. */
export const wholeBetween = (least: number, most: number) => whole.refine((value) => value >= least && value <= most)

/** A phone number of the mainland as a number: 11 digits, as text or as a JSON number. */
export const mobile = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^1\d{10}$/))
  .transform(Number)

/** The largest number of a row (`serial`). */
export const LARGEST_ID = 2 ** 31 - 1

/** `page` from 1 and `size` up to 500, for lists whose document knows no pages: without them, the first 500. */
export const PAGE = z.object({ page: wholeBetween(1, 1_000_000).default(1), size: wholeBetween(1, 500).default(500) })

/** The part of a list that is read. */
export interface Slice {
  limit: number
  offset: number
}

export function sliceOf({ page, size }: z.infer<typeof PAGE>): Slice {
  return { limit: size, offset: (page - 1) * size }
}
