import { V2Failure } from '../failures.ts'

export type V2Fields = Readonly<Record<string, string>>

/** Rule of one parameter. Lengths are in characters, as the current documents count. */
export interface FieldRule {
  readonly max: number
  readonly pattern?: RegExp
  readonly range?: readonly [min: number, max: number]
  readonly oneOf?: readonly string[]
  readonly required?: boolean | ((fields: V2Fields) => boolean)
}

export type FieldRules = Readonly<Record<string, FieldRule>>

export const need = (max: number, pattern?: RegExp): FieldRule => ({ ...may(max, pattern), required: true })
export const may = (max: number, pattern?: RegExp): FieldRule => (pattern ? { max, pattern } : { max })
export const when = (max: number, required: (fields: V2Fields) => boolean): FieldRule => ({ max, required })
export const amount = (min = 1, max = 100_000_000_00): FieldRule => ({ max: 12, range: [min, max], required: true })
export const count = (min: number, max: number): FieldRule => ({ max: 9, range: [min, max], required: true })
export const one = (...oneOf: string[]): FieldRule => ({ max: 64, oneOf, required: true })
export const oneMay = (...oneOf: string[]): FieldRule => ({ max: 64, oneOf })

export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/
export const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]+$/
export const LETTERS_DIGITS = /^[0-9A-Za-z]+$/
export const TIME = /^\d{14}$/
const IP_V4 = /^\d{1,3}(\.\d{1,3}){3}$/
const IP_V6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/
export const IP = new RegExp(`${IP_V4.source}|${IP_V6.source}`)
/** An address without a query: the platform does not call one with parameters. */
export const NOTIFY_URL = /^https?:\/\/[^?#\s]+$/

/** Numbers that name an order; one of them is needed. */
export const ORDER_NUMBERS: FieldRules = {
  transaction_id: may(32),
  out_trade_no: { max: 32, pattern: OUT_TRADE_NO, required: (fields) => !fields.transaction_id }
}

/** Refuses what breaks a rule, in the order of the table. */
export function checkFields(fields: V2Fields, rules: FieldRules, acceptsEmptyIp = false): void {
  for (const [name, rule] of Object.entries(rules)) {
    const value = fields[name] ?? ''
    if (value === '') {
      const isRequired = typeof rule.required === 'function' ? rule.required(fields) : rule.required
      // Of addresses the platform has another text, and it says it as a failure of communication.
      if (isRequired && name in fields && name === 'spbill_create_ip') {
        if (acceptsEmptyIp) continue
        throw invalidIp()
      }
      if (isRequired) throw new V2Failure('LACK_PARAMS', `缺少参数${name}`)
      continue
    }
    const problem = broken(value, rule)
    if (problem && name === 'spbill_create_ip') throw invalidIp()
    if (problem) throw new V2Failure('PARAM_ERROR', `${name}参数${problem}`)
  }
}

function broken(value: string, rule: FieldRule): string | undefined {
  const length = [...value].length
  if (length > rule.max) return `长度有误：最多 ${rule.max} 个字符，实际 ${length} 个`
  if (rule.oneOf && !rule.oneOf.includes(value)) return `取值有误：应为 ${rule.oneOf.join('/')}`
  if (rule.range) {
    if (!/^(0|[1-9]\d*)$/.test(value)) return '格式有误：应为整数，单位为分'
    const number = Number(value)
    if (number < rule.range[0] || number > rule.range[1]) return `超出范围 ${rule.range[0]}-${rule.range[1]}`
  }
  return rule.pattern && !rule.pattern.test(value) ? '格式有误' : undefined
}

const invalidIp = (): V2Failure => new V2Failure('FAIL', 'invalid spbill_create_ip', true)
