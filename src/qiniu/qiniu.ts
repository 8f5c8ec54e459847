import type { RequestOptions } from '../core/client-options.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import { lateGroup } from '../core/late/late-group.ts'
import type { Logger } from '../core/logger.ts'
import { checkOptions } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { Secret } from '../internal/secret.ts'
import { type AuthorizationScheme, authorize, FORM_TYPE } from './authorization.ts'
import type { BucketObjects } from './bucket-objects.ts'
import { type CallbackHandlerOptions, type Deliver, makeCallbackHandler } from './callback-handler.ts'
import {
  type DownloadUrlParams,
  deadlineOf,
  privateUrl,
  publicUrl,
  type SignedUrlParams,
  timestampUrl
} from './download-url.ts'
import { type LateCalls, makeLateCalls, uploadLate } from './late-calls.ts'
import { OBJECT_METHODS, PROCESSING_METHODS } from './late-groups.ts'
import type { OfficialToolkit } from './official-toolkit.ts'
import { type QiniuOptions, qiniuOptionRules } from './options.ts'
import { PersistentProcessing } from './persistent-processing.ts'
import type { PutPolicy } from './put-policy.ts'
import type { ManagementRequest, QiniuRequest } from './requests.ts'
import { QiniuSigner } from './signer.ts'
import { tools } from './tools.ts'
import type { TransferMediaParams } from './transfer-media.ts'
import type { UploadParams, UploadSource } from './upload-params.ts'
import type { UploadResult } from './upload-result.ts'
import { makeUploadToken } from './upload-token.ts'
import { makeUploadTokenHandler, type UploadTokenHandlerOptions } from './upload-token-handler.ts'
import { type CallbackRequest, verifyCallback } from './verify-callback.ts'

/**
 * Qiniu object storage (七牛云 Kodo): upload tokens, download URLs, callbacks, uploads, bucket management.
 *
 * @example
 * import { Qiniu } from 'weixin-kit/qiniu'
 *
 * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos', domain: 'cdn.example.com' })
 * const token = qiniu.uploadToken({ key: 'avatars/42.jpg', mimeLimit: 'image/*', fsizeLimit: 2_000_000 })
 * console.log(token, qiniu.privateUrl('avatars/42.jpg', { expiresInSeconds: 600 }).href)
 */
