import type { FaultSpec } from '../framework/faults.ts'
import type { SteeredSimulator } from '../steered-simulator.ts'
import { json } from './control-answer.ts'

type Fields = Readonly<Record<string, unknown>>

const VERBS = ['redeliver', 'now', 'twice', 'hold', 'release']

/** @internal `/-/deliveries` with `{ kind, duplicate | hold | release }`, or `/-/deliveries/7/redeliver` and its like. */
export async function steerDeliveries(
  { deliveries }: SteeredSimulator,
  id: string,
  verb: string,
  fields: Fields
): Promise<Response> {
  if (id) {
    const delivery = deliveries.recent.find((one) => String(one.id) === id)
    if (!delivery) return json({ error: `no delivery ${id}` }, 404)
    switch (verb) {
      case 'redeliver':
        return json({ result: await delivery.redeliver() })
      case 'now':
        return json({ result: (await delivery.sendNow()) ?? null })
      case 'twice':
        return json({ result: await Promise.all([delivery.redeliver(), delivery.redeliver()]) })
      case 'hold':
        return json({ result: delivery.hold() ?? null })
      case 'release':
        return json({ result: (await delivery.release()) ?? null })
      default:
        return json({ error: `a delivery has no verb ${verb}`, verbs: VERBS }, 404)
    }
  }
  const { kind, duplicate, hold, release, reversed } = fields
  if (typeof kind !== 'string') return json({ error: '"kind" must be a text such as "pay" or "gateway"' }, 400)
  if (duplicate !== undefined) deliveries.duplicate(kind, Number(duplicate))
  else if (hold === true) deliveries.hold(kind)
  else if (release === true) await deliveries.release(kind, { reversed: reversed === true })
  else return json({ error: 'give "duplicate": 1, "hold": true or "release": true' }, 400)
  return json({})
}

/** @internal `/-/fail` with `{ match, kind | errcode | status, times }`; `"times": null` is until it is ended. */
export function addFault(simulator: SteeredSimulator, { match, times, ...fault }: Fields): Response {
  if (typeof match !== 'string') return json({ error: '"match" must be a text' }, 400)
  const count = times === null ? Number.POSITIVE_INFINITY : times
  simulator.fail(match, { ...fault, ...(count === undefined ? {} : { times: count }) } as FaultSpec)
  return json({ id: simulator.faults.list()[0]?.id })
}

/** @internal `/-/faults/3/end` */
export function endFault(simulator: SteeredSimulator, id: string, verb: string): Response {
  if (verb !== 'end') return json({ error: `a fault has no verb ${verb}`, verbs: ['end'] }, 404)
  return simulator.faults.end(Number(id)) ? json({}) : json({ error: `no fault ${id} is in force` }, 404)
}

/** An application that hangs must not hold up the journey in time. */
const ADVANCE_WAIT_MS = 1_000

/** @internal `/-/advance` with `{ ms }`, or `{ "to": "next" }` for the next thing that is due. */
export async function advance({ context: { clock } }: SteeredSimulator, { ms, to }: Fields): Promise<Response> {
  const [next] = clock.upcoming(1)
  const wanted = to === 'next' ? Math.max(0, (next?.dueAt ?? clock.now()) - clock.now()) : ms
  if (typeof wanted !== 'number' || !(wanted >= 0))
    return json({ error: '"ms" must be a number, or "to": "next"' }, 400)
  const due: { at: number; label: string }[] = []
  const stop = clock.onDue(({ dueAt, label }) => due.push({ at: dueAt, label }))
  try {
    await clock.advance(wanted, ADVANCE_WAIT_MS)
  } finally {
    stop()
  }
  return json({ now: clock.now(), due })
}
