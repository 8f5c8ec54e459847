import type { SimulatorContext } from '../framework/context.ts'
import { createRoutes, route, type SimulatorService } from '../framework/service.ts'

/** @internal */
export function createWeChatService(_context: SimulatorContext): SimulatorService {
  const routes = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'wechat' }))])
  return {
    name: 'wechat',
    hosts: ['api.weixin.qq.com', 'open.weixin.qq.com', 'mp.weixin.qq.com'],
    handle: (exchange) => routes(exchange) ?? new Response('not simulated', { status: 404 })
  }
}
