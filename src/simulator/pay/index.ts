import type { SimulatorContext } from '../framework/context.ts'
import { createRoutes, route, type SimulatorService } from '../framework/service.ts'

/** @internal */
export function createPayService(_context: SimulatorContext): SimulatorService {
  const routes = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'pay' }))])
  return {
    name: 'pay',
    hosts: ['api.mch.weixin.qq.com', 'fraud.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'],
    handle: (exchange) => routes(exchange) ?? new Response('not simulated', { status: 404 })
  }
}
