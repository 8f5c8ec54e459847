import type { SimulatorContext } from '../framework/context.ts'
import { createRoutes, route, type SimulatorService } from '../framework/service.ts'

/** @internal */
export function createQiniuService(_context: SimulatorContext): SimulatorService {
  const routes = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'qiniu' }))])
  return {
    name: 'qiniu',
    hosts: ['up*.qiniup.com'],
    handle: (exchange) => routes(exchange) ?? new Response('not simulated', { status: 404 })
  }
}
