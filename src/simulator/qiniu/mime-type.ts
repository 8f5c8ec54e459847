import { extname } from 'node:path'
import { imageInfo } from './image-info.ts'

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
  '.amr': 'audio/amr',
  '.wav': 'audio/x-wav',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.m3u8': 'application/x-mpegurl',
  '.txt': 'text/plain',
  '.html': 'text/html',
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.gz': 'application/gzip'
}

const OCTETS = 'application/octet-stream'

function byContent(data: Uint8Array): string | undefined {
  const image = imageInfo(data)
  if (image) return `image/${image.format}`
  const head = Buffer.from(data.subarray(0, 512)).toString('latin1')
  if (head.startsWith('%PDF-')) return 'application/pdf'
  if (head.startsWith('PK\x03\x04')) return 'application/zip'
  if (head.startsWith('\x1f\x8b')) return 'application/gzip'
  if (head.startsWith('#!AMR')) return 'audio/amr'
  if (head.startsWith('ID3')) return 'audio/mpeg'
  if (head.slice(4, 8) === 'ftyp') return 'video/mp4'
  if (/^\s*<(!doctype html|html)/i.test(head)) return 'text/html'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  return head !== '' && !/[\x00-\x08\x0e-\x1f]/.test(head) ? 'text/plain' : undefined
}

const byName = (name: string | undefined) => BY_EXTENSION[extname(name ?? '').toLowerCase()]

/** The MIME type that an object gets, by `detectMime` of the policy. */
export function decideMimeType(
  detectMime: number,
  object: { data: Uint8Array; mimeType: string | undefined; fname: string | undefined; key: string }
): string {
  const { data, mimeType, fname, key } = object
  const given = mimeType || undefined
  if (detectMime === -1) return given ?? OCTETS
  const guess = () => byName(fname) ?? byName(key)
  if (detectMime === 1) return byContent(data) ?? guess() ?? OCTETS
  return (given === OCTETS ? undefined : given) ?? guess() ?? byContent(data) ?? OCTETS
}

/** Whether `mimeLimit` lets a type pass: `image/*;text/plain`, or `!application/json;text/plain` to forbid. */
export function permitsMimeType(mimeLimit: string, mimeType: string): boolean {
  const isForbidding = mimeLimit.startsWith('!')
  const patterns = mimeLimit.replace(/^!/, '').split(';')
  const type = mimeType.split(';')[0]?.trim() ?? ''
  const fits = patterns.some((pattern) =>
    pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : pattern.trim() === type
  )
  return fits !== isForbidding
}
