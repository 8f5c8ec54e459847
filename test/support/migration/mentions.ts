import assert from 'node:assert/strict'

/** The shapes of responses differ between packages; the number or text that was asked for must be in each. */
export function mentions(value: unknown, text: string): void {
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  assert.ok(shown?.includes(text), `expected ${text} in ${shown?.slice(0, 300)}`)
}
