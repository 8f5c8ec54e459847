/** Promises of a delivery are for code in this process. */
const printable = (_: string, value: unknown) => {
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
