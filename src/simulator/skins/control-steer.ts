import type { Simulator } from '../simulator.ts'
import { json } from './control-answer.ts'

/** Of `simulator.pay`: what needs nothing but JSON. */
const PAY_VERBS = [
  'failTransfers',
  'forgeNotifications',
  'nextRefunds',
  'probeAnswers',
  'probeNotifications',
  'rotatePlatformCertificate',
  'setBalance',
  'settleRefund'
] as const satisfies readonly (keyof Simulator['pay'])[]

/** @internal `/-/pay/probeNotifications` with a list of arguments. */
export async function steerPay({ pay }: Simulator, verb: string, args: unknown): Promise<Response> {
  const name = PAY_VERBS.find((known) => known === verb)
  if (!name) return json({ error: `no verb ${verb}`, verbs: PAY_VERBS }, 404)
  if (!Array.isArray(args)) return json({ error: 'the body must be a JSON list of arguments' }, 400)
  const does = pay[name] as (...args: unknown[]) => unknown
  return json({ result: (await does.apply(pay, args)) ?? null })
}

/** @internal `/-/deliveries` with `{ kind, duplicate | hold | release }`, or `/-/deliveries/7/redeliver`. */
export async function steerDeliveries(
  { deliveries }: Simulator,
  id: string,
  fields: Readonly<Record<string, unknown>>
): Promise<Response> {
  if (id) {
    const delivery = deliveries.recent.find((one) => String(one.id) === id)
    if (!delivery) return json({ error: `no delivery ${id}` }, 404)
    return json({ result: await delivery.redeliver() })
  }
  const { kind, duplicate, hold, release, reversed } = fields
  if (typeof kind !== 'string') return json({ error: '"kind" must be a text such as "pay" or "gateway"' }, 400)
  if (duplicate !== undefined) deliveries.duplicate(kind, duplicate as number)
  else if (hold === true) deliveries.hold(kind)
  else if (release === true) await deliveries.release(kind, { reversed: reversed === true })
  else return json({ error: 'give "duplicate": 1, "hold": true or "release": true' }, 400)
  return json({})
}
