/** URL-safe base64 with padding, as in every signature and encoded name of Qiniu. */
export function urlSafeBase64(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : viewOf(data)
  return toUrlSafe(bytes.toString('base64'))
}

/** Not the encoding `base64url`: it omits the padding, and a padded copy costs more than two replacements. */
export function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

/**
 * EncodedEntryURI: bucket and key in a path. Without a key it denotes the bucket, with the empty key the object of that
 * name, which is something else.
 */
export function encodedEntry(bucket: string, key?: string): string {
  return urlSafeBase64(key === undefined ? bucket : `${bucket}:${key}`)
}

/** A Buffer over the same memory. */
export function viewOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
