/** Promises of a delivery are for code in this process; bytes are base64, as the verbs take them. */
function printable(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  // As it is: a Buffer came here as a list of numbers.
  const given = this[name]
  if (given instanceof Uint8Array) return Buffer.from(given).toString('base64')
  if (value instanceof Promise) return undefined
  if (value instanceof Headers) return Object.fromEntries(value)
  return typeof value === 'bigint' ? String(value) : value
}

/** @internal A response of the control interface. */
export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value ?? null, printable), {
    status,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }
  })
