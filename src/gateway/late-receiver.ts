import type { ByteRequest, ByteResponse } from '../core/byte-handler.ts'
import type { ConfigError } from '../errors/index.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import type { MessageGatewayOptions, ReceiverOptions } from './gateway-options.ts'
import type { Handlers } from './handlers.ts'
import { createMessageKey } from './message-key.ts'
import { MESSAGE_TOOLS } from './message-tools.ts'
import type { Receiver } from './receiver.ts'

const DEFAULT_BODY_LIMIT = 64 * 1024
/** Waits are counted in steps, so that answers are due after few different times: each of them has a timer of its own. */
const STEP_MS = 100
/** One for all gateways: whatever only requests need. */
const part = lazyPart(() => import('./receiver.ts'))

/** The receiver of one gateway. Its code is loaded in the background from now on, and waited for by the first requests. */
export class LateReceiver {
  readonly #options: ReceiverOptions
  readonly #handlers: Handlers
  #receiver: Receiver | undefined

  constructor(options: MessageGatewayOptions, handlers: Handlers) {
    const { appId, token, encodingAESKey, previous } = options
    const { store, clock, nonce, deadlineMs, timestampWindowSeconds, setTimer } = options
    const present = <T>(...items: readonly (T | undefined)[]) => items.filter((item): item is T => item !== undefined)
    const account = {
      appId,
      tokens: present(token, previous?.token),
      keys: present(encodingAESKey, previous?.encodingAESKey).map(createMessageKey),
      tools: MESSAGE_TOOLS
    }
    const bodyLimitBytes = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT
    this.#options = { account, store, clock, nonce, deadlineMs, timestampWindowSeconds, setTimer, bodyLimitBytes }
    this.#handlers = handlers
    part.preload()
  }

  handle(request: ByteRequest): Promise<ByteResponse> {
    return this.#receiver ? this.#receiver.handle(request) : this.#handleEarly(request)
  }

  async #handleEarly(request: ByteRequest): Promise<ByteResponse> {
    const calledAt = performance.now()
    const { method, url } = request
    // At once, as ever: whoever else touches the request comes second.
    const body = method === 'POST' ? request.readBody(this.#options.bodyLimitBytes) : undefined
    // Told of by the receiver.
    body?.catch(() => undefined)
    let { loaded } = part
    try {
      loaded ??= await part.load()
    } catch (error) {
      return this.#putOff(error as ConfigError, method)
    }
    // One for all requests: it knows which messages are under way.
    this.#receiver ??= new loaded.Receiver(this.#options, this.#handlers)
    const waitedMs = performance.now() - calledAt
    const kept: ByteRequest = {
      method,
      url,
      header: (name) => request.header(name),
      readBody: (limitBytes) => body ?? request.readBody(limitBytes)
    }
    return this.#receiver.handle(kept, waitedMs - (waitedMs % STEP_MS))
  }

  /** Nothing was verified or handled: the platform comes again, and the files may be back then. */
  #putOff({ code, message }: ConfigError, method: string): ByteResponse {
    const what = 'a request was put off, because a part of the library could not be loaded'
    this.#handlers.logger.error?.(`weixin-kit gateway: ${what}`, { method, code, error: message })
    return { status: 503, headers: {}, body: '' }
  }
}
