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
export interface AnyShape extends Base {
  readonly kind: 'any'
}
export type Shape = TextShape | SecretShape | IntShape | FlagShape | ListShape | ObjectShape | AnyShape

export const text = (min: number, max: number, pattern?: RegExp): TextShape => ({ kind: 'text', min, max, pattern })
export const oneOf = (...values: string[]): TextShape => ({ kind: 'text', min: 1, max: 64, oneOf: values })
/** A field that the client encrypts for the key named in `Wechatpay-Serial` (敏感信息). */
export const secret = (): SecretShape => ({ kind: 'secret' })
export const int = (min = 1, max = Number.MAX_SAFE_INTEGER): IntShape => ({ kind: 'int', min, max })
export const flag = (): FlagShape => ({ kind: 'flag' })
export const list = (item: Shape, max: number, min = 0): ListShape => ({ kind: 'list', item, min, max })
export const object = (fields: ObjectShape['fields']): ObjectShape => ({ kind: 'object', fields })
/** Fields that the document of a call has and the simulator makes nothing of. */
export const unread = (...names: string[]): ObjectShape['fields'] =>
  Object.fromEntries(names.map((name) => [name, { kind: 'any', isOptional: true } satisfies AnyShape]))
export const opt = <S extends Shape>(shape: S): S => ({ ...shape, isOptional: true })

export interface ReadOptions {
  readonly location: 'body' | 'query' | 'uri_template'
  /** Decrypts a secret; called only when there is one. */
  readonly decrypt: (ciphertext: string, field: string) => string
  /** Told the path of each field that the shape does not have. */
  readonly unknown: (path: string) => void
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The text names the field; `detail` has only where it stood and its value, or the length that broke a rule. */
function refuse(text: string, value: unknown, { location }: ReadOptions): never {
  throw new V3Failure(400, 'PARAM_ERROR', text, { location, value })
}

function breaks(path: string, rule: string, value: unknown, options: ReadOptions): never {
  return refuse(`输入源“${path}”映射到值字段“${nameOf(path)}”${rule}`, value, options)
}

function isNo(type: string, path: string, value: unknown, options: ReadOptions): never {
  const source = options.location === 'body' ? ' JSON 输入源' : '输入源'
  return refuse(
    `无法将${source}“${path}”映射到目标字段“${nameOf(path)}”中，此字段需要一个合法的${type}`,
    value,
    options
  )
}

const INTEGER = ' 64 位有符号整数'

/** Checks a value against a shape and returns it with its secrets decrypted. Unknown fields are reported and passed over. */
export function readShape(shape: Shape, value: unknown, path: string, options: ReadOptions): unknown {
  if (value === undefined || value === null) {
    if (shape.isOptional) return undefined
    return refuse(`输入源“${path}”映射到字段“${nameOf(path)}”必填性规则校验失败，此字段为必填项`, '', options)
  }
  switch (shape.kind) {
    case 'any':
      return value
    case 'text':
      return readText(shape, value, path, options)
    case 'secret':
      return typeof value === 'string' ? options.decrypt(value, path) : isNo('字符串', path, value, options)
    case 'int':
      return readInt(shape, value, path, options)
    case 'flag': {
      const isFlag =
        typeof value === 'boolean' || (options.location === 'query' && /^(true|false)$/.test(String(value)))
      return isFlag ? String(value) === 'true' : isNo('布尔值', path, value, options)
    }
    case 'list': {
      if (!Array.isArray(value)) return isNo(' Json 数组', path, value, options)
      const { length } = value
      if (length < shape.min || length > shape.max) {
        return breaks(path, `数组规则校验失败，元素个数 ${length}，应为 ${shape.min} 至 ${shape.max}`, length, options)
      }
      return value.map((item, i) => readShape(shape.item, item, `${path}/${i}`, options))
    }
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) return isNo(' Json 对象', path, value, options)
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

/** An empty text is too short, also where the field may be left out. */
function readText(shape: TextShape, value: unknown, path: string, options: ReadOptions): string {
  if (typeof value !== 'string') return isNo('字符串', path, value, options)
  if (BEYOND_BMP.test(value)) {
    return breaks(path, '字符集规则校验失败，仅支持一至三个字节的UTF-8字符', value, options)
  }
  const { length } = [...value]
  const size = `字符串规则校验失败，字符数 ${length}`
  if (length > shape.max) return breaks(path, `${size}，大于最大值 ${shape.max}`, length, options)
  if (length < shape.min) return breaks(path, `${size}，小于最小值 ${shape.min}`, length, options)
  if (shape.oneOf && !shape.oneOf.includes(value)) {
    return breaks(path, `枚举规则校验失败，应为 ${shape.oneOf.join('/')}`, value, options)
  }
  if (shape.pattern && !shape.pattern.test(value)) {
    const rule =
      shape.pattern === LETTERS_AND_DIGITS
        ? '字符串只能是数字和字母'
        : `字符串必须匹配正则表达式“${shape.pattern.source}”`
    return breaks(path, `字符串规则校验失败，${rule}`, value, options)
  }
  return value
}

function readInt(shape: IntShape, value: unknown, path: string, options: ReadOptions): number {
  const isText = options.location === 'query' && typeof value === 'string' && /^\d+$/.test(value)
  const number = isText ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) return isNo(INTEGER, path, value, options)
  if (number < shape.min) return breaks(path, `数值规则校验失败，小于最小值 ${shape.min}`, number, options)
  if (number > shape.max) return breaks(path, `数值规则校验失败，大于最大值 ${shape.max}`, number, options)
  return number
}

/** A rule that refusals put in words. */
export const LETTERS_AND_DIGITS = /^[0-9A-Za-z]+$/

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
