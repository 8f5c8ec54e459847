import type { KeyObject } from 'node:crypto'
import type { RequestOptions } from '../../core/client-options.ts'
import type { HttpClient } from '../../core/http-client.ts'
import type { Bill } from '../common/bill.ts'
import { fetchBill, fetchEncryptedBills } from './bill-calls.ts'
import { Caller } from './caller.ts'
import { downloadCertificates } from './certificate-download.ts'
import { chosenBy } from './check-params.ts'
import { downloadChecked, type FileReference } from './download.ts'
import { type EndpointName, endpointOf } from './endpoints/index.ts'
import type { MediaKind } from './endpoints/media.ts'
import type { describeV3Error } from './error-codes.ts'
import { MessageVerifier } from './message-verifier.ts'
import type { V3Notification } from './notification.ts'
import { type NotificationContext, parseNotification, type RawNotification } from './parse-notification.ts'
import type { PlatformKey } from './platform-key.ts'
import type { PlatformKeyRing } from './platform-key-ring.ts'
import { type PayV3Request, prepareRequest } from './request.ts'
import { RequestSigner } from './request-signer.ts'
import type { TRANSFER_SCENES } from './transfer-scenes.ts'
import { Transport } from './transport.ts'
import { upload } from './upload.ts'

export interface CallsOptions {
  appId: string | undefined
  /** Apps whose notifications are accepted; empty: any. */
  appIds: readonly string[]
  mchId: string
  serial: string
  privateKey: KeyObject
  apiV3Key: KeyObject
  notifyUrl: string | undefined
  http: HttpClient
  ring: PlatformKeyRing
  baseUrl: string | undefined
  backupHost: string | undefined
  appIdFor(operation: string): string
  /**
   * Of what is loaded with the client. Handed over, because a module that both sides import would be published as a file of its
   * own, and each file makes every import of the library slower.
   */
  known: Known
}

export interface Known {
  describeError: typeof describeV3Error
  scenes: typeof TRANSFER_SCENES
  readPlatformCertificate(pem: string): PlatformKey
}

/** What makes the calls of one merchant, loaded after the client: see `late-caller.ts`. */
export class Calls {
  readonly #caller: Caller
  readonly #options: CallsOptions
  readonly #notifications: NotificationContext

  constructor(options: CallsOptions) {
    const { mchId, serial, privateKey, apiV3Key, http, ring, baseUrl, backupHost, appIds, known } = options
    const now = () => http.now()
    const signer = new RequestSigner({ mchId, serial, privateKey, now, nonce: () => http.nonce() })
    const userAgent = `weixin-kit (Node.js ${process.versions.node})`
    const { describeError } = known
    const transport = new Transport({ http, signer, baseUrl, backupHost, userAgent })
    const verifier = new MessageVerifier(ring, now)
    const { notifyUrl, appIdFor } = options
    this.#caller = new Caller({
      mchId,
      notifyUrl,
      privateKey,
      transport,
      verifier,
      ring,
      appIdFor,
      describeError,
      scenes: known.scenes
    })
    this.#options = options
    this.#notifications = { verifier, apiV3Key, mchId, appIds }
  }

  call(name: EndpointName, params: object, options?: RequestOptions): Promise<Record<string, unknown> | undefined> {
    return this.#caller.call(endpointOf(name), params, options)
  }

  async callBy(
    choices: Readonly<Record<string, EndpointName>>,
    params: object,
    options?: RequestOptions
  ): Promise<Record<string, unknown> | undefined> {
    const [first] = Object.values(choices)
    const operation = first ? endpointOf(first).operation : ''
    return this.call(chosenBy(operation, params, choices), params, options)
  }

  async request(request: PayV3Request, options?: RequestOptions): Promise<unknown> {
    return this.#caller.run(prepareRequest(request), (value) => value, options)
  }

  upload(kind: MediaKind, params: object, options?: RequestOptions): Promise<unknown> {
    return upload(this.#caller, kind, params, options)
  }

  bill(name: 'trade' | 'fundFlow' | 'profitSharing', params: object, options?: RequestOptions): Promise<Bill> {
    return fetchBill(this.#caller, name, params, options)
  }

  encryptedBills(params: object, options?: RequestOptions): Promise<Bill[]> {
    return fetchEncryptedBills(this.#caller, params, options)
  }

  download(operation: string, file: FileReference, options?: RequestOptions): Promise<Uint8Array> {
    return downloadChecked(this.#caller, operation, file, options)
  }

  parseNotification(raw: RawNotification): Promise<V3Notification> {
    return parseNotification(raw, this.#notifications)
  }

  downloadCertificates(): Promise<PlatformKey[]> {
    const { apiV3Key, known } = this.#options
    return downloadCertificates(this.#caller.options.transport, apiV3Key, known)
  }
}
