import type { Request } from 'express'
import { z } from 'zod'
import { readQuery } from './input.ts'

const positive = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .refine((value) => value <= max)

const PAGE = z.object({ page: positive(1_000_000).optional(), per_page: positive(100).optional() })

export interface Page {
  page: number
  per_page: number
  limit: number
  offset: number
}

/** `page` from 1, `per_page` from 1 to 100, default 20; anything else is 1202. */
export function readPage(request: Request): Page {
  const { page = 1, per_page = 20 } = readQuery(request, PAGE)
  return { page, per_page, limit: per_page, offset: (page - 1) * per_page }
}
