import { constants } from 'node:os'
import { delay, type HttpHandler, http } from 'msw'
import { ConfigError } from '../errors/index.ts'
import { connectionFaultOf } from './framework/connection-fault.ts'
import type { Simulator } from './simulator.ts'
import { connectionError } from './skins/fetch.ts'

const RESET = { code: 'ECONNRESET', errno: -constants.errno.ECONNRESET, syscall: 'read' }

/**
 * Returns msw handlers that respond for every upstream host from a simulator; other hosts fall through to your own
 * handlers.
 *
 * @param simulator From `createSimulator`.
 * @example
 * import { setupServer } from 'msw/node'
 * import { createSimulator } from 'weixin-kit/simulator'
 * import { simulatorHandlers } from 'weixin-kit/simulator/msw'
 *
 * const simulator = createSimulator()
 * const server = setupServer(...simulatorHandlers(simulator))
 * server.listen({ onUnhandledRequest: 'error' })
 */
export function simulatorHandlers(simulator: Simulator): HttpHandler[] {
  if (typeof simulator?.fetch !== 'function') {
    throw new ConfigError('simulatorHandlers: expected a simulator made by createSimulator().', {
      option: 'simulator',
      product: 'simulator'
    })
  }
  return [
    http.all(/^https?:\/\/.*/, async ({ request }) => {
      const received = new URL(request.url)
      const upstream = simulator.core.upstreamUrl(received)
      if (!upstream) return undefined
      try {
        const answer = await simulator.core.handle(
          {
            method: request.method,
            headers: request.headers,
            body: new Uint8Array(await request.arrayBuffer()),
            transport: 'msw',
            receivedTarget: received.pathname + received.search,
            receivedHost: received.host,
            signal: request.signal
          },
          upstream
        )
        // It would be present over the network, and clients wait for it.
        if (!answer.truncated) answer.headers.set('content-length', String(answer.body.length))
        return answer.response
      } catch (error) {
        const how = connectionFaultOf(error)
        // With the fields of an operating system error; otherwise msw would turn it into a response.
        if (how === 'reset') throw Object.assign(connectionError(RESET.code, 'read ECONNRESET'), RESET)
        if (how === 'timeout') await delay('infinite')
        throw error
      }
    })
  ]
}
