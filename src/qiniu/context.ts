import type { RequestOptions } from '../core/client-options.ts'
import type { QueryValue } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import { authorize, FORM_TYPE } from './authorization.ts'
import { type QiniuEndpoints, type QiniuService, UC_BACKUP_HOST, UC_HOST } from './hosts.ts'
import type { PutPolicy } from './put-policy.ts'
import { readAnswer } from './read-answer.ts'
import type { RegionFinder } from './region.ts'
import type { QiniuSigner } from './signer.ts'
import { makeUploadToken } from './upload-token.ts'

/** A call to the management side (rs, rsf, io, api, uc), signed with the `Qiniu` scheme. */
export interface ManagementCall {
  operation: string
  service: QiniuService | 'uc'
  /** In whose region; default the client's bucket. */
  bucket?: string | undefined
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  contentType?: string | undefined
  body?: string | undefined
  isSafeToRepeat: boolean
  /** Instead of reading JSON; sees the attempt, so that a repeat can take "done already" for done. */
  read?: (response: Response, attempt: number) => Promise<unknown>
}

/** Long enough for 4 MiB over a slow line. */
const UPLOAD_TIMEOUT_MS = 60_000

/** What the parts of one client share. */
export class QiniuContext {
  readonly http: HttpClient
  readonly endpoints: QiniuEndpoints
  readonly regions: RegionFinder
  readonly signer: QiniuSigner
  readonly bucket: string
  /** Milliseconds for one form upload, one part, or one read of a remote source. */
  readonly uploadTimeoutMs: number

  constructor(parts: {
    http: HttpClient
    endpoints: QiniuEndpoints
    regions: RegionFinder
    signer: QiniuSigner
    bucket: string
    timeoutMs: number | undefined
  }) {
    this.http = parts.http
    this.endpoints = parts.endpoints
    this.regions = parts.regions
    this.signer = parts.signer
    this.bucket = parts.bucket
    this.uploadTimeoutMs = parts.timeoutMs ?? UPLOAD_TIMEOUT_MS
  }

  get nowSeconds(): number {
    return Math.floor(this.http.now() / 1000)
  }

  uploadToken(policy: PutPolicy): string {
    return makeUploadToken(policy, { signer: this.signer, bucket: this.bucket, nowSeconds: this.nowSeconds })
  }

  /** First and second address of a path on a service. */
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
        isSafeToRepeat: call.isSafeToRepeat,
        readsAll: true,
        read: (response, attempt) => call.read?.(response, attempt) ?? readAnswer(response, operation)
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
