import type { Flight } from './flight.ts'
import { HandlerContext, type Received } from './handler-context.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { ReplyLike } from './replies.ts'
import type { Router } from './router.ts'

/** Calls the handlers that a message is for, in the order of their registration; the first reply ends the round. */
export async function dispatch(router: Router, received: Received, flight: Flight): Promise<ReplyLike> {
  const { message } = received
  let isKnown = false
  for (const { fits, isSpecific, handler } of router.entries) {
    const fit = fits(message)
    if (!fit) continue
    isKnown ||= isSpecific
    const reply = await handler(message, new HandlerContext(received, flight, fit.match))
    if (reply !== undefined && reply !== null) return reply
  }
  return isKnown || !router.unknown ? undefined : router.unknown(message, new HandlerContext(received, flight))
}

/** Whether anything but `*` would be called. */
export function knows(router: Router, message: GatewayMessage): boolean {
  return router.entries.some((entry) => entry.isSpecific && entry.fits(message) !== undefined)
}
