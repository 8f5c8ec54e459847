/** Writes a message as the platform does: text in CDATA as it was typed, also with `]]>` in it; numbers bare (also 64-bit ones, as `bigint`). */
export function writeMessageXml(fields: Readonly<Record<string, unknown>>, root = 'xml'): string {
  return `<${root}>${children(fields)}</${root}>`
}

function children(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('')
  if (typeof value === 'object') return `<${name}>${children(value as Readonly<Record<string, unknown>>)}</${name}>`
  if (typeof value === 'number' || typeof value === 'bigint') return `<${name}>${value}</${name}>`
  return `<${name}><![CDATA[${String(value)}]]></${name}>`
}

/** The same message as JSON, in which a `bigint` is a bare number. */
export function writeMessageJson(fields: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(fields, (_, item: unknown) => (typeof item === 'bigint' ? `\u0000${item}\u0000` : item))
  return text.replace(/"\\u0000(\d+)\\u0000"/g, '$1')
}
