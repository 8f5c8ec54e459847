import type { RequestOptions } from '../core/client-options.ts'
import { baseUrlOf } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import type { Logger } from '../core/logger.ts'
import { checkOptions } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import { ConfigError } from '../errors/index.ts'
import { Secret } from '../internal/secret.ts'
import { type AuthorizationScheme, authorize, FORM_TYPE } from './authorization.ts'
import { BucketObjects } from './bucket-objects.ts'
import { type CallbackHandlerOptions, makeCallbackHandler } from './callback-handler.ts'
import { QiniuContext } from './context.ts'
import {
  type DownloadUrlParams,
  deadlineOf,
  privateUrl,
  publicUrl,
  type SignedUrlParams,
  timestampUrl
} from './download-url.ts'
import { UC_HOST } from './hosts.ts'
import { makeOfficialToolkit, type OfficialToolkit } from './official-toolkit.ts'
import { QINIU_OPTION_RULES, type QiniuOptions } from './options.ts'
import { PersistentProcessing } from './persistent-processing.ts'
import type { PutPolicy } from './put-policy.ts'
import type { ManagementRequest, QiniuRequest } from './requests.ts'
import { QiniuSigner } from './signer.ts'
import { type TransferMediaParams, transferMedia } from './transfer-media.ts'
import { uploadSource } from './upload.ts'
import type { UploadParams, UploadSource } from './upload-params.ts'
import type { UploadResult } from './upload-result.ts'
import { openSource } from './upload-source.ts'
import { makeUploadTokenHandler, type UploadTokenHandlerOptions } from './upload-token-handler.ts'
import { type CallbackRequest, verifyCallback } from './verify-callback.ts'

/**
 * Client for Qiniu object storage (七牛云 Kodo): upload tokens, download URLs, callbacks, uploads, bucket management.
 *
 * @example
 * import { Qiniu } from 'weixin-kit/qiniu'
 *
 * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos', domain: 'cdn.example.com' })
 * const token = qiniu.uploadToken({ key: 'avatars/42.jpg', mimeLimit: 'image/*', fsizeLimit: 2_000_000 })
 * console.log(token, qiniu.privateUrl('avatars/42.jpg', { expiresInSeconds: 600 }).href)
 */
