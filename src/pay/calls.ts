import type { KeyObject } from 'node:crypto'
import type { RequestOptions } from '../core/client-options.ts'
import type { HttpClient } from '../core/http-client.ts'
import { fetchBill, fetchEncryptedBills } from './bill-calls.ts'
import { Bills } from './bills.ts'
import { Caller } from './caller.ts'
import { downloadCertificates } from './certificate-download.ts'
import { chosenBy } from './check-params.ts'
import type { Bill } from './common/bill.ts'
import type { normaliseSerial } from './common/certificate-info.ts'
import { Complaints } from './complaints.ts'
import { Coupons } from './coupons.ts'
import { downloadChecked, type FileReference } from './download.ts'
import { type EndpointName, endpointOf } from './endpoints/index.ts'
import type { MediaKind } from './endpoints/media.ts'
import type { describePayError } from './error-codes.ts'
import type { Answer, Choices, GroupCalls } from './group-calls.ts'
import type { KeysSeen } from './keys-seen.ts'
import { Media } from './media.ts'
import { MessageVerifier } from './message-verifier.ts'
import type { Notification } from './notification.ts'
import { type NotificationContext, parseNotification, type RawNotification } from './parse-notification.ts'
import type { PlatformKey } from './platform-key.ts'
import { PlatformKeyRing } from './platform-key-ring.ts'
import { ProfitSharing } from './profit-sharing.ts'
import { Refunds } from './refunds.ts'
import { type PayRequest, prepareRequest } from './request.ts'
import { RequestSigner } from './request-signer.ts'
import { TransferBatches } from './transfer-batches.ts'
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
  /** Keys of the platform that were configured and have not expired. */
  platformKeys: readonly PlatformKey[]
  preferredKey: string | undefined
  downloads: boolean
  seen: KeysSeen
  warn(message: string): void
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
  describeError: typeof describePayError
  scenes: typeof TRANSFER_SCENES
  normaliseSerial: typeof normaliseSerial
  readPlatformCertificate(pem: string): PlatformKey
}

/** What makes the calls of one merchant, loaded after the client: see `late-caller.ts`. */
export class Calls implements GroupCalls {
  readonly mchId: string
  readonly refunds = new Refunds(this)
  readonly bills = new Bills(this)
  readonly transferBatches = new TransferBatches(this)
  readonly profitSharing = new ProfitSharing(this)
  readonly coupons = new Coupons(this)
  readonly media = new Media(this)
  readonly complaints = new Complaints(this)
  readonly #caller: Caller
  readonly #ring: PlatformKeyRing
  readonly #notifications: NotificationContext

  constructor(options: CallsOptions) {
    const { mchId, serial, privateKey, apiV3Key, http, baseUrl, backupHost, appIds, known } = options
    this.mchId = mchId
    const now = () => http.now()
    const signer = new RequestSigner({ mchId, serial, privateKey, now, nonce: () => http.nonce() })
    const userAgent = `weixin-kit (Node.js ${process.versions.node})`
    const { describeError } = known
    const transport = new Transport({ http, signer, baseUrl, backupHost, userAgent })
    const ring = new PlatformKeyRing({
      keys: options.platformKeys,
      preferredKey: options.preferredKey,
      now,
      download: options.downloads ? () => downloadCertificates(transport, apiV3Key, known) : undefined,
      warn: options.warn,
      seen: options.seen,
      normaliseSerial: known.normaliseSerial
    })
    this.#ring = ring
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
    this.#notifications = { verifier, apiV3Key, mchId, appIds }
  }

  call(name: EndpointName, params: object, options?: RequestOptions): Answer {
    return this.#caller.call(endpointOf(name), params, options)
  }

  async callBy(choices: Choices, params: object, options?: RequestOptions): Answer {
    const [first] = Object.values(choices)
    const operation = first ? endpointOf(first).operation : ''
    return this.call(chosenBy(operation, params, choices), params, options)
  }

  async request(request: PayRequest, options?: RequestOptions): Promise<unknown> {
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

  parseNotification(raw: RawNotification): Promise<Notification> {
    return parseNotification(raw, this.#notifications)
  }

  refreshCertificates(): Promise<void> {
    return this.#ring.refresh()
  }
}
