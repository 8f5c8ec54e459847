import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'

/** Starts listening; rejects when the port is taken. */
export async function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(listener)
  // Longer than a proxy keeps an idle connection (nginx: 60 s): closed by this side, it would take a request with it now and then.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // A burst of connections waits for its turn: beyond the default of 511 the kernel drops them.
    server.listen({ port, host, backlog: 4096 }, resolve)
  })
  return server
}

const GRACE_MS = 5_000

/** Lets the requests under way finish, but not for ever. */
export async function stopListening(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  // A connection with a request under way is idle after its response, and a client may keep it open.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(timer)
}
