import type { ExchangeRow } from '../framework/views.ts'
import type { SteeredSimulator } from '../steered-simulator.ts'
import { exchangeRow } from './exchange-row.ts'

/** What happens within this time is one event: a load test must not flood a page. */
const GATHER_MS = 60
/** Rows of one event at most. */
const MOST_ROWS = 500
const KEEP_ALIVE_MS = 15_000

/**
 * @internal `/-/events`: a stream of server-sent events. `exchanges` carries the new rows of the list, `changed` says that
 * something else did.
 */
export function eventStream(simulator: SteeredSimulator): Response {
  const encoder = new TextEncoder()
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      let rows: ExchangeRow[] = []
      let timer: ReturnType<typeof setTimeout> | undefined
      const send = (event: string, data: unknown) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      const flush = () => {
        clearTimeout(timer)
        timer = undefined
        if (rows.length > 0) send('exchanges', rows)
        rows = []
        send('changed', {})
      }
      const gather = () => {
        timer ??= setTimeout(flush, GATHER_MS)
      }
      const stopLog = simulator.log.subscribe((entry) => {
        rows.push(exchangeRow(entry))
        if (rows.length >= MOST_ROWS) flush()
      })
      const stopChanges = simulator.onChange(gather)
      const alive = setInterval(() => controller.enqueue(encoder.encode(': alive\n\n')), KEEP_ALIVE_MS)
      alive.unref()
      send('hello', { now: simulator.context.clock.now() })
      end = () => {
        stopLog()
        stopChanges()
        clearTimeout(timer)
        clearInterval(alive)
      }
    },
    cancel: () => end()
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
