import type { RequestOptions } from '../../core/client-options.ts'
import { Late } from '../../core/late/late.ts'
import { ConfigError } from '../../errors/index.ts'
import { lazyPart } from '../../internal/lazy-part.ts'
import type { Bill } from '../common/bill.ts'
import type { Calls, CallsOptions } from './calls.ts'
import type { FileReference } from './download.ts'
import type { EndpointName } from './endpoints/index.ts'
import type { MediaKind } from './endpoints/media.ts'
import type { V3Notification } from './notification.ts'
import type { RawNotification } from './parse-notification.ts'
import type { PlatformKey } from './platform-key.ts'
import type { PayV3Request } from './request.ts'

/** One for all clients: whatever only calls and notifications need. */
const part = lazyPart(() => import('./calls.ts'))

type Answer = Promise<Record<string, unknown> | undefined>
/** An endpoint by the number that it is asked with. */
type Choices = Readonly<Record<string, EndpointName>>

/**
 * The calls of one merchant. What makes them is loaded in the background from now on, and waited for by the first of them: no
 * module that is loaded with the client may import more than types from there.
 */
export class LateCaller {
  readonly mchId: string
  readonly #appId: string | undefined
  readonly #late: Late<typeof import('./calls.ts'), Calls>

  constructor(options: Omit<CallsOptions, 'appIdFor'>) {
    this.mchId = options.mchId
    this.#appId = options.appId
    const appIdFor = (operation: string) => this.appId(operation)
    this.#late = new Late(part, ({ Calls }) => new Calls({ ...options, appIdFor }))
  }

  /**
   * Calls an endpoint of the tables by its name.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG, ERR_MISSING_DEPENDENCY; {UnknownResultError} ERR_UNKNOWN_RESULT;
   *   {WeChatPayError}; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  call(name: EndpointName, params: object, options?: RequestOptions): Answer {
    return this.#late.run(params, options, (calls, ...given) => calls.call(name, ...given))
  }

  /** The same for a thing that can be looked up by one of several numbers. */
  callBy(choices: Choices, params: object, options?: RequestOptions): Answer {
    return this.#late.run(params, options, (calls, ...given) => calls.callBy(choices, ...given))
  }

  /** Any API by its path. */
  request(request: PayV3Request, options?: RequestOptions): Promise<unknown> {
    return this.#late.run(request, options, (calls, ...given) => calls.request(...given))
  }

  upload(kind: MediaKind, params: object, options?: RequestOptions): Promise<unknown> {
    return this.#late.run(params, options, (calls, ...given) => calls.upload(kind, ...given))
  }

  /** Asks for a bill and downloads it. */
  bill(name: 'trade' | 'fundFlow' | 'profitSharing', params: object, options?: RequestOptions): Promise<Bill> {
    return this.#late.run(params, options, (calls, ...given) => calls.bill(name, ...given))
  }

  encryptedBills(params: object, options?: RequestOptions): Promise<Bill[]> {
    return this.#late.run(params, options, (calls, ...given) => calls.encryptedBills(...given))
  }

  /** Downloads a file and compares its hash. */
  download(operation: string, file: FileReference, options?: RequestOptions): Promise<Uint8Array> {
    return this.#late.run(file, options, (calls, ...given) => calls.download(operation, ...given))
  }

  parseNotification(raw: RawNotification): Promise<V3Notification> {
    // Only what is read: a framework's request, which has both, is not to be copied.
    const read = typeof raw === 'object' && raw !== null ? { headers: raw.headers, body: raw.body } : raw
    return this.#late.run(read, undefined, (calls, kept) => calls.parseNotification(kept))
  }

  downloadCertificates(): Promise<PlatformKey[]> {
    return this.#late.run(undefined, undefined, (calls) => calls.downloadCertificates())
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
