import { createHash } from 'node:crypto'
import type { RequestOptions } from '../core/client-options.ts'
import type { HttpBody } from '../core/http-client.ts'
import { BodyError, ConfigError, ConnectionError, QiniuError, UnexpectedResponseError } from '../errors/index.ts'
import { given } from '../internal/given.ts'
import { numberOf } from '../internal/number-of.ts'
import type { QiniuContext } from './context.ts'
import { urlSafeBase64 } from './encoding.ts'
import { ENDPOINTS, pathOf, type QiniuEndpoint } from './endpoints.ts'
import { BLOCK_BYTES, EtagHasher } from './etag.ts'
import { isExisting, statHash } from './form-upload.ts'
import type { PreparedUpload } from './prepared-upload.ts'
import { readResponse, recordOf } from './read-response.ts'
import { FORGOTTEN_UPLOAD } from './statuses.ts'
import type { UploadProgress } from './upload-params.ts'
import type { UploadJournal, UploadRecord } from './upload-record.ts'
import { finishUpload, type UploadResult } from './upload-result.ts'

const MAX_PARTS = 10_000
const CLEAN_UP_TIMEOUT_MS = 5_000

/** Reads the parts again from the start of the source; absent if it can be read only once. */
export type PartSupply = { first: AsyncIterator<Uint8Array>; again?: () => Promise<AsyncIterator<Uint8Array>> }

export interface ResumableSettings {
  partSize: number
  totalBytes?: number | undefined
  onProgress?: ((progress: UploadProgress) => void) | undefined
  journal?: UploadJournal | undefined
}

/**
 * Uploads in parts (分片上传 v2). A failed part is retried automatically; each part is verified by its MD5, the whole by
 * its hash. The official package is not used, because it can neither be aborted nor take a stream of unknown length or
 * an injected `fetch`, and it treats a damaged part as a finished upload.
 */
export class ResumableUpload {
  readonly #context: QiniuContext
  readonly #upload: PreparedUpload
  readonly #settings: ResumableSettings
  readonly #options: RequestOptions

  constructor(context: QiniuContext, upload: PreparedUpload, settings: ResumableSettings, options: RequestOptions) {
    this.#context = context
    this.#upload = upload
    this.#settings = settings
    this.#options = { timeoutMs: context.uploadTimeoutMs, ...given(options) }
  }

