import type { SimulatorContext } from './context.ts'
import type { Exchange } from './exchange.ts'

/** The origin of the page that calls, when pages of it may: this machine, and hosts that were allowed. */
export function localOrigin(context: SimulatorContext, exchange: Exchange): string | undefined {
  const origin = exchange.headers.get('origin')
  if (origin === null || !URL.canParse(origin)) return undefined
  return context.isLocal(new URL(origin)) ? origin : undefined
}

/** Lets a page of the application call a page of the simulator, and no other page. Answers the question before (preflight). */
export async function forLocalPages(
  context: SimulatorContext,
  exchange: Exchange,
  handler: () => Promise<Response> | Response
): Promise<Response> {
  const origin = localOrigin(context, exchange)
  if (origin === undefined) {
    const error =
      'only pages of this machine may call this; list the host of the application in allowHosts (--allow-host)'
    return Response.json({ error }, { status: 403 })
  }
  const response = exchange.method === 'OPTIONS' ? new Response(null, { status: 204 }) : await handler()
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('access-control-allow-headers', 'content-type')
  response.headers.set('vary', 'origin')
  return response
}

/** Whether a page of another site posted a form: browsers name the page that a form comes from, programs do not. */
export function isForeignForm(context: SimulatorContext, exchange: Exchange): boolean {
  const origin = exchange.headers.get('origin')
  if (origin === null) return false
  if (!URL.canParse(origin)) return true
  const url = new URL(origin)
  // A site that gave its own name this address (DNS rebinding) is not local, although Host and Origin agree.
  if (url.host === exchange.host) return false
  return url.host !== exchange.receivedHost || !context.isLocal(url)
}
