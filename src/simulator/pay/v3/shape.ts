import { V3Failure } from '../failures.ts'

export type Json = Record<string, unknown>

interface Base {
  readonly isOptional?: boolean
}
export interface TextShape extends Base {
  readonly kind: 'text'
  readonly min: number
  readonly max: number
  readonly pattern?: RegExp | undefined
  readonly oneOf?: readonly string[] | undefined
}
export interface SecretShape extends Base {
  readonly kind: 'secret'
}
export interface IntShape extends Base {
  readonly kind: 'int'
  readonly min: number
  readonly max: number
}
export interface FlagShape extends Base {
  readonly kind: 'flag'
}
export interface ListShape extends Base {
  readonly kind: 'list'
  readonly item: Shape
  readonly min: number
  readonly max: number
}
export interface ObjectShape extends Base {
  readonly kind: 'object'
  readonly fields: Readonly<Record<string, Shape>>
}
export type Shape = TextShape | SecretShape | IntShape | FlagShape | ListShape | ObjectShape

export const text = (min: number, max: number, pattern?: RegExp): TextShape => ({ kind: 'text', min, max, pattern })
export const oneOf = (...values: string[]): TextShape => ({ kind: 'text', min: 1, max: 64, oneOf: values })
/** A field that the client encrypts for the key named in `Wechatpay-Serial` (敏感信息). */
export const secret = (): SecretShape => ({ kind: 'secret' })
export const int = (min = 1, max = Number.MAX_SAFE_INTEGER): IntShape => ({ kind: 'int', min, max })
export const flag = (): FlagShape => ({ kind: 'flag' })
export const list = (item: Shape, max: number, min = 0): ListShape => ({ kind: 'list', item, min, max })
export const object = (fields: ObjectShape['fields']): ObjectShape => ({ kind: 'object', fields })
export const opt = <S extends Shape>(shape: S): S => ({ ...shape, isOptional: true })

export interface ReadOptions {
  readonly location: 'body' | 'query'
  /** Decrypts a secret; called only when there is one. */
  readonly decrypt: (ciphertext: string, field: string) => string
  /** Told the path of each field that the shape does not have. */
  readonly unknown: (path: string) => void
}

function refuse(path: string, value: unknown, issue: string, { location }: ReadOptions): never {
  const name = path.slice(path.lastIndexOf('/') + 1)
  throw new V3Failure(400, 'PARAM_ERROR', `输入源“${path}”映射到字段“${name}”${issue}`, {
    field: path,
    value: typeof value === 'object' ? '' : String(value ?? ''),
    issue,
    location
  })
}

/** Checks a value against a shape and returns it with its secrets decrypted. Unknown fields are told and passed over. */
export function readShape(shape: Shape, value: unknown, path: string, options: ReadOptions): unknown {
  if (value === undefined || value === null || value === '') {
    if (shape.isOptional) return undefined
    return refuse(path, value, '必填性规则校验失败，此字段为必填项', options)
  }
  switch (shape.kind) {
    case 'text':
      return readText(shape, value, path, options)
    case 'secret':
      if (typeof value !== 'string') return refuse(path, value, '类型规则校验失败，应为字符串', options)
      return options.decrypt(value, path)
    case 'int':
      return readInt(shape, value, path, options)
    case 'flag': {
      const isFlag =
        typeof value === 'boolean' || (options.location === 'query' && /^(true|false)$/.test(String(value)))
      return isFlag ? String(value) === 'true' : refuse(path, value, '类型规则校验失败，应为布尔值', options)
    }
    case 'list': {
      if (!Array.isArray(value)) return refuse(path, value, '类型规则校验失败，应为数组', options)
      if (value.length < shape.min || value.length > shape.max) {
        return refuse(
          path,
          value,
          `数组规则校验失败，元素个数 ${value.length}，应为 ${shape.min} 至 ${shape.max}`,
          options
        )
      }
      return value.map((item, i) => readShape(shape.item, item, `${path}/${i}`, options))
    }
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) {
        return refuse(path, value, '类型规则校验失败，应为对象', options)
      }
      const given = value as Json
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(shape.fields, name)) options.unknown(`${path}/${name}`)
      }
      const read = Object.entries(shape.fields).map(([name, inner]) => [
        name,
        readShape(inner, Object.hasOwn(given, name) ? given[name] : undefined, `${path}/${name}`, options)
      ])
      return Object.fromEntries(read.filter(([, inner]) => inner !== undefined))
    }
  }
}

/** Emoji and rare characters, which take four bytes in UTF-8 (基本规则: 字符集). */
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u

function readText(shape: TextShape, value: unknown, path: string, options: ReadOptions): string {
  if (typeof value !== 'string') return refuse(path, value, '类型规则校验失败，应为字符串', options)
  if (BEYOND_BMP.test(value)) {
    return refuse(path, value, '字符集规则校验失败，仅支持一至三个字节的UTF-8字符', options)
  }
  const length = [...value].length
  if (length > shape.max)
    return refuse(path, value, `字符串规则校验失败，字符数 ${length}，大于最大值 ${shape.max}`, options)
  if (length < shape.min)
    return refuse(path, value, `字符串规则校验失败，字符数 ${length}，小于最小值 ${shape.min}`, options)
  if (shape.oneOf && !shape.oneOf.includes(value)) {
    return refuse(path, value, `枚举规则校验失败，应为 ${shape.oneOf.join('/')}`, options)
  }
  if (shape.pattern && !shape.pattern.test(value)) return refuse(path, value, '字符串规则校验失败，格式不正确', options)
  return value
}

function readInt(shape: IntShape, value: unknown, path: string, options: ReadOptions): number {
  const isText = options.location === 'query' && typeof value === 'string' && /^\d+$/.test(value)
  const number = isText ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    return refuse(path, value, '类型规则校验失败，应为整数', options)
  }
  if (number < shape.min) return refuse(path, value, `数值规则校验失败，小于最小值 ${shape.min}`, options)
  if (number > shape.max) return refuse(path, value, `数值规则校验失败，大于最大值 ${shape.max}`, options)
  return number
}

/** Sizes that several endpoints share. */
export const OUT_TRADE_NO = text(6, 32, /^[0-9A-Za-z_\-|*]+$/)
export const MCHID = text(1, 32, /^\d+$/)
export const APPID = text(1, 32)
export const OPENID = text(1, 128)
/** Without query: the platform does not call an address with parameters. */
export const NOTIFY_URL = text(8, 256, /^https?:\/\/[^?#\s]+$/)

export function child(value: Json, name: string): Json {
  const inner = value[name]
  return typeof inner === 'object' && inner !== null ? (inner as Json) : {}
}

export function str(value: Json, name: string): string {
  const inner = value[name]
  return typeof inner === 'string' ? inner : ''
}

export function num(value: Json, name: string): number {
  const inner = value[name]
  return typeof inner === 'number' ? inner : 0
}

/** Entries without `undefined`, for `exactOptionalPropertyTypes` and tidy JSON. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== '')) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
