import { randomUUID } from 'node:crypto'
import { extname } from 'node:path'
import { imageInfo } from './image-info.ts'

/** A value that stands for `$(name)`; `undefined` when there is none. */
export type MagicVariables = (name: string) => unknown

export interface UploadFacts {
  readonly bucket: string
  readonly key: string
  readonly hash: string
  readonly data: Uint8Array
  readonly fname: string | undefined
  readonly mimeType: string
  readonly endUser: string | undefined
  readonly persistentId: string | undefined
  /** With the prefix `x:`. */
  readonly variables: Readonly<Record<string, string>>
  readonly timeMs: number
}

/** The magic variables (魔法变量) of an upload. */
export function magicVariables(facts: UploadFacts): MagicVariables {
  // Dates are those of Beijing.
  const iso = new Date(facts.timeMs + 8 * 3_600_000).toISOString()
  const extension = extname(facts.fname ?? facts.key)
  const plain: Readonly<Record<string, () => unknown>> = {
    bucket: () => facts.bucket,
    key: () => facts.key,
    etag: () => facts.hash,
    fname: () => facts.fname,
    fprefix: () =>
      facts.fname === undefined ? undefined : facts.fname.slice(0, facts.fname.length - extension.length),
    ext: () => extension,
    fsize: () => facts.data.length,
    mimeType: () => facts.mimeType,
    endUser: () => facts.endUser,
    persistentId: () => facts.persistentId,
    uuid: () => randomUUID(),
    imageInfo: () => imageInfo(facts.data),
    year: () => iso.slice(0, 4),
    mon: () => iso.slice(5, 7),
    day: () => iso.slice(8, 10),
    hour: () => iso.slice(11, 13),
    min: () => iso.slice(14, 16),
    sec: () => iso.slice(17, 19)
  }
  return (name) => {
    if (name.startsWith('x:')) return Object.hasOwn(facts.variables, name) ? facts.variables[name] : undefined
    const [root = '', ...path] = name.split('.')
    let value = Object.hasOwn(plain, root) ? plain[root]?.() : undefined
    for (const step of path) {
      const held = value as Record<string, unknown> | null | undefined
      value = typeof held === 'object' && held !== null && Object.hasOwn(held, step) ? held[step] : undefined
    }
    return value
  }
}

const VARIABLE = /\$\(([^()]*)\)/g

/** Fills a template for plain text, as `saveKey` is one. */
export function fillText(template: string, variables: MagicVariables): string {
  return template.replace(VARIABLE, (_, name: string) => textOf(variables(name)))
}

/** Fills a template of a form body: values are form-encoded. */
export function fillForm(template: string, variables: MagicVariables): string {
  return template.replace(VARIABLE, (_, name: string) => encodeURIComponent(textOf(variables(name))))
}

/** Fills a template of JSON: values come with their quotes, or without where the template has quotes already. */
export function fillJson(template: string, variables: MagicVariables): string {
  let isInString = false
  return template.replace(/\$\(([^()]*)\)|\\.|"/gs, (part: string, name: string | undefined) => {
    if (part === '"') isInString = !isInString
    if (name === undefined) return part
    const value = variables(name)
    return isInString ? JSON.stringify(textOf(value)).slice(1, -1) : JSON.stringify(value ?? null)
  })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  // Half of a surrogate pair, which JSON can carry, would break the encoding of a form.
  return typeof value === 'object' ? JSON.stringify(value) : Buffer.from(String(value)).toString()
}
