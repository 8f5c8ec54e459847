import type { Flight } from './flight.ts'
import { HandlerContext, type Received } from './handler-context.ts'
import type { Handlers } from './handlers.ts'
import { isAny, matches } from './matches.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { ReplyLike } from './replies.ts'

/** Calls the handlers that a message is for, in the order of their registration; the first reply ends the round. */
export async function dispatch({ router }: Handlers, received: Received, flight: Flight): Promise<ReplyLike> {
  const { message } = received
  let isKnown = false
  for (const { condition, handler } of router.entries) {
    const found = matches(condition, message)
    if (!found) continue
    isKnown ||= !isAny(condition)
    const reply = await handler(message, new HandlerContext(received, flight, found.match))
    if (reply !== undefined && reply !== null) return reply
  }
  return isKnown || !router.unknown ? undefined : router.unknown(message, new HandlerContext(received, flight))
}

/** Whether anything but `*` would be called. */
export function knows({ router }: Handlers, message: GatewayMessage): boolean {
  return router.entries.some(({ condition }) => !isAny(condition) && matches(condition, message) !== undefined)
}
