import { randomNonce } from '../internal/random.ts'

export interface MultipartFile {
  /** Value of `$(fname)`. */
  fileName: string
  contentType: string
  bytes: Uint8Array
}

/**
 * Builds a `multipart/form-data` body in one piece, so that a retry sends the same bytes. The file is the last part.
 */
export function encodeMultipart(
  fields: readonly (readonly [string, string])[],
  file: MultipartFile
): { contentType: string; body: Uint8Array } {
  const boundary = `----weixin-kit-${randomNonce(24)}`
  let head = ''
  for (const [name, value] of fields) {
    head += `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`
  }
  head +=
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escapeName(file.fileName)}"\r\n` +
    `Content-Type: ${file.contentType}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

// Like browsers (HTML, "multipart/form-data encoding").
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
