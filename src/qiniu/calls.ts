import type { RequestOptions } from '../core/client-options.ts'
import type { RunOnceResult } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { ConfigError } from '../errors/index.ts'
import { BucketObjects } from './bucket-objects.ts'
import { deliverCallback } from './callback-delivery.ts'
import type { CallbackHandlerOptions } from './callback-handler.ts'
import { type ContextOptions, type ManagementCall, QiniuContext } from './context.ts'
import { makeOfficialToolkit, type OfficialToolkit } from './official-toolkit.ts'
import { ProcessingCalls } from './processing-calls.ts'
import { type TransferMediaParams, transferMedia } from './transfer-media.ts'
import { uploadSource } from './upload.ts'
import type { UploadParams, UploadSource } from './upload-params.ts'
import type { UploadResult } from './upload-result.ts'
import { openSource } from './upload-source.ts'

export interface CallsOptions extends ContextOptions {
  /** A `fetch` of the application without a `baseUrl`: the official package would use neither. */
  hasOwnTransport: boolean
}

/** What makes the calls of one client, loaded after it: see `late-calls.ts`. */
export class Calls {
  readonly objects: BucketObjects
  readonly processing: ProcessingCalls
  readonly #context: QiniuContext
  readonly #hasOwnTransport: boolean

  constructor({ hasOwnTransport, ...options }: CallsOptions) {
    this.#context = new QiniuContext(options)
    this.#hasOwnTransport = hasOwnTransport
    this.objects = new BucketObjects(this.#context)
    this.processing = new ProcessingCalls(this.#context)
  }

  upload(source: UploadSource, params: UploadParams, options: RequestOptions): Promise<UploadResult> {
    const open = () => openSource(this.#context, source, options)
    return uploadSource(this.#context, 'upload', open, params, options)
  }

  transferMedia(params: TransferMediaParams, options: RequestOptions): Promise<UploadResult> {
    return transferMedia(this.#context, params, options)
  }

  async official(options: RequestOptions): Promise<OfficialToolkit> {
    if (this.#hasOwnTransport) {
      throw new ConfigError(
        'official: the official package does not use the option "fetch", so its calls would go to the real service. Give "baseUrl" too.',
        { option: 'baseUrl', product: 'qiniu' }
      )
    }
    return makeOfficialToolkit(this.#context, options)
  }

  manage(call: ManagementCall, options: RequestOptions): Promise<unknown> {
    return this.#context.manage(call, options)
  }

  /** Where a browser posts its form. */
  async uploadUrl(bucket: string): Promise<string> {
    const { url } = await this.#context.addresses('up', bucket, '/', undefined, {})
    return url.href
  }

  deliverCallback(
    options: CallbackHandlerOptions,
    request: Request,
    rawBody: Uint8Array,
    store: Store | undefined
  ): Promise<RunOnceResult> {
    return deliverCallback(this.#context, options, { request, rawBody, store })
  }
}
