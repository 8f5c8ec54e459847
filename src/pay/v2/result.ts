import { UnexpectedResponseError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { beijingTime } from '../common/parse-beijing-time.ts'

/** Amounts in fen and counts: text on the wire, integers for the user. */
const NUMBERS = new Set([
  'total_fee',
  'settlement_total_fee',
  'cash_fee',
  'coupon_fee',
  'coupon_count',
  'consume_fee',
  'refund_fee',
  'settlement_refund_fee',
  'cash_refund_fee',
  'coupon_refund_fee',
  'coupon_refund_count',
  'refund_count',
  'total_refund_count',
  'total_amount',
  'total_num',
  'payment_amount',
  'refund_amount',
  'amount',
  'cmms_amt',
  'return_amount',
  'unsplit_amount',
  'max_ratio'
])

const COUPON_FIELDS = new Set(['coupon_type', 'coupon_id', 'coupon_fee', 'coupon_refund_fee', 'coupon_refund_id'])
const REFUND_FIELDS = new Set([
  'out_refund_no',
  'refund_id',
  'refund_channel',
  'refund_fee',
  'settlement_refund_fee',
  'cash_refund_fee',
  'coupon_refund_fee',
  'coupon_refund_count',
  'refund_status',
  'refund_account',
  'refund_recv_accout',
  'refund_success_time'
])

/** The envelope: checked, and then not needed any more. */
const ENVELOPE = new Set([
  'return_code',
  'return_msg',
  'result_code',
  'err_code',
  'err_code_des',
  'nonce_str',
  'sign',
  'sign_type'
])

/** The fields of a result before its row gives their types. */
export type ResultFields = Record<string, unknown>
type Item = ResultFields

/** Lists in the indexed fields of a response: `coupon_id_0` or `refund_id_0` and `coupon_refund_id_0_0`. */
export type IndexedList = 'coupons' | 'refunds'

/**
 * Turns verified fields into the result: the envelope is removed, amounts become integers, empty values are left out,
 * `paidAt` is `time_end` as a `Date`, indexed fields become the list `coupons` or `refunds` in order of their index.
 * Everything else keeps its name and text.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for an amount that is not written in digits.
 */
export function toResult<Result = ResultFields>(fields: XmlObject, operation: string, list?: IndexedList): Result {
  const result: Item = {}
  const items: Item[] = []
  for (const name in fields) {
    const value = fields[name]
    if (value === undefined || value === '' || ENVELOPE.has(name)) continue
    const place = list ? locate(name, list) : undefined
    if (!place) {
      result[name] = convert(name, value, operation)
      continue
    }
    items[place.index] ??= {}
    let item = items[place.index] as Item
    if (place.coupon !== undefined) {
      item.coupons ??= []
      const coupons = item.coupons as Item[]
      coupons[place.coupon] ??= {}
      item = coupons[place.coupon] as Item
    }
    item[place.base] = convert(place.base, value, operation)
  }
  const paidAt = typeof result.time_end === 'string' ? beijingTime(result.time_end) : undefined
  if (paidAt) result.paidAt = paidAt
  if (list) result[list] = compact(items).map((item) => (list === 'refunds' ? withCoupons(item) : item))
  // The document of the endpoint defines the fields.
  return result as Result
}

interface Place {
  base: string
  index: number
  /** Second index: a coupon within a refund. */
  coupon?: number
}

/** Position of an indexed field; `undefined` for a plain one, or one that is not known to be a list. */
function locate(name: string, list: IndexedList): Place | undefined {
  // Most names end in a letter, and this runs for every field of every notification.
  if (name.charCodeAt(name.length - 1) > 57) return undefined
  const [, base, first, second] = /^([a-z_]+?)_(\d{1,3})(?:_(\d{1,3}))?$/.exec(name) ?? []
  if (base === undefined) return undefined
  const index = Number(first)
  if (list === 'coupons') return second === undefined && COUPON_FIELDS.has(base) ? { base, index } : undefined
  if (second !== undefined) return COUPON_FIELDS.has(base) ? { base, index, coupon: Number(second) } : undefined
  return REFUND_FIELDS.has(base) ? { base, index } : undefined
}

function withCoupons(item: Item): Item {
  return { ...item, coupons: compact((item.coupons ?? []) as Item[]) }
}

/** Without holes for missing indices. */
function compact(items: readonly Item[]): Item[] {
  return items.filter((item) => item !== undefined)
}

function convert(name: string, value: unknown, operation: string): unknown {
  if (!NUMBERS.has(name)) return value
  const number = typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : undefined
  if (number !== undefined) return number
  throw new UnexpectedResponseError(`${operation}: ${name} should be an integer written in digits, but is not.`, {
    product: 'pay'
  })
}

/** @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE naming the first field that is missing */
export function requireFields(fields: ResultFields, names: readonly string[], subject: string): void {
  const missing = names.find((name) => fields[name] === undefined || fields[name] === '')
  if (missing !== undefined) throw new UnexpectedResponseError(`${subject} lacks ${missing}.`, { product: 'pay' })
}
