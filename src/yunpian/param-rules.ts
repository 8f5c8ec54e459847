import { anything, integer, optional, required, text } from '../core/options.ts'

/** Rules that several families share. */
export const MOBILE = required(anything)
export const PAGE_SIZE = optional(integer(1, 100))
export const PAGE_NUM = optional(integer(1))
export const TEMPLATE_VALUES = required((value: unknown) =>
  typeof value === 'object' && value !== null ? undefined : 'must be an object'
)

export const templateId = (value: unknown): string | undefined =>
  /^\d{1,19}$/.test(String(value)) ? undefined : 'must be the number of a template'

const BEIJING = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
export const beijingOrDate = (value: unknown): string | undefined =>
  (value instanceof Date && !Number.isNaN(value.getTime())) || (typeof value === 'string' && BEIJING.test(value))
    ? undefined
    : 'must be a Date or "yyyy-MM-dd HH:mm:ss" in Beijing time'

export const sign = text(/^[^【】]{2,20}$/, '2 to 20 characters without 【】')
