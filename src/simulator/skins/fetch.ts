import { certificateOfDispatcher, clientCertificate } from '../framework/client-certificate.ts'
import { ConnectionFault } from '../framework/connection-fault.ts'
import type { SimulatorCore } from '../framework/core.ts'
import type { Transport } from '../framework/exchange.ts'

/** What the injected `fetch` reads beyond the standard. */
export interface SimulatorFetchInit {
  /** The undici dispatcher that a client passes for mutual TLS: its certificate is what the simulator sees. */
  dispatcher?: unknown
  /** The client certificate as PEM, for a client that passes no dispatcher. */
  clientCertificate?: string
}

/** @internal What node's fetch rejects with when there is no connection. */
export function connectionError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** Node forwards an abort to a request that is still referenced only, and a waiting promise does not reference its request. */
const waiting = new Set<Request>()

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** @internal Makes the `fetch` that answers from the simulator and never opens a connection. */
export function createFetch(core: SimulatorCore, transport: Transport = 'fetch'): typeof globalThis.fetch {
  return async (input, init) => {
    const { dispatcher, clientCertificate: pem, ...standard } = (init ?? {}) as RequestInit & SimulatorFetchInit
    const request = new Request(input as Request, standard as RequestInit)
    const received = new URL(request.url)
    const upstream = core.upstreamUrl(received)
    if (!upstream) {
      throw connectionError('ENOTFOUND', `The simulator has no service for ${received.host} and opens no connections.`)
    }
    request.signal.throwIfAborted()
    waiting.add(request)
    const handled = (async () => {
      const answer = await core.handle(
        {
          method: request.method,
          headers: request.headers,
          body: new Uint8Array(await request.arrayBuffer()),
          transport,
          receivedTarget: received.pathname + received.search,
          receivedHost: received.host,
          signal: request.signal,
          clientCertificate: pem === undefined ? certificateOfDispatcher(dispatcher) : clientCertificate(pem)
        },
        upstream
      )
      Object.defineProperty(answer.response, 'url', { value: received.href })
      return answer.response
    })()
    try {
      return await Promise.race([handled, aborted(request.signal)])
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error
      if (error.how === 'reset') throw connectionError('ECONNRESET', 'read ECONNRESET')
      return await aborted(request.signal)
    } finally {
      waiting.delete(request)
    }
  }
}
