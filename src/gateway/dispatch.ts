import { fits, isAny } from './fits.ts'
import type { Flight } from './flight.ts'
import { HandlerContext, type Received } from './handler-context.ts'
import type { Handlers } from './handlers.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { ReplyLike } from './replies.ts'

/** Calls the handlers that a message is for, in the order of their registration; the first reply ends the round. */
export async function dispatch({ router, tools }: Handlers, received: Received, flight: Flight): Promise<ReplyLike> {
  const { message } = received
  let isKnown = false
  for (const { condition, handler } of router.entries) {
    const fit = fits(condition, message, tools)
    if (!fit) continue
    isKnown ||= !isAny(condition)
    const reply = await handler(message, new HandlerContext(received, flight, fit.match))
    if (reply !== undefined && reply !== null) return reply
  }
  return isKnown || !router.unknown ? undefined : router.unknown(message, new HandlerContext(received, flight))
}

/** Whether anything but `*` would be called. */
export function knows({ router, tools }: Handlers, message: GatewayMessage): boolean {
  return router.entries.some(({ condition }) => !isAny(condition) && fits(condition, message, tools) !== undefined)
}
