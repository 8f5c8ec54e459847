import { V3Failure } from '../failures.ts'
import { type IntShape, type Json, LETTERS_AND_DIGITS, type Shape, type TextShape } from './shape.ts'

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
