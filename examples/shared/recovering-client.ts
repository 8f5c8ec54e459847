import type { Client } from 'pg'

/**
 * Closes a connection on which a response is overdue. The server behind it is gone or hangs, and the driver would give the
 * connection back to the pool, where each later request would wait for its response, too.
 */
export function closeWhenOverdue(client: Client): void {
  const query = client.query.bind(client) as (...parts: unknown[]) => unknown
  const watched = (...parts: unknown[]): unknown => {
    const result = query(...parts)
    if (result instanceof Promise) {
      result.catch((error: unknown) => {
        if (error instanceof Error && error.message === 'Query read timeout') destroy(client)
      })
    }
    return result
  }
  Object.assign(client, { query: watched })
}

/** Not `end()`, which says goodbye to a server that does not listen. */
function destroy(client: Client): void {
  const { connection } = client as Client & { connection?: { stream?: { destroy(): void } } }
  connection?.stream?.destroy()
}
