import { lazyPart } from '../internal/lazy-part.ts'
import type { FetchLike } from './client-options.ts'
import { acceptLightSignals } from './light-signal.ts'

const part = lazyPart(() => import('./undici-transport.ts'))

/**
 * A transport of the shape of `fetch` over `undici.request`, which costs about half of `fetch` itself. Give it to a client
 * as `fetch: undiciFetch()`. It follows no redirects and keeps no cookies; mocks of `globalThis.fetch` do not see it.
 *
 * @example
 * const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: 'secret', fetch: undiciFetch() })
 */
export function undiciFetch(): FetchLike {
  let transport: FetchLike | undefined
  return acceptLightSignals(async (input, init) => {
    transport ??= (part.loaded ?? (await part.load())).createUndiciTransport()
    return transport(input, init)
  })
}
