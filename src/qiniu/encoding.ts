/** URL-safe base64 with its padding kept, as every signature and encoded name of Qiniu has it. */
export function urlSafeBase64(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : viewOf(data)
  // Not base64url: that leaves the padding out, and a padded copy costs more than two replacements.
  return bytes.toString('base64').replace(/\+/g, '-').replace(/\//g, '_')
}

/** Adds the padding that `base64url` leaves out. */
export function padBase64(text: string): string {
  const rest = text.length & 3
  return rest === 0 ? text : text + (rest === 2 ? '==' : '=')
}

/**
 * EncodedEntryURI: bucket and key in a path. Without a key it means the bucket, with the empty key the object of that name:
 * two different things.
 */
export function encodedEntry(bucket: string, key?: string): string {
  return urlSafeBase64(key === undefined ? bucket : `${bucket}:${key}`)
}

/** A Buffer over the same memory. */
export function viewOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
