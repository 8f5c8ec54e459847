/** @internal JSON in which a `bigint` is a bare number, as upstreams print their 64-bit ids. */
export function upstreamJson(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `\u0000${item}\u0000` : item))
  return text.replace(/"\\u0000(\d+)\\u0000"/g, '$1')
}
