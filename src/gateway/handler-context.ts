import type { DeliveryTask } from './delivery.ts'
import type { Flight } from './flight.ts'
import type { GatewayMode, MessageContext } from './handler-types.ts'
import type { MessageKey } from './message-key.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'

/** A verified message, and what its reply must be made with. */
export interface Received extends DeliveryTask {
  readonly message: GatewayMessage
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: GatewayMode
  readonly token: string
  readonly aesKey: MessageKey | undefined
}

/** What a handler sees of it: no keys. */
export class HandlerContext implements MessageContext {
  readonly message: GatewayMessage
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: GatewayMode
  readonly key: string
  readonly match: RegExpMatchArray | undefined
  readonly #flight: Flight

  constructor(received: Received, flight: Flight, match?: RegExpMatchArray) {
    this.message = received.message
    this.raw = received.raw
    this.format = received.format
    this.mode = received.mode
    this.key = received.key
    this.match = match
    this.#flight = flight
  }

  get signal(): AbortSignal {
    return this.#flight.signal
  }
}
