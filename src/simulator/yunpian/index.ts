import type { SimulatorContext } from '../framework/context.ts'
import { createRoutes, route, type SimulatorService } from '../framework/service.ts'

/** @internal */
export function createYunpianService(_context: SimulatorContext): SimulatorService {
  const routes = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'yunpian' }))])
  return {
    name: 'yunpian',
    hosts: ['sms.yunpian.com'],
    handle: (exchange) => routes(exchange) ?? new Response('not simulated', { status: 404 })
  }
}
