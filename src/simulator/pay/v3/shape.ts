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