export class Qiniu {
  readonly bucket: string
  readonly domain: string | undefined
  /** Objects of the bucket; needs the official package `qiniu`. */
  readonly objects: BucketObjects
  /** Persistent processing: `pfop` and `status`. */
  readonly processing: PersistentProcessing
  readonly #http: HttpClient
  readonly #signer: QiniuSigner
  readonly #cdnKey: Secret | undefined
  readonly #logger: Logger | undefined
  readonly #late: LateCalls

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: QiniuOptions) {
    checkOptions(options, qiniuOptionRules(), { owner: 'Qiniu', product: 'qiniu' })
    const { accessKey, secretKey, bucket, domain, region, cdnKey, logger, ...client } = options
    const secrets = cdnKey === undefined ? [secretKey] : [secretKey, cdnKey]
    this.#http = new HttpClient({ ...client, ...(logger ? { logger } : {}), product: 'qiniu', secrets })
    this.bucket = bucket
    this.domain = domain
    this.#logger = logger
    this.#cdnKey = cdnKey === undefined ? undefined : new Secret(cdnKey)
    this.#signer = new QiniuSigner(accessKey, secretKey)
    this.#late = makeLateCalls({
      http: this.#http,
      signer: this.#signer,
      bucket,
      region,
      baseUrl: options.baseUrl === undefined ? undefined : String(options.baseUrl),
      timeoutMs: options.timeoutMs,
      tools,
      hasOwnTransport: options.fetch !== undefined && options.baseUrl === undefined
    })
    this.objects = lateGroup(this.#late, 'objects', OBJECT_METHODS)
    this.processing = new PersistentProcessing(lateGroup(this.#late, 'processing', PROCESSING_METHODS), bucket)
  }

  /**
   * Makes an upload token (上传凭证): what a browser or app sends as the form field `token`. Source: Qiniu, "Upload token".
   *
   * @param policy What it permits; times are in seconds.
   * @throws {ConfigError} ERR_INVALID_PARAM naming the field of the policy
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const token = qiniu.uploadToken({ saveKey: 'u/$(etag)$(ext)', returnBody: '{"key":$(key),"size":$(fsize)}' })
   */
  uploadToken(policy: PutPolicy = {}): string {
    const { bucket } = this
    return makeUploadToken(policy, { signer: this.#signer, bucket, nowSeconds: this.#nowSeconds() })
  }

  /**
   * The address of an object in a public bucket.
   *
   * @throws {ConfigError} ERR_CONFIG without a domain, ERR_INVALID_PARAM
   */
  publicUrl(key: string, params: DownloadUrlParams = {}): URL {
    return publicUrl(key, params, this.domain)
  }

  /**
   * A download URL for an object of a private bucket, or for a URL that you made. Source: Qiniu, "Download token".
   *
   * @param target Key of the object, or a whole URL with its processing query.
   * @throws {ConfigError} ERR_CONFIG without a domain, ERR_INVALID_PARAM (e.g. a deadline in milliseconds)
   */
  privateUrl(target: string | URL, params: SignedUrlParams = {}): URL {
    const { expiresInSeconds: _life, deadline: _deadline, ...rest } = params
    const url = target instanceof URL ? target : publicUrl(target, rest, this.domain)
    return privateUrl(url, deadlineOf(params, this.#nowSeconds()), this.#signer)
  }

  /**
   * A CDN URL with the domain's timestamp protection (时间戳防盗链). Needs the option `cdnKey`.
   *
   * @throws {ConfigError} ERR_CONFIG without cdnKey or domain, ERR_INVALID_PARAM
   */
  timestampUrl(key: string, params: SignedUrlParams = {}): URL {
    if (!this.#cdnKey) {
      throw new ConfigError(
        'timestampUrl needs the option "cdnKey": the key of the timestamp protection of the CDN domain.',
        {
          option: 'cdnKey',
          product: 'qiniu'
        }
      )
    }
    const { expiresInSeconds: _life, deadline: _deadline, ...rest } = params
    const url = publicUrl(key, rest, this.domain)
    return timestampUrl(url, deadlineOf(params, this.#nowSeconds()), this.#cdnKey.reveal())
  }

  /** The `Authorization` header of a management call that you send yourself. Source: Qiniu, "Management credential". */
  managementAuthorization(request: ManagementRequest): string {
    const { scheme = 'Qiniu', method, url, contentType = FORM_TYPE, headers = {}, body } = request
    const { host, pathname, search } = new URL(url)
    return authorize(this.#signer, scheme, {
      method,
      host,
      target: pathname + search,
      contentType,
      headers: Object.entries(headers),
      body
    })
  }

  /**
   * Verifies a callback, for those who cannot use {@link Qiniu.callbackHandler}. Returns the scheme that signed it.
   *
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_UNKNOWN_SERIAL, ERR_SIGNATURE_MISMATCH, ERR_SIGNATURE_EXPIRED
   */
  verifyCallback(request: CallbackRequest): AuthorizationScheme {
    return verifyCallback(this.#signer, request, this.#http.now()).scheme
  }

  /**
   * Receives upload callbacks (上传回调): verifies the QBox or Qiniu signature over the raw body, then calls `onUploaded`. A
   * signature without a date (QBox) proves who sent a callback, not when: see `requireDate`, `store` and `dedupeSeconds`.
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const handler = qiniu.callbackHandler({
   *   onUploaded: async ({ key, hash }) => ({ key, hash })
   * })
   */
  callbackHandler(options: CallbackHandlerOptions): FetchHandler {
    // As it arrived: of a request and its bytes no copy is needed.
    const deliver: Deliver = (...received) =>
      this.#late.run(undefined, undefined, (calls) => calls.deliverCallback(options, ...received))
    return makeCallbackHandler(deliver, this.#logger, options)
  }

  /**
   * Gives upload tokens to browsers as JSON: `{ token, uptoken, uploadUrl, domain }`.
   *
   * @throws {ConfigError} ERR_CONFIG
   */
  uploadTokenHandler(options: UploadTokenHandlerOptions): FetchHandler {
    const makeAnswer = async (policy: PutPolicy) => {
      const token = this.uploadToken(policy)
      const bucket = policy.bucket ?? policy.scope?.split(':', 1)[0] ?? this.bucket
      const uploadUrl = await this.#late.run(bucket, undefined, (calls, of) => calls.uploadUrl(of))
      return { token, uptoken: token, uploadUrl, domain: this.domain ?? null }
    }
    return makeUploadTokenHandler(makeAnswer, options)
  }

  /**
   * Uploads bytes, a stream, a file or the content of a URL: up to 4 MiB in one form, more (or of unknown length) in parts
   * that are repeated and verified one by one. The object's hash is compared with what was sent.
   *
   * @param source Bytes, a stream, `{ file }` or `{ url }`.
   * @param options `timeoutMs` counts for each request (default 60 000), `signal` ends the whole.
   * @throws {QiniuError} ERR_QINIU; status 579 means stored, but the callback failed
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE, e.g. when the hash differs
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {BodyError} ERR_BODY_MALFORMED when the source broke off
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const { key, hash } = await qiniu.upload({ file: './poster.png' }, { key: 'posters/1.png', mimeType: 'image/png' })
   */
  upload(source: UploadSource, params: UploadParams = {}, options: RequestOptions = {}): Promise<UploadResult> {
    return uploadLate(this.#late, source, params, options)
  }

  /**
   * Streams a WeChat temporary material (临时素材) into the bucket; at most one part is in memory.
   *
   * @throws what `from.get` and {@link Qiniu.upload} throw
   * @example
   * import { Qiniu, type MediaSource } from 'weixin-kit/qiniu'
   *
   * declare const media: MediaSource // mp.media of an OfficialAccount
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * await qiniu.transferMedia({ from: media, mediaId: 'MEDIA_ID', key: 'wechat/photo.jpg' })
   */
  transferMedia(params: TransferMediaParams, options: RequestOptions = {}): Promise<UploadResult> {
    return this.#late.run(params, options, (calls, ...given) => calls.transferMedia(...given))
  }

  /**
   * The official package `qiniu` set up for this account, for what has no method here. It is loaded at the first use and
   * brings its own transport: of the options of this client only `baseUrl` holds for it.
   *
   * @throws {ConfigError} ERR_MISSING_DEPENDENCY without the package; ERR_CONFIG when the client was given a `fetch` and no
   *   `baseUrl`, because its calls would leave for the real service unseen
   * @throws {QiniuError} ERR_QINIU when the region of the bucket cannot be found
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const { module, mac, config } = await qiniu.official()
   * console.log(module, mac, config)
   */
  official(options: RequestOptions = {}): Promise<OfficialToolkit> {
    return this.#late.run(undefined, options, (calls, _, given) => calls.official(given))
  }

  /**
   * Any management API by its path, signed like every other call.
   *
   * @throws {QiniuError} ERR_QINIU
   */
  request(request: QiniuRequest, options: RequestOptions = {}): Promise<unknown> {
    const { method, path, query, body, service = 'rs', idempotent = method === 'GET' } = request
    const isForm = typeof body === 'string' || body === undefined
    const call = {
      operation: `request ${path}`,
      service,
      method,
      path,
      query,
      contentType: isForm ? FORM_TYPE : 'application/json',
      body: isForm ? body : JSON.stringify(body),
      idempotent
    }
    return this.#late.run(call, options, (calls, ...given) => calls.manage(...given))
  }

  #nowSeconds(): number {
    return Math.floor(this.#http.now() / 1000)
  }
}
