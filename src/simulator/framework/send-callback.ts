import type { FetchHandler } from './delivery.ts'

// Redirects are a response to a callback, not an order to the platform.
export const realFetch: FetchHandler = (request) => fetch(request, { redirect: 'manual' })

/** Calls the application and waits no longer than its upstream does. The body of the request was read: it is `bytes`. */
export async function sendCallback(
  send: FetchHandler,
  { url, method, headers }: Request,
  bytes: Uint8Array<ArrayBuffer>,
  timeoutMs: number
): Promise<Response> {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no response within ${timeoutMs} ms`)
      abort.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    const body = method === 'GET' ? null : bytes
    const request = new Request(url, { method, headers, body, signal: abort.signal })
    return await Promise.race([Promise.resolve(send(request)), timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** What went wrong, with the cause: `fetch failed` alone does not say that nobody listens at the address. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where a name has several addresses, the cause is an AggregateError without a message.
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string }
  const cause = message || code
  return `${error.name}: ${error.message}${cause ? ` (${cause})` : ''}`
}
