const MASK = '[redacted]'
const DEPTH = 6

/**
 * Replaces the values of secrets in an error and its causes: upstreams, proxies and mocks quote what was sent to them, and not
 * always under a name that tells what it is.
 */
export function scrubError(error: unknown, secrets: readonly string[]): void {
  if (secrets.length === 0) return
  let at = error
  for (let depth = 0; depth < DEPTH && at instanceof Error; depth++, at = at.cause) {
    for (const name of ['message', ...Object.keys(at)]) replace(at, name, secrets)
    // A data property or an accessor, depending on the version of V8.
    const stack = cleaned(at.stack, secrets, DEPTH)
    if (stack !== at.stack) Object.defineProperty(at, 'stack', { value: stack, configurable: true, writable: true })
  }
}

function replace(holder: object, name: string, secrets: readonly string[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name)
  if (!descriptor || !('value' in descriptor)) return
  const clean = cleaned(descriptor.value, secrets, DEPTH)
  if (clean !== descriptor.value) Object.defineProperty(holder, name, { ...descriptor, value: clean })
}

/** The same value when it holds no secret. */
function cleaned(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') {
    return secrets.some((secret) => value.includes(secret))
      ? secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value)
      : value
  }
  if (typeof value !== 'object' || value === null || value instanceof Error || depth === 0) return value
  const entries = Object.entries(value)
  const clean = entries.map(([, item]) => cleaned(item, secrets, depth - 1))
  if (clean.every((item, index) => item === entries[index]?.[1])) return value
  return Array.isArray(value) ? clean : Object.fromEntries(entries.map(([name], index) => [name, clean[index]]))
}
