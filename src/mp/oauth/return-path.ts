const ORIGIN = 'http://same-site.invalid'
const LONGEST = 1024
/** Size in the cookie: browsers silently drop one of more than 4096 bytes. */
const LONGEST_ENCODED = 2048
/** How many times an encoded path may be encoded again. */
const ROUNDS = 4

/**
 * Returns the normalised path to return to after a login; `undefined` if it could lead to another site. A browser, a
 * proxy and a framework each decode and normalise in their own way, so every form that any of them could read as
 * another host is refused.
 */
export function sameSitePath(value: string): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  const normalised = normalise(value)
  if (normalised === undefined || normalised.length > LONGEST_ENCODED) return undefined
  // %2F%2Fevil and %5Cevil become hosts if something decodes the path once more.
  let path: string | undefined = value.split(/[?#]/, 1)[0] ?? ''
  for (let round = 0; round < ROUNDS && path !== undefined; round++) {
    const decoded = decodeAscii(path)
    if (decoded === path) return normalised
    path = normalise(decoded) === undefined ? undefined : decoded
  }
  return undefined
}

/** As a browser reads it: dot segments resolved, the rest of Unicode encoded. */
function normalise(value: string): string | undefined {
  if (!value.startsWith('/') || isDangerous(value) || !URL.canParse(value, ORIGIN)) return undefined
  const { origin, pathname, search, hash } = new URL(value, ORIGIN)
  const path = pathname + search + hash
  return origin !== ORIGIN || isDangerous(path) ? undefined : path
}

// Browsers drop tabs and line breaks from URLs and read a backslash as a slash; control characters, separators and
// invisible characters do not belong in a URL either.
function isDangerous(text: string): boolean {
  return text.startsWith('//') || /[\\\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(text)
}

/** Characters beyond ASCII stay encoded: their single bytes are not characters. */
function decodeAscii(text: string): string {
  return text.replace(/%[0-7][0-9a-f]/gi, (part) => String.fromCharCode(Number.parseInt(part.slice(1), 16)))
}