  async run(supply: PartSupply): Promise<UploadResult> {
    const { partSize, totalBytes, journal } = this.#settings
    let record: UploadRecord | undefined
    try {
      if (totalBytes !== undefined && totalBytes > partSize * MAX_PARTS) throw tooManyParts()
      record = (await this.#continue()) ?? (await this.#begin())
      const hasher = await this.#sendAll(supply, record)
      const response = await this.#complete(record, hasher.digest)
      await journal?.forget()
      return finishUpload(this.#upload, response, hasher.digest, partSize === BLOCK_BYTES)
    } catch (error) {
      await supply.first.return?.()
      // The object is stored and only the callback failed: there is nothing to continue.
      if (error instanceof QiniuError && error.status === 579) await journal?.forget()
      // The upload will not be continued: delete the parts, which cost storage until they expire.
      if (record && !journal) this.#discard(record).catch(() => undefined)
      throw error
    }
  }

  /** The recorded upload, if it matches and Qiniu still knows it. */
  async #continue(): Promise<UploadRecord | undefined> {
    const record = await this.#settings.journal?.load()
    const { bucket, key = null } = this.#upload
    if (!record || record.partSize !== this.#settings.partSize || record.bucket !== bucket || record.key !== key)
      return undefined
    if (record.expireAt <= this.#context.nowSeconds) return undefined
    try {
      const etags = await this.#listParts(record.uploadId)
      return { ...record, parts: record.parts.filter((part) => etags.get(part.partNumber) === part.etag) }
    } catch (error) {
      if (error instanceof QiniuError && FORGOTTEN_UPLOAD.includes(error.status)) return undefined
      throw error
    }
  }

  async #begin(): Promise<UploadRecord> {
    const operation = `${this.#upload.operation} (begin)`
    const response = recordOf(await this.#call(operation, ENDPOINTS['upload.begin'], {}), operation)
    const { uploadId, expireAt } = response
    if (typeof uploadId !== 'string' || uploadId === '') {
      throw new UnexpectedResponseError(`${operation}: Qiniu responded without an uploadId.`, { product: 'qiniu' })
    }
    const { bucket, key = null } = this.#upload
    return { uploadId, expireAt: numberOf(expireAt) || 0, partSize: this.#settings.partSize, bucket, key, parts: [] }
  }

  /**
   * Reads the source to its end. A source that ends early is reopened if possible, and the parts already sent are
   * skipped.
   */
  async #sendAll(supply: PartSupply, record: UploadRecord): Promise<{ digest: string }> {
    let parts = supply.first
    for (let reopened = 0; ; reopened++) {
      try {
        return await this.#sendParts(parts, record)
      } catch (error) {
        const isSourceFault = error instanceof SourceFault
        if (!isSourceFault) throw error
        const isTransient = error.cause instanceof BodyError || error.cause instanceof ConnectionError
        if (!supply.again || !isTransient || reopened >= 2) throw error.cause
        parts = await supply.again()
      }
    }
  }

  async #sendParts(parts: AsyncIterator<Uint8Array>, record: UploadRecord): Promise<{ digest: string }> {
    const { totalBytes, onProgress, journal } = this.#settings
    const hasher = new EtagHasher()
    try {
      for (let partNumber = 1; ; partNumber++) {
        const next = await parts.next().catch((cause: unknown) => {
          if (this.#options.signal?.aborted) throw cause
          throw new SourceFault(cause)
        })
        if (next.done) {
          // The source is shorter than that of the earlier upload.
          record.parts = record.parts.filter((part) => part.partNumber < partNumber)
          return { digest: hasher.digest() }
        }
        if (partNumber > MAX_PARTS) throw tooManyParts()
        const bytes = next.value
        hasher.update(bytes)
        const md5 = createHash('md5').update(bytes).digest('hex')
        if (!record.parts.some((part) => part.partNumber === partNumber && part.md5 === md5)) {
          const etag = await this.#sendPart(record.uploadId, partNumber, bytes, md5)
          record.parts = [...record.parts.filter((part) => part.partNumber !== partNumber), { partNumber, etag, md5 }]
          await journal?.save(record, this.#context.nowSeconds)
        }
        onProgress?.({ uploadedBytes: hasher.length, ...(totalBytes === undefined ? {} : { totalBytes }) })
      }
    } finally {
      await parts.return?.()
    }
  }

  async #sendPart(uploadId: string, partNumber: number, bytes: Uint8Array, md5: string): Promise<string> {
    const operation = `${this.#upload.operation} (part ${partNumber})`
    const headers = { 'content-type': 'application/octet-stream', 'content-md5': md5 }
    return (await this.#call(
      operation,
      ENDPOINTS['upload.part'],
      { uploadId, partNumber: String(partNumber) },
      { headers, body: bytes },
      async (response) => {
        const stored = recordOf(await readResponse(response, operation), operation)
        if (stored.md5 !== md5 || typeof stored.etag !== 'string') {
          throw new QiniuError(`${operation}: the part arrived damaged (MD5 differs).`, {
            product: 'qiniu',
            status: 406,
            upstreamCode: '406',
            kind: 'request',
            retryable: true
          })
        }
        return stored.etag
      }
    )) as string
  }

  async #complete(record: UploadRecord, hash: string): Promise<unknown> {
    const { operation, key, fileName, mimeType, metadata, variables } = this.#upload
    const name = `${operation} (complete)`
    const parts = record.parts
      .map(({ partNumber, etag }) => ({ partNumber, etag }))
      .sort((a, b) => a.partNumber - b.partNumber)
    const body = JSON.stringify({ parts, fname: fileName, mimeType, metadata, customVars: variables })
    const headers = { 'content-type': 'application/json' }
    const { uploadId } = record
    return this.#call(
      name,
      ENDPOINTS['upload.complete'],
      { uploadId },
      { headers, body },
      async (response, attempt) => {
        try {
          return await readResponse(response, name)
        } catch (error) {
          // An earlier attempt, whose response was lost, completed the upload, which is then no longer known.
          const isGone = error instanceof QiniuError && (error.status === 612 || isExisting(error))
          if (attempt === 1 || !isGone || key === undefined) throw error
          const found = await statHash(this.#context, this.#upload)
          if (found !== hash && record.partSize === BLOCK_BYTES) throw error
          return { key, hash: found }
        }
      }
    )
  }

  async #listParts(uploadId: string): Promise<Map<number, string>> {
    const operation = `${this.#upload.operation} (list parts)`
    const etags = new Map<number, string>()
    for (let marker = 0; ; ) {
      const query = { 'max-parts': 1000, 'part-number_marker': marker }
      const response = recordOf(
        await this.#call(operation, ENDPOINTS['upload.listParts'], { uploadId }, { query }),
        operation
      )
      const parts: unknown[] = Array.isArray(response.parts) ? response.parts : []
      for (const part of parts) {
        const { partNumber, etag } = recordOf(part, operation)
        if (typeof etag === 'string') etags.set(numberOf(partNumber), etag)
      }
      const next = numberOf(response.partNumberMarker)
      if (parts.length < 1000 || !(next > marker)) return etags
      marker = next
    }
  }

