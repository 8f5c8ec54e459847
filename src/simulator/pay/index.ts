import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import type { Fault } from '../framework/faults.ts'
import { CASHIER_HOST } from '../framework/payment-pages.ts'
import { createRoutes, listRoutes, route, type SimulatorService } from '../framework/service.ts'
import type { UserRecord } from '../framework/users.ts'
import { createCashier } from './cashier.ts'
import { PayControl } from './control.ts'
import { subscribeNotices } from './notices.ts'
import { entrustPageRoutes } from './papay/entrust-pages.ts'
import { resume } from './resume.ts'
import { faultV2, handleV2, V2_ENDPOINTS } from './v2/index.ts'
import { faultV3 } from './v3/faults.ts'
import { createV3, V3_ROUTES } from './v3/index.ts'
import { createPayVerbs } from './verbs.ts'
import { createPayViews } from './views.ts'
import { PayWorld } from './world.ts'

const isV3 = (exchange: Exchange): boolean => exchange.path.startsWith('/v3/')
const HOST = 'api.mch.weixin.qq.com'

/** @internal WeChat Pay, v2 and v3 over one ledger. */
export function createPayService(context: SimulatorContext) {
  const world = new PayWorld(context)
  subscribeNotices(world)
  const v3 = createV3(world)
  const cashier = createCashier(world)
  const pageRows = entrustPageRoutes(world)
  const pages = createRoutes([route('GET', '/simulator/ping', () => Response.json({ service: 'pay' })), ...pageRows])

  const handle = (exchange: Exchange): Promise<Response> | Response => {
    if (exchange.host === CASHIER_HOST) return cashier(exchange)
    return isV3(exchange) ? v3(exchange) : (pages(exchange) ?? handleV2(world, exchange))
  }

  return {
    name: 'pay',
    endpoints: [
      ...V2_ENDPOINTS.map(({ path }) => `POST ${HOST}${path}`),
      ...V3_ROUTES.map(({ method, path }) => `${method} ${HOST}${path}`),
      ...listRoutes(HOST, pageRows)
    ],
    hosts: [HOST, 'api2.mch.weixin.qq.com', 'apihk.mch.weixin.qq.com', 'fraud.mch.weixin.qq.com', CASHIER_HOST],
    handle,
    fault: (exchange: Exchange, fault: Fault, real: Response | undefined) => {
      // Somebody has to be there who types the password, or the order could never be finished.
      if (isV3(exchange) && fault.errcode === 'USERPAYING' && exchange.path.endsWith('/codepay')) {
        world.authCodes.asksPasswordNext = true
        return v3(exchange)
      }
      return isV3(exchange) ? faultV3(world, exchange, fault, real) : faultV2(world, exchange, fault, real)
    },
    snapshot: () => world.snapshot(),
    restore: (state: unknown) => {
      world.restore(state)
      resume(world)
    },
    control: new PayControl(world),
    verbs: (user: UserRecord) => createPayVerbs(world, user),
    views: createPayViews(world)
  } satisfies SimulatorService & Record<string, unknown>
}
