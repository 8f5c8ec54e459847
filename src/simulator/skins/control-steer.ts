import type { Simulator } from '../simulator.ts'
import { json } from './control-answer.ts'

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
  if (duplicate !== undefined) deliveries.duplicate(kind, Number(duplicate))
  else if (hold === true) deliveries.hold(kind)
  else if (release === true) await deliveries.release(kind, { reversed: reversed === true })
  else return json({ error: 'give "duplicate": 1, "hold": true or "release": true' }, 400)
  return json({})
}
