/** Far below the nesting (some 10,000 levels) that ends a process of Node.js 26 inside `JSON.parse`. */
const LIMIT_BYTES = 16 * 1024

/**
 * The JSON of a body that no parser of a framework has read; `undefined` for anything else, another content type, and more
 * than 16 KiB. Takes a `Request`'s headers and body, or those of `node:http`.
 */
export async function readJsonBody(
  contentType: string | null | undefined,
  body: AsyncIterable<Uint8Array> | null
): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? '')) return undefined
  let length = 0
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    if (length > LIMIT_BYTES) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
