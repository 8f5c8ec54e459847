import type { RequestOptions } from '../core/client-options.ts'
import type { QueryValue } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import type { Logger } from '../core/logger.ts'
import { authorize, FORM_TYPE } from './authorization.ts'
import { QiniuEndpoints, type QiniuService, UC_BACKUP_HOST, UC_HOST } from './hosts.ts'
import type { PutPolicy } from './put-policy.ts'
import { readResponse } from './read-response.ts'
import { RegionFinder } from './region.ts'
import type { QiniuSigner } from './signer.ts'
import { makeUploadToken } from './upload-token.ts'

/** A call to the management side (rs, rsf, io, api, uc), signed with the `Qiniu` scheme. */
export interface ManagementCall {
  operation: string
  service: QiniuService | 'uc'
  /** The bucket whose region is called; default: the client's. */
  bucket?: string | undefined
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  contentType?: string | undefined
  body?: string | undefined
  idempotent: boolean
  /** Reads the response instead of as JSON; gets the attempt, so that a retry can accept "already done". */
  read?: ((response: Response, attempt: number) => Promise<unknown>) | undefined
}

/** Long enough for 4 MiB over a slow connection. */
const UPLOAD_TIMEOUT_MS = 60_000

export interface ContextOptions {
  http: HttpClient
  signer: QiniuSigner
  bucket: string
  region: string | undefined
  baseUrl: string | undefined
  timeoutMs: number | undefined
  logger: Logger | undefined
}

/** State shared by the calls of one client: hosts of the services, signatures, uploads. */
export class QiniuContext {
  readonly http: HttpClient
  readonly endpoints: QiniuEndpoints
  readonly regions: RegionFinder
  readonly signer: QiniuSigner
  readonly bucket: string
  readonly logger: Logger | undefined
  /** Milliseconds for one form upload, one part, or one read of a remote source. */
  readonly uploadTimeoutMs: number

  constructor({ http, signer, bucket, region, baseUrl, timeoutMs, logger }: ContextOptions) {
    this.http = http
    this.signer = signer
    this.bucket = bucket
    this.logger = logger
    this.endpoints = new QiniuEndpoints(baseUrl)
    this.regions = new RegionFinder(http, this.endpoints, signer.accessKey, region)
    this.uploadTimeoutMs = timeoutMs ?? UPLOAD_TIMEOUT_MS
  }

  get nowSeconds(): number {
    return Math.floor(this.http.now() / 1000)
  }

  uploadToken(policy: PutPolicy): string {
    return makeUploadToken(policy, this)
  }

  /** First and second URL of a path on a service. */
  async addresses(
    service: QiniuService | 'uc',
    bucket: string,
    path: string,
    query: Readonly<Record<string, QueryValue>> | undefined,
    options: RequestOptions
  ): Promise<{ host: string; url: URL; backupUrl?: URL }> {
    const [host = UC_HOST, backup] =
      service === 'uc' ? [UC_HOST, UC_BACKUP_HOST] : (await this.regions.hosts(bucket, options))[service]
    const url = this.endpoints.url(host, path, query)
    return backup === undefined ? { host, url } : { host, url, backupUrl: this.endpoints.url(backup, path, query) }
  }

  async manage(call: ManagementCall, options: RequestOptions): Promise<unknown> {
    const { operation, service, method, bucket = this.bucket, body } = call
    const { host, url } = await this.addresses(service, bucket, call.path, call.query, options)
    const contentType = call.contentType ?? FORM_TYPE
    return this.http.call(
      {
        operation,
        method,
        url,
        headers: () => this.#signedHeaders({ host, url, method, contentType, body, path: call.path }),
        ...(body === undefined ? {} : { body }),
        idempotent: call.idempotent,
        readsAll: true,
        read: (response, attempt) => call.read?.(response, attempt) ?? readResponse(response, operation)
      },
      options
    )
  }

  #signedHeaders(request: {
    host: string
    url: URL
    method: string
    contentType: string
    body: string | undefined
    path: string
  }): Record<string, string> {
    const headers = { 'content-type': request.contentType, 'x-qiniu-date': compactDate(this.http.now()) }
    // Host and path as Qiniu sees them: a baseUrl in between rewrites both.
    const authorization = authorize(this.signer, 'Qiniu', {
      method: request.method,
      host: request.host,
      target: (request.path.split('?', 1)[0] ?? '') + request.url.search,
      contentType: request.contentType,
      headers: Object.entries(headers),
      body: request.body
    })
    return { ...headers, authorization }
  }
}

/** `YYYYMMDDTHHmmssZ` */
function compactDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
