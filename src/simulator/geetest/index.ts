import type { SimulatorContext } from '../framework/context.ts'
import { createRoutes, route, type SimulatorService } from '../framework/service.ts'

/** @internal */
export function createGeetestService(_context: SimulatorContext): SimulatorService {
  const routes = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'geetest' }))])
  return {
    name: 'geetest',
    hosts: ['api.geetest.com'],
    handle: (exchange) => routes(exchange) ?? new Response('not simulated', { status: 404 })
  }
}
