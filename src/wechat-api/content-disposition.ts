/**
 * Returns the file name in a Content-Disposition header: `filename*` (RFC 5987), else `filename`, quoted or not,
 * because WeChat sends both. Directories, control characters and names that consist of dots are removed: the name may
 * be used as a path.
 */
export function fileNameOf(header: string | null): string | undefined {
  if (!header) return undefined
  const extended = /(?:^|[;\s])filename\*\s*=\s*"?([\w!#$%&+^`{}~.-]*)'[^']*'([^;"\s]+)/i.exec(header)
  const name = extended ? decodeExtended(extended[1] ?? '', extended[2] ?? '') : undefined
  return clean(name ?? plainName(header))
}

function plainName(header: string): string | undefined {
  const quoted = /(?:^|[;\s])filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)
  if (quoted) return asUtf8((quoted[1] ?? '').replace(/\\(["\\])/g, '$1'))
  const bare = /(?:^|[;\s])filename\s*=\s*([^;"]+)/i.exec(header)
  return bare ? asUtf8((bare[1] ?? '').trim()) : undefined
}

function decodeExtended(charset: string, value: string): string | undefined {
  try {
    if (/^utf-?8$/i.test(charset)) return decodeURIComponent(value)
  } catch {
    return undefined
  }
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Header bytes arrive as Latin-1; valid UTF-8 is decoded as such. */
function asUtf8(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

function clean(name: string | undefined): string | undefined {
  const last = name?.split(/[/\\]/).pop() ?? ''
  const plain = last
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 255)
  return plain === '' || /^\.+$/.test(plain) ? undefined : plain
}
