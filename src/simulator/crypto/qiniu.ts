import { createHash, createHmac } from 'node:crypto'

const BLOCK = 4 * 1024 * 1024

export function urlSafe(data: string | Uint8Array): string {
  return Buffer.from(data as string)
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

/** The bytes of URL-safe base64, or `undefined` when it is none. Padding may be absent. */
export function fromUrlSafe(text: string): Buffer | undefined {
  return /^[\w-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined
}

/** `bucket` and `key` of an EncodedEntryURI; no colon is no key. */
export function decodeEntry(text: string): { bucket: string; key: string | undefined } | undefined {
  const entry = fromUrlSafe(text)?.toString()
  if (!entry) return undefined
  const colon = entry.indexOf(':')
  return colon < 0 ? { bucket: entry, key: undefined } : { bucket: entry.slice(0, colon), key: entry.slice(colon + 1) }
}

export function signText(secretKey: string, text: string | Uint8Array): string {
  return urlSafe(createHmac('sha1', secretKey).update(text).digest())
}

/** Hash of an object (etag); parts of another size than 4 MiB give another kind of hash. */
export function etag(data: Uint8Array, partSizes?: readonly number[]): string {
  const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
  const sizes = partSizes && partSizes.length > 1 ? partSizes : blocks(data.length)
  // Parts of 4 MiB give what a form upload of the same bytes gives.
  const usual = sizes.every((size, i) => (i < sizes.length - 1 ? size === BLOCK : size <= BLOCK))
  if (sizes.length <= 1 && usual) return urlSafe(Buffer.concat([Buffer.of(0x16), sha1(data)]))
  let offset = 0
  const digests = sizes.map((size) => {
    offset += size
    return sha1(data.subarray(offset - size, offset))
  })
  return urlSafe(Buffer.concat([Buffer.of(usual ? 0x96 : 0x9e), sha1(Buffer.concat(digests))]))
}

function blocks(length: number): number[] {
  const sizes: number[] = []
  for (let left = length; left > 0; left -= BLOCK) sizes.push(Math.min(left, BLOCK))
  return sizes
}

export interface SignableCall {
  readonly method: string
  readonly host: string
  /** Path and query. */
  readonly target: string
  readonly contentType: string | undefined
  readonly headers?: Iterable<readonly [string, string]>
  readonly body: Uint8Array
}

const FORM = 'application/x-www-form-urlencoded'

/** What the scheme `QBox` signs; a body that is not a form is not covered. */
export function qboxText(call: SignableCall): Buffer {
  const body = call.contentType?.split(';')[0]?.trim().toLowerCase() === FORM ? call.body : new Uint8Array()
  return Buffer.concat([Buffer.from(`${call.target}\n`), body])
}

/** What the scheme `Qiniu` (V2) signs. */
export function v2Text(call: SignableCall): Buffer {
  const type = call.contentType || FORM
  const special = [...(call.headers ?? [])]
    .map(([name, value]) => [canonicalName(name), value] as const)
    .filter(([name]) => name.startsWith('X-Qiniu-') && name.length > 'X-Qiniu-'.length)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const head = [
    `${call.method.toUpperCase()} ${call.target}`,
    `Host: ${call.host}`,
    `Content-Type: ${type}`,
    ...special.map(([name, value]) => `${name}: ${value}`)
  ]
  const body = type === 'application/octet-stream' ? new Uint8Array() : call.body
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), body])
}

export const signQBox = (secretKey: string, call: SignableCall): string => signText(secretKey, qboxText(call))

export const signV2 = (secretKey: string, call: SignableCall): string => signText(secretKey, v2Text(call))

function canonicalName(name: string): string {
  return name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('-')
}

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32; `zlib.crc32` is younger than the oldest Node that is supported. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
