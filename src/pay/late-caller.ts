import type { RequestOptions } from '../core/client-options.ts'
import { Late } from '../core/late/late.ts'
import { ConfigError } from '../errors/index.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import type { Calls, CallsOptions } from './calls.ts'
import type { FileReference } from './download.ts'
import type { EndpointName } from './endpoints/index.ts'
import type { Answer, Choices } from './group-calls.ts'
import type { Notification } from './notification.ts'
import type { RawNotification } from './parse-notification.ts'

/** One for all clients: whatever only calls and notifications need. */
const part = lazyPart(() => import('./calls.ts'))

/**
 * The calls of one merchant. What makes them is loaded in the background from now on, and waited for by the first of them: no
 * module that is loaded with the client may import more than types from there.
 */
export class LateCaller {
  readonly late: Late<typeof import('./calls.ts'), Calls>
  readonly mchId: string
  readonly #appId: string | undefined

  constructor(options: Omit<CallsOptions, 'appIdFor'>) {
    const appIdFor = (operation: string) => this.appId(operation)
    this.late = new Late(part, ({ Calls }) => new Calls({ ...options, appIdFor }))
    this.mchId = options.mchId
    this.#appId = options.appId
  }

  /** As `GroupCalls` have it, for the groups that are loaded with the client because they also answer at once. */
  call(name: EndpointName, params: object, options?: RequestOptions): Answer {
    return this.late.run(params, options, (calls, ...given) => calls.call(name, ...given))
  }

  callBy(choices: Choices, params: object, options?: RequestOptions): Answer {
    return this.late.run(params, options, (calls, ...given) => calls.callBy(choices, ...given))
  }

  download(operation: string, file: FileReference, options?: RequestOptions): Promise<Uint8Array> {
    return this.late.run(file, options, (calls, ...given) => calls.download(operation, ...given))
  }

  parseNotification(raw: RawNotification): Promise<Notification> {
    // Only what is read: a framework's request, which has both, is not to be copied.
    const read = typeof raw === 'object' && raw !== null ? { headers: raw.headers, body: raw.body } : raw
    return this.late.run(read, undefined, (calls, kept) => calls.parseNotification(kept))
  }

  /** The appid, or an error that says which call needs it. */
  appId(operation: string): string {
    if (this.#appId !== undefined) return this.#appId
    throw new ConfigError(`${operation} names an appid: give the client the option appId. Nothing was sent.`, {
      option: 'appId',
      product: 'pay'
    })
  }
}
