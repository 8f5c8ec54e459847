const asText = (_: string, item: unknown) => (typeof item === 'bigint' ? `\u0000${item}\u0000` : item)

/** @internal JSON in which a `bigint` is a bare number, as upstreams print their 64-bit ids. */
export function upstreamJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    // What has a bigint: asking every value first would cost every response.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(value, asText).replace(/"\\u0000(\d+)\\u0000"/g, '$1')
  }
}
