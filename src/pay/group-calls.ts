import type { RequestOptions } from '../core/client-options.ts'
import type { Bill } from './common/bill.ts'
import type { FileReference } from './download.ts'
import type { EndpointName } from './endpoints/index.ts'
import type { MediaKind } from './endpoints/media.ts'

/** An endpoint by the number that it is asked with. */
export type Choices = Readonly<Record<string, EndpointName>>
export type Answer = Promise<Record<string, unknown> | undefined>

/** What the groups of calls that are loaded after the client are made of. */
export interface GroupCalls {
  readonly mchId: string
  /**
   * Calls an endpoint of the tables by its name.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG; {UnknownResultError} ERR_UNKNOWN_RESULT; {WeChatPayError};
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  call(name: EndpointName, params: object, options?: RequestOptions): Answer
  /** The same for a thing that can be looked up by one of several numbers. */
  callBy(choices: Choices, params: object, options?: RequestOptions): Answer
  upload(kind: MediaKind, params: object, options?: RequestOptions): Promise<unknown>
  /** Asks for a bill and downloads it. */
  bill(name: 'trade' | 'fundFlow' | 'profitSharing', params: object, options?: RequestOptions): Promise<Bill>
  encryptedBills(params: object, options?: RequestOptions): Promise<Bill[]>
  /** Downloads a file and compares its hash. */
  download(operation: string, file: FileReference, options?: RequestOptions): Promise<Uint8Array>
}
