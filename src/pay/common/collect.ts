/** Collects the bytes of a stream, up to `limit`. */
export async function collectCapped(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  tooLarge: () => Error
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
}
