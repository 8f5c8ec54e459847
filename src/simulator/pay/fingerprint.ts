import { createHash } from 'node:crypto'

/** The same for the same parameters, whatever the order of their names; short, because every order keeps one. */
export function fingerprint(value: unknown): string {
  const text = JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  )
  return createHash('sha256').update(text).digest('base64url')
}