  async #discard({ uploadId }: UploadRecord): Promise<void> {
    const { operation, token } = this.#upload
    const endpoint = ENDPOINTS['upload.discard']
    const { url } = await this.#address(endpoint, { uploadId }, undefined, {})
    await this.#context.http.call(
      {
        operation: `${operation} (discard)`,
        method: endpoint.method,
        url,
        headers: { authorization: `UpToken ${token}` },
        idempotent: endpoint.idempotent,
        readsAll: true,
        read: (response) => readResponse(response, operation)
      },
      { timeoutMs: CLEAN_UP_TIMEOUT_MS, maxRetries: 0 }
    )
  }

  #address(
    endpoint: QiniuEndpoint,
    segments: Readonly<Record<string, string>>,
    query: Readonly<Record<string, number>> | undefined,
    options: RequestOptions
  ) {
    const { bucket, key } = this.#upload
    const object = key === undefined ? '~' : urlSafeBase64(key)
    const path = pathOf(endpoint, { bucket, object, ...segments })
    return this.#context.addresses(endpoint.service, bucket, path, query, options)
  }

  async #call(
    operation: string,
    endpoint: QiniuEndpoint,
    segments: Readonly<Record<string, string>>,
    content: { query?: Record<string, number>; headers?: Record<string, string>; body?: HttpBody } = {},
    read: (response: Response, attempt: number) => Promise<unknown> = (response) => readResponse(response, operation)
  ): Promise<unknown> {
    const { url, backupUrl } = await this.#address(endpoint, segments, content.query, this.#options)
    return this.#context.http.call(
      {
        operation,
        method: endpoint.method,
        url,
        ...(backupUrl ? { backupUrl } : {}),
        headers: { ...content.headers, authorization: `UpToken ${this.#upload.token}` },
        ...(content.body === undefined ? {} : { body: content.body }),
        idempotent: endpoint.idempotent,
        readsAll: true,
        read
      },
      this.#options
    )
  }
}

/** Marks a failure of the source, as opposed to one of Qiniu. Never leaves this file. */
class SourceFault {
  readonly cause: unknown

  constructor(cause: unknown) {
    this.cause = cause
  }
}

function tooManyParts(): ConfigError {
  return new ConfigError(`upload: more than ${MAX_PARTS} parts; set a larger "partSize".`, {
    code: 'ERR_INVALID_PARAM',
    option: 'partSize',
    product: 'qiniu'
  })
}
