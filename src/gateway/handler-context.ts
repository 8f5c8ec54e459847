import type { HandlerRequest } from '../core/index.ts'
import type { DeliveryTask } from './delivery.ts'
import type { GatewayMode, MessageContext } from './handler-types.ts'
import type { InFlight } from './in-flight.ts'
import type { MessageKey } from './message-key.ts'
import type { GatewayMessage } from './messages/index.ts'
import type { MessageFormat } from './parse-message.ts'

/** A verified message, and the token and key for its reply. */
export interface Received extends DeliveryTask {
  readonly request: HandlerRequest
  readonly message: GatewayMessage
  readonly raw: string
  readonly format: MessageFormat
  readonly mode: GatewayMode
  readonly token: string
  readonly aesKey: MessageKey | undefined
}

/** The part that a handler sees, without keys. */
export class HandlerContext implements MessageContext {
  readonly match: RegExpMatchArray | undefined
  readonly #received: Received
  readonly #flight: InFlight

  constructor(received: Received, flight: InFlight, match?: RegExpMatchArray) {
    this.#received = received
    this.#flight = flight
    this.match = match
  }

  /** The same for a handler whose regular expression matched. */
  with(match: RegExpMatchArray): HandlerContext {
    return new HandlerContext(this.#received, this.#flight, match)
  }

  get message(): GatewayMessage {
    return this.#received.message
  }

  get raw(): string {
    return this.#received.raw
  }

  get format(): MessageFormat {
    return this.#received.format
  }

  get mode(): GatewayMode {
    return this.#received.mode
  }

  get key(): string {
    return this.#received.key
  }

  get signal(): AbortSignal {
    return this.#flight.signal
  }
}