export class Qiniu {
  /** The default bucket of calls. */
  readonly bucket: string
  /** Download domain, as configured. */
  readonly domain: string | undefined
  /** Objects of the bucket; needs the official package `qiniu`. */
  readonly objects: BucketObjects
  /** Persistent processing: `pfop` and `status`. */
  readonly processing: PersistentProcessing
  readonly #context: QiniuContext
  readonly #signer: QiniuSigner
  readonly #cdnKey: Secret | undefined
  readonly #logger: Logger | undefined
  /** Whether the application set `fetch` but no `baseUrl`: the official package would ignore `fetch`. */
  readonly #hasOwnTransport: boolean

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: QiniuOptions) {
    checkOptions(options, QINIU_OPTION_RULES, { owner: 'Qiniu', product: 'qiniu' })
    const { accessKey, secretKey, bucket, domain, region, cdnKey, ...client } = options
    const logger = safeLogger(options.logger)
    const secrets = cdnKey === undefined ? [secretKey] : [secretKey, cdnKey]
    const signer = new QiniuSigner(accessKey, secretKey)
    const baseUrl = baseUrlOf(options, UC_HOST)
    this.bucket = bucket
    this.domain = domain
    this.#signer = signer
    this.#logger = logger
    this.#cdnKey = cdnKey === undefined ? undefined : new Secret(cdnKey)
    this.#hasOwnTransport = options.fetch !== undefined && baseUrl === undefined
    this.#context = new QiniuContext({
      http: new HttpClient({ ...client, product: 'qiniu', secrets }),
      signer,
      bucket,
      region,
      baseUrl: baseUrl === undefined ? undefined : String(baseUrl),
      timeoutMs: options.timeoutMs,
      logger
    })
    this.objects = new BucketObjects(this.#context)
    this.processing = new PersistentProcessing(this.#context)
  }

  /**
   * Makes an upload token (上传凭证), which a browser or app sends as the form field `token`. Official document: "上传凭证".
   *
   * @param policy What the token permits; times are in seconds, sizes in bytes.
   * @returns `AccessKey:signature:policy`.
   * @throws {ConfigError} ERR_INVALID_PARAM naming the field of the policy
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const token = qiniu.uploadToken({ saveKey: 'u/$(etag)$(ext)', returnBody: '{"key":$(key),"size":$(fsize)}' })
   */
  uploadToken(policy: PutPolicy = {}): string {
    return this.#context.uploadToken(policy)
  }

  /**
   * Returns the URL of an object in a public bucket. Official document: "公开空间访问".
   *
   * @param key Name of the object.
   * @param params Processing query, or another domain.
   * @throws {ConfigError} ERR_CONFIG without a domain, ERR_INVALID_PARAM
   */
  publicUrl(key: string, params: DownloadUrlParams = {}): URL {
    return publicUrl(key, params, this.domain)
  }

  /**
   * Returns a download URL for an object of a private bucket, or for your own URL. Official document: "下载凭证".
   *
   * @param target Key of the object, or a complete URL with its processing query.
   * @param params Expiry in seconds, query and domain.
   * @throws {ConfigError} ERR_CONFIG without a domain, ERR_INVALID_PARAM (e.g. a deadline in milliseconds)
   */
  privateUrl(target: string | URL, params: SignedUrlParams = {}): URL {
    const { expiresInSeconds: _life, deadline: _deadline, ...rest } = params
    const url = target instanceof URL ? target : publicUrl(target, rest, this.domain)
    return privateUrl(url, deadlineOf(params, this.#context.nowSeconds), this.#signer)
  }

  /**
   * Returns a CDN URL with the domain's timestamp protection. Needs the option `cdnKey`. Official document: "时间戳防盗链".
   *
   * @param key Name of the object.
   * @param params Expiry in seconds, query and domain.
   * @throws {ConfigError} ERR_CONFIG without cdnKey or domain, ERR_INVALID_PARAM
   */
  timestampUrl(key: string, params: SignedUrlParams = {}): URL {
    if (!this.#cdnKey) {
      throw new ConfigError(
        'timestampUrl needs the option "cdnKey": the key of the timestamp protection of the CDN domain.',
        { option: 'cdnKey', product: 'qiniu' }
      )
    }
    const { expiresInSeconds: _life, deadline: _deadline, ...rest } = params
    const url = publicUrl(key, rest, this.domain)
    return timestampUrl(url, deadlineOf(params, this.#context.nowSeconds), this.#cdnKey.reveal())
  }

  /**
   * Returns the `Authorization` header for a management call that you send yourself. Official document: "管理凭证".
   *
   * @param request Exactly what is sent: method, URL, type and body.
   * @returns E.g. `Qiniu AccessKey:signature`.
   */
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
   * Verifies a callback, for applications that cannot use {@link Qiniu.callbackHandler}. Official document: "回调鉴权".
   *
   * @param request As Qiniu sent it, with the raw body.
   * @returns The scheme of the signature.
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_UNKNOWN_SERIAL, ERR_SIGNATURE_MISMATCH, ERR_SIGNATURE_EXPIRED
   */
  verifyCallback(request: CallbackRequest): AuthorizationScheme {
    return verifyCallback(this.#signer, request, this.#context.http.now()).scheme
  }

  /**
   * Makes a handler for upload callbacks (上传回调): it verifies the QBox or Qiniu signature over the raw body, then calls
   * `onUploaded`. A signature without a date (QBox) proves who sent a callback, but not when: see `requireDate`,
   * `store` and `dedupeSeconds`. Official document: "回调".
   *
   * @param options The callback for an upload, and what is accepted.
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
    const now = () => this.#context.http.now()
    return makeCallbackHandler({ signer: this.#signer, now, logger: this.#logger }, options)
  }

  /**
   * Makes a handler that serves upload tokens to browsers as JSON: `{ token, uptoken, uploadUrl, domain }`.
   *
   * @param options Who gets a token, and what they may upload.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * declare function userOf(request: Request): Promise<{ id: number } | undefined>
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const handler = qiniu.uploadTokenHandler({
   *   authorize: userOf,
   *   policy: (_, user) => ({ saveKey: `users/${user.id}/$(etag)$(ext)`, mimeLimit: 'image/*', fsizeLimit: 5_000_000 })
   * })
   */
  uploadTokenHandler<User>(options: UploadTokenHandlerOptions<User>): FetchHandler {
    return makeUploadTokenHandler(async (policy) => {
      const token = this.uploadToken(policy)
      const bucket = policy.bucket ?? policy.scope?.split(':', 1)[0] ?? this.bucket
      const { url } = await this.#context.addresses('up', bucket, '/', undefined, {})
      return { token, uptoken: token, uploadUrl: url.href, domain: this.domain ?? null }
    }, options)
  }

  /**
   * Uploads bytes, a stream, a file or the content of a URL: up to 4 MiB in one form, more (or of unknown length) in
   * parts that are retried and verified one by one. The object's hash is compared with the sent bytes. Official
   * document: "直传文件", "分片上传 v2".
   *
   * @param source Bytes, a stream, `{ file }` or `{ url }`.
   * @param params Key, policy, type, and size of parts in bytes.
   * @param options `timeoutMs` in milliseconds for each request (default 60 000), `signal` aborts the whole upload.
   * @returns Key and hash, and the fields of `returnBody` or the callback's response.
   * @throws {QiniuError} ERR_QINIU; status 579 means stored, but the callback failed
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE, e.g. if the hash differs
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {BodyError} ERR_BODY_MALFORMED if the source ended early
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const { key, hash } = await qiniu.upload({ file: './poster.png' }, { key: 'posters/1.png', mimeType: 'image/png' })
   */
  async upload(source: UploadSource, params: UploadParams = {}, options: RequestOptions = {}): Promise<UploadResult> {
    return uploadSource(this.#context, 'upload', () => openSource(this.#context, source, options), params, options)
  }

  /**
   * Streams temporary material (临时素材) from WeChat into the bucket; at most one part is held in memory.
   *
   * @param params The material and its target.
   * @param options `timeoutMs` in milliseconds for each request (default 60 000), `signal` aborts the whole transfer.
   * @returns Key and hash of the object.
   * @throws what `from.get` and {@link Qiniu.upload} throw
   * @example
   * import { Qiniu, type MediaSource } from 'weixin-kit/qiniu'
   *
   * declare const media: MediaSource // mp.media of an OfficialAccount
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * await qiniu.transferMedia({ from: media, mediaId: 'MEDIA_ID', key: 'wechat/photo.jpg' })
   */
  async transferMedia(params: TransferMediaParams, options: RequestOptions = {}): Promise<UploadResult> {
    return transferMedia(this.#context, params, options)
  }

  /**
   * Returns the official package `qiniu` set up for this account, for features without a method here. It is loaded on
   * first use and has its own transport: of this client's options only `baseUrl` applies to it.
   *
   * @param options `signal` and `timeoutMs` (milliseconds) for finding the region.
   * @throws {ConfigError} ERR_MISSING_DEPENDENCY without the package; ERR_CONFIG if the client has a `fetch` but no
   * `baseUrl`, because calls of the package would bypass `fetch` and reach the real service
   * @throws {QiniuError} ERR_QINIU if the region of the bucket cannot be found
   * @example
   * import { Qiniu } from 'weixin-kit/qiniu'
   *
   * const qiniu = new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'photos' })
   * const { module, mac, config } = await qiniu.official()
   * console.log(module, mac, config)
   */
  async official(options: RequestOptions = {}): Promise<OfficialToolkit> {
    if (this.#hasOwnTransport) {
      throw new ConfigError(
        'official: the official package does not use the option "fetch", so its calls would go to the real service. Set "baseUrl" too.',
        { option: 'baseUrl', product: 'qiniu' }
      )
    }
    return makeOfficialToolkit(this.#context, options)
  }

  /**
   * Calls any management API by its path, signed like every other call.
   *
   * @param request Method, service, path, query and body.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @returns The parsed body, `{}` for an empty one.
   * @throws {QiniuError} ERR_QINIU
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async request(request: QiniuRequest, options: RequestOptions = {}): Promise<unknown> {
    const { method, path, query, body, service = 'rs', idempotent = method === 'GET' } = request
    const isForm = typeof body === 'string' || body === undefined
    const call = {
      operation: `request ${path}`,
      service,
      method,
      path,
      query: query && { ...query },
      contentType: isForm ? FORM_TYPE : 'application/json',
      body: isForm ? body : JSON.stringify(body),
      idempotent
    }
    return this.#context.manage(call, options)
  }
}
