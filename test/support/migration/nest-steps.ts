import assert from 'node:assert/strict'
import { talk } from './account-steps.ts'
import type { Handler, Step } from './shop.ts'

// Tests replace the global one.
const reach = globalThis.fetch

/** A whole application: it receives messages and notifications, and has a route for orders. */
export const NEST_STEPS: Readonly<Record<string, Step>> = {
  nestApp: async (shop, world) => {
    const { simulator, user, prefix } = world
    const url = String(await shop.target('nestApp'))
    simulator.deliveries.target('gateway', forward(`${url}/wechat`))
    await talk(world)
    simulator.deliveries.target('pay', forward(`${url}/pay/notify`))
    const order = await reach(`${url}/order?number=${prefix}020&openid=${user.openid()}`)
    const { prepay_id } = (await order.json()) as { prepay_id: string }
    const { delivery } = await user.pay(prepay_id)
    assert.equal((await delivery?.first)?.state, 'delivered')
  }
}

const forward =
  (url: string): Handler =>
  async (request) =>
    reach(`${url}${new URL(request.url).search}`, {
      method: request.method,
      headers: request.headers,
      ...(request.method === 'GET' ? {} : { body: await request.arrayBuffer() })
    })
